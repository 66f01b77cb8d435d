from django.urls import path

from exams.lockdown import views

urlpatterns = [
    path("office/<int:pk>/seb/", views.seb_settings, name="seb_settings"),
    path("seb/quit/", views.seb_quit, name="seb_quit"),
    path("seb/<int:pk>/<uuid:link>/exam.seb", views.seb_file, name="seb_file"),
    path("<int:pk>/seb/", views.seb_check, name="seb_check"),
]
