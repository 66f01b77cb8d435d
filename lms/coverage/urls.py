from django.urls import path

from lms.coverage import views

app_name = "coverage"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("trend/", views.trend, name="trend"),
    path("own/", views.own, name="own"),
    path("enterprises/<int:pk>/", views.enterprise, name="enterprise"),
    path("enterprises/export/", views.enterprises_export, name="enterprises_export"),
    path("idle/", views.idle, name="idle"),
    path("people/", views.people, name="people"),
    path("people/export/", views.people_export, name="people_export"),
]
