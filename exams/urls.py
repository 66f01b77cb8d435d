"""Addresses under /exams/; each room keeps its own list."""

from django.urls import include, path

from exams.attempts.urls import urlpatterns as attempts_urls
from exams.bank import edit_views
from exams.lockdown.urls import urlpatterns as lockdown_urls
from exams.marking.urls import urlpatterns as marking_urls
from exams.practice.urls import urlpatterns as practice_urls
from exams.proctoring.urls import urlpatterns as proctoring_urls
from exams.tracing.urls import urlpatterns as tracing_urls

app_name = "exams"
urlpatterns = [
    *attempts_urls,
    path("bank/", include("exams.bank.urls")),
    path("pictures/<slug:digest>/", edit_views.question_picture, name="question_picture"),
    *lockdown_urls,
    path("office/", include("exams.papers.urls")),
    *tracing_urls,
    *proctoring_urls,
    *marking_urls,
    *practice_urls,
]
