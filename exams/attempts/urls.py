from django.urls import path

from exams.attempts import release_views, try_views, views

urlpatterns = [
    path("", views.my_exams, name="my_exams"),
    path("<int:pk>/", views.exam, name="exam"),
    path("<int:pk>/start/", views.start, name="start"),
    path("<int:pk>/check-in/", views.check_in_news, name="check_in_news"),
    path("attempts/worker.js", views.worker, name="worker"),
    path("attempts/<uuid:key>/", views.attempt, name="attempt"),
    path("attempts/<uuid:key>/take-over/", views.take_over, name="take_over"),
    path("attempts/<uuid:key>/save/", views.save, name="save"),
    path("attempts/<uuid:key>/keep/", views.keep, name="keep"),
    path("attempts/<uuid:key>/submit/", views.submit, name="submit"),
    path("attempts/<uuid:key>/result/", views.result, name="result"),
    path("office/<int:pk>/results/", release_views.results, name="results"),
    path("try/<int:pk>/", try_views.question_try, name="question_try"),
    path("receipt/", views.receipt, name="receipt_form"),
    path("receipt/<str:code>/", views.receipt, name="receipt"),
]
