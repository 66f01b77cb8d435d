"""我的学时明细: every credited second and where it came from."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from courses.progress.models import StudySession
from courses.progress.queries import sessions_of_days, study_days
from courses.requirements.queries import my_year
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import signed_in
from lms.kit.clock import current_date

DAYS_PER_PAGE = 14


@require_GET
@allow(signed_in)
def my_hours(request: SanzhenRequest) -> HttpResponse:
    """我的学时明细: days, sessions, what was credited and what was not, with the reason."""
    today = current_date()
    days = Paginator(study_days(request.user, year=today.year), DAYS_PER_PAGE).get_page(request.GET.get("page"))
    sessions = sessions_of_days(days.object_list)
    context = {
        "days": [(day, sessions.get(day.pk, [])) for day in days],
        "page": days,
        "year": my_year(request.user, on=today),
        "back": reverse("home"),
        "tab": "learn",
    }
    return render(request, "courses/requirements/my_hours.html", context)


@require_GET
@allow(signed_in)
def session(request: SanzhenRequest, pk: int) -> HttpResponse:
    """The heartbeats of one of my sessions."""
    mine = StudySession.objects.select_related("progress__lesson__course", "day")
    shown = get_object_or_404(mine, pk=pk, person=request.user)
    page = Paginator(shown.beats.order_by("number"), 100).get_page(request.GET.get("page"))
    context = {"session": shown, "page": page, "back": reverse("courses:my_hours"), "tab": "learn"}
    return render(request, "courses/requirements/session.html", context)
