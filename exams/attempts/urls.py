from django.urls import path

from exams.attempts import views

urlpatterns = [
    path("", views.my_exams, name="my_exams"),
    path("<int:pk>/", views.exam, name="exam"),
    path("<int:pk>/start/", views.start, name="start"),
    path("attempts/<uuid:key>/", views.attempt, name="attempt"),
    path("attempts/<uuid:key>/save/", views.save, name="save"),
    path("attempts/<uuid:key>/keep/", views.keep, name="keep"),
    path("attempts/<uuid:key>/submit/", views.submit, name="submit"),
    path("attempts/<uuid:key>/result/", views.result, name="result"),
    path("receipt/", views.receipt, name="receipt_form"),
    path("receipt/<str:code>/", views.receipt, name="receipt"),
]
