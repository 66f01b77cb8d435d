from django.urls import path

from lms.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.my_jobs, name="my_jobs"),
    path("<int:pk>/", views.job_page, name="job"),
    path("<int:pk>/file/", views.job_file, name="file"),
]
