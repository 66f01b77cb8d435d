from django.urls import path

from lms.people import views

urlpatterns = [
    path("me/", views.me, name="me"),
]
