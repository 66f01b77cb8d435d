from django.urls import path

from courses.catalogue import views as catalogue
from courses.progress import views as progress
from courses.requirements import views as requirements

app_name = "courses"
urlpatterns = [
    path("", progress.my_courses, name="my_courses"),
    path("hours/", requirements.my_hours, name="my_hours"),
    path("hours/<int:pk>/", requirements.session, name="session"),
    path("study/begin/", progress.begin, name="begin"),
    path("study/beat/", progress.beat, name="beat"),
    path("manage/", catalogue.manage, name="manage"),
    path("manage/assign/", catalogue.assign_course, name="assign"),
    path("manage/people/", catalogue.find_people, name="find_people"),
    path("manage/rules/", catalogue.rules, name="rules"),
    path("manage/rules/<int:pk>/", catalogue.rule, name="rule"),
    path("manage/rules/<int:pk>/end/", catalogue.end, name="end_rule"),
    path("manage/course/<slug:code>/", catalogue.course_people, name="course_people"),
    path("manage/course/<slug:code>/export/", catalogue.export_people, name="export_people"),
    path("<slug:code>/", progress.course, name="course"),
    path("<slug:code>/<slug:lesson_code>/", progress.lesson, name="lesson"),
    path("<slug:code>/<slug:lesson_code>/checkpoint/", progress.checkpoint, name="checkpoint"),
]
