"""All addresses."""

from django.urls import include, path
from django.views.i18n import set_language
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from lms import home

urlpatterns = [
    # First, because every answer of everybody looks for its address here.
    path("exams/", include("exams.urls")),
    path("", home.home, name="home"),
    path("workbench/", home.workbench_home, name="workbench"),
    path("supervision/", home.supervision_home, name="supervision"),
    path("type-size/", home.set_type_size, name="set_type_size"),
    path("language/", set_language, name="set_language"),
    path("accounts/", include("allauth.urls")),
    path("", include("lms.people.urls")),
    path("coverage/", include("lms.coverage.urls")),
    path("jobs/", include("lms.jobs.urls")),
    path("learn/", include("courses.urls")),
    path("", include("certificates.urls")),
    path("", include("content.urls")),
    path("editing/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("library/", include(wagtail_urls)),
]
