"""Staff pages: courses with their counts, assigning, rules, the people of a course."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from courses.catalogue.actions import assign, end_rule
from courses.catalogue.assignees import (
    course_counts,
    filtered,
    meant,
    people_filter,
    rule_counts,
    rules_in_view,
)
from courses.catalogue.assignees import (
    course_people as people_of,
)
from courses.catalogue.course_state import STATE_WORDS
from courses.catalogue.forms import AreaAssignForm, AssignForm, EnterpriseAssignForm
from courses.catalogue.models import AssignmentRule, Course
from courses.catalogue.queries import with_extent
from courses.catalogue.rule_words import reach_words
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import coverage_readers, training_office
from lms.jobs.actions import start_job
from lms.kit.clock import current_date, current_time
from lms.organisations.models import Enterprise, Workshop
from lms.people.models import Employment

PAGE = 50
FOUND_PEOPLE = 20


@require_GET
@allow(coverage_readers)
def manage(request: SanzhenRequest) -> HttpResponse:
    """All courses: who has to learn them, who has finished, who is overdue."""
    today = current_date()
    counts = course_counts(request.standing.scope, on=today)
    context = {"counts": counts, "year": today.year, "may_assign": training_office(request)}
    return render(request, "courses/catalogue/manage.html", context)


def form_for(request: SanzhenRequest) -> AssignForm:
    """The form that fits the asker: inside the enterprise, or in a supervisor's area."""
    scope = request.standing.scope
    kind = EnterpriseAssignForm if scope.enterprise_ids else AreaAssignForm
    initial = {"course": Course.objects.filter(code=request.GET.get("course", "")).first(), "required": True}
    return kind(request.POST or None, initial=initial, scope=scope, today=current_date())


@allow(training_office)
def assign_course(request: SanzhenRequest) -> HttpResponse:
    """Say who has to learn a course, and by when."""
    form, now = form_for(request), current_time()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = [
            assign(
                course=data["course"],
                reach=reach,
                due_on=data["due_on"],
                required=data["required"],
                by=request.user,
                now=now,
            )
            for reach in form.reaches()
        ]
        today = current_date()
        people = Employment.objects.on(today).within(request.standing.scope).filter(meant(made, on=today))
        count = people.values("person_id").distinct().count()
        words = ngettext("已安排，现在有 %(n)d 人要学。", "已安排，现在有 %(n)d 人要学。", count)
        messages.success(request, words % {"n": count})
        return redirect("courses:course_people", data["course"].code)
    inside = isinstance(form, EnterpriseAssignForm)
    context = {"form": form, "inside": inside} | (picked_people(request) if inside else {})
    return render(request, "courses/catalogue/assign.html", context)


def picked_people(request: SanzhenRequest) -> dict[str, Any]:
    """People of one's own enterprises to tick: those chosen already, then those found by name or number."""
    data = request.POST or request.GET
    text, ids = data.get("q", "").strip()[:60], [int(pk) for pk in data.getlist("persons") if pk.isdigit()]
    own = Employment.objects.on(current_date()).filter(enterprise_id__in=request.standing.scope.enterprise_ids)
    own = own.select_related("person", "workshop", "team", "post").order_by("person__username")
    found = own.filter(person__name__icontains=text) | own.filter(person__username__icontains=text)
    return {
        "picked": own.filter(person_id__in=ids),
        "found": found.exclude(person_id__in=ids)[:FOUND_PEOPLE] if text else [],
        "text": text,
    }


@require_GET
@allow(training_office)
def find_people(request: SanzhenRequest) -> HttpResponse:
    """The list of people to tick, while one types a name."""
    return render(request, "courses/catalogue/_people_to_pick.html", picked_people(request))


@require_GET
@allow(coverage_readers)
def rules(request: SanzhenRequest) -> HttpResponse:
    """The rules in force that concern somebody in view, with how many people each means."""
    today, scope = current_date(), request.standing.scope
    page = Paginator(rules_in_view(scope, on=today), PAGE).get_page(request.GET.get("page"))
    counts = rule_counts(page.object_list, scope, on=today)
    mine = set(AssignmentRule.objects.manageable_in(scope).filter(pk__in=counts).values_list("pk", flat=True))
    context = {
        "page": page,
        "lines": [(row, reach_words(row), counts[row.pk], row.pk in mine) for row in page],
        "may_assign": training_office(request),
    }
    return render(request, "courses/catalogue/rules.html", context)


@require_GET
@allow(coverage_readers)
def rule(request: SanzhenRequest, pk: int) -> HttpResponse:
    """The names behind the number of a rule."""
    today, scope = current_date(), request.standing.scope
    shown = get_object_or_404(rules_in_view(scope, on=today), pk=pk)
    people = (
        Employment.objects.on(today)
        .within(scope)
        .filter(meant([shown], on=today))
        .select_related("person", "enterprise", "workshop", "team", "post")
        .order_by("enterprise_id", "person__username")
    )
    manageable = AssignmentRule.objects.manageable_in(scope).filter(pk=pk).exists()
    context = {
        "rule": shown,
        "words": reach_words(shown),
        "page": Paginator(people, PAGE).get_page(request.GET.get("page")),
        "may_end": manageable and training_office(request),
        "supervises": scope.supervises,
    }
    return render(request, "courses/catalogue/rule.html", context)


@require_POST
@allow(training_office)
def end(request: SanzhenRequest, pk: int) -> HttpResponse:
    """End a rule of one's own."""
    manageable = AssignmentRule.objects.in_force(current_date()).manageable_in(request.standing.scope)
    ended = get_object_or_404(manageable.select_related("course"), pk=pk)
    end_rule(rule=ended, by=request.user, now=current_time())
    messages.success(request, _("安排已结束，已经学到的都保留。"))
    return redirect("courses:rules")


@require_GET
@allow(coverage_readers)
def course_people(request: SanzhenRequest, code: str) -> HttpResponse:
    """Who has to learn a course and how far everybody is."""
    today, scope = current_date(), request.standing.scope
    shown = get_object_or_404(with_extent(Course.objects.filter(published=True)), code=code)
    wanted = people_filter(request.GET)
    people = filtered(people_of(shown, scope, on=today), wanted)
    places = Enterprise.objects.within(scope) if scope.supervises or len(scope.enterprise_ids) > 1 else []
    context = {
        "course": shown,
        "page": Paginator(people, PAGE).get_page(request.GET.get("page")),
        "wanted": wanted,
        "states": STATE_WORDS.items(),
        "enterprises": places,
        "workshops": [] if places else Workshop.objects.filter(enterprise_id__in=scope.enterprise_ids),
        "counts": next(row for row in course_counts(scope, on=today) if row.course == shown),
        "is_filtered": any(value for key, value in request.GET.items() if key != "page"),
        "may_assign": training_office(request),
    }
    return render(request, "courses/catalogue/course_people.html", context)


@require_POST
@allow(coverage_readers)
def export_people(request: SanzhenRequest, code: str) -> HttpResponse:
    """Write exactly the listed rows to a file, in the background."""
    shown = get_object_or_404(Course.objects.filter(published=True), code=code)
    query = {key: value for key, value in request.GET.items() if key != "page"}
    job = start_job(
        kind="courses.people.export",
        title=_("导出课程进度：%(course)s") % {"course": shown.title},
        by=request.user,
        params={"course": shown.pk, "query": query},
    )
    return redirect("jobs:job", job.pk)
