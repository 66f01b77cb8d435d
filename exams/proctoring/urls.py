from django.urls import path

from exams.proctoring import (
    checkin_views,
    device_test_views,
    photo_views,
    pulse_views,
    readiness_views,
    reason_views,
    still_views,
    views,
)

urlpatterns = [
    path("attempts/<uuid:key>/pulse/", pulse_views.pulse, name="pulse"),
    path("attempts/<uuid:key>/still/", still_views.still, name="still"),
    path("attempts/<uuid:key>/still/withdraw/", still_views.withdraw, name="withdraw_stills"),
    path("<int:pk>/device-test/", device_test_views.device_test, name="device_test"),
    path("device-ping/", device_test_views.device_ping, name="device_ping"),
    path("reasons/", reason_views.reasons, name="reasons"),
    path("reasons/<int:pk>/", reason_views.reason, name="reason"),
    path("live/", views.running, name="running"),
    path("office/<int:pk>/live/", views.live, name="live"),
    path("office/<int:pk>/live/rows/", views.live_rows, name="live_rows"),
    path("office/<int:pk>/live/order/", views.order, name="order"),
    path("office/<int:pk>/live/<int:attempt>/", views.seat, name="seat"),
    path("office/<int:pk>/live/<int:attempt>/late/", views.late, name="late"),
    path("office/<int:pk>/live/<int:attempt>/timeline/", views.attempt_timeline, name="timeline"),
    path("office/<int:pk>/live/<int:attempt>/stills/<int:still>/", still_views.one_still, name="one_still"),
    path("office/<int:pk>/live/<int:attempt>/in-person/", still_views.seen_in_person, name="seen_in_person"),
    path("office/<int:pk>/check-in/", checkin_views.door, name="door"),
    path("office/<int:pk>/check-in/<int:person>/", checkin_views.decide, name="check_in"),
    path("office/<int:pk>/check-in/<int:person>/photo/", photo_views.candidate_photo, name="candidate_photo"),
    path("office/<int:pk>/readiness/", readiness_views.readiness, name="readiness"),
    path("office/<int:pk>/self-test/", readiness_views.start_test, name="self_test"),
    path("self-tests/<int:pk>/", readiness_views.self_tested, name="self_tested"),
    path("office/<int:pk>/extra-time/", views.extra_time, name="extra_time"),
]
