"""Whom the rules reach: counts per course and rule, and the people of one course."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least

from courses.catalogue.course_state import State
from courses.catalogue.models import AssignmentRule, Course, Enrolment
from lms.organisations.scope import Scope
from lms.people.models import Employment

STATES = tuple(state.value for state in State)


@dataclass(frozen=True, slots=True)
class CourseCount:
    """A course with how many people in view have to learn it, have finished it, are overdue."""

    course: Course
    assigned: int
    finished: int
    overdue: int

    @property
    def percent(self) -> int:
        """Share finished, for the bar."""
        return self.finished * 100 // self.assigned if self.assigned else 0


def rules_in_view(scope: Scope, *, on: date) -> QuerySet[AssignmentRule]:
    """The rules in force that concern somebody in view, ready to be evaluated."""
    found: QuerySet[AssignmentRule] = AssignmentRule.objects.in_force(on).within(scope)
    return found.filter(course__published=True).select_related(
        "course", "category", "industry", "enterprise", "post", "person", "region", "committee", "created_by"
    )


def meant(rules: Iterable[AssignmentRule], *, on: date) -> Q:
    """Employments that at least one of the rules means; nobody without rules."""
    condition = Q(pk__in=[])
    for rule in rules:
        condition |= Q(pk__in=rule.employments(on=on).values("pk"))
    return condition


def finished(course: Course, *, year: int) -> Q:
    """Employments whose person has finished the course in a year."""
    done = Enrolment.objects.filter(course=course, year=year, completed_at__isnull=False)
    return Q(person_id__in=done.values("person_id"))


def late(rules: Iterable[AssignmentRule], *, on: date) -> list[AssignmentRule]:
    """The rules whose due date is past."""
    return [rule for rule in rules if rule.due_in(on.year) < on]


def of_course(rules: Iterable[AssignmentRule], course: Course) -> list[AssignmentRule]:
    """The rules that make this course a must."""
    return [rule for rule in rules if rule.course_id == course.pk and rule.required]


def course_counts(scope: Scope, *, on: date) -> list[CourseCount]:
    """All published courses with their counts in view; three queries."""
    courses = list(Course.objects.filter(published=True))
    rules = list(rules_in_view(scope, on=on))
    wanted: dict[str, Count] = {}
    for course in courses:
        own = of_course(rules, course)
        done = finished(course, year=on.year)
        for name, condition in {
            "assigned": meant(own, on=on),
            "finished": meant(own, on=on) & done,
            "overdue": meant(late(own, on=on), on=on) & ~done,
        }.items():
            wanted[f"{name}_{course.pk}"] = Count("person_id", distinct=True, filter=condition)
    found = Employment.objects.on(on).within(scope).aggregate(**wanted) if wanted else {}
    return [
        CourseCount(
            course, found[f"assigned_{course.pk}"], found[f"finished_{course.pk}"], found[f"overdue_{course.pk}"]
        )
        for course in courses
    ]


def rule_counts(rules: Iterable[AssignmentRule], scope: Scope, *, on: date) -> dict[int, int]:
    """How many people in view each rule means; one query."""
    wanted = {f"rule_{rule.pk}": Count("person_id", distinct=True, filter=meant([rule], on=on)) for rule in rules}
    found = Employment.objects.on(on).within(scope).aggregate(**wanted) if wanted else {}
    return {int(name.removeprefix("rule_")): count for name, count in found.items()}


def overdue_people(scope: Scope, *, on: date) -> int:
    """How many people in view are overdue with at least one course; at most two queries."""
    rules = [rule for rule in late(rules_in_view(scope, on=on), on=on) if rule.required]
    if not rules:
        return 0
    behind = Q(pk__in=[])
    for course in {rule.course for rule in rules}:
        behind |= meant(of_course(rules, course), on=on) & ~finished(course, year=on.year)
    found = Employment.objects.on(on).within(scope).aggregate(people=Count("person_id", distinct=True, filter=behind))
    return int(found["people"])


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What the address of a course's people says."""

    text: str = ""
    state: str = ""
    enterprise_id: int | None = None
    workshop_id: int | None = None


def people_filter(params: Mapping[str, str]) -> PeopleFilter:
    """Read the query string; what makes no sense is left out."""
    state = params.get("state", "")
    return PeopleFilter(
        text=params.get("q", "").strip()[:60],
        state=state if state in STATES else "",
        enterprise_id=number_or_none(params.get("enterprise", "")),
        workshop_id=number_or_none(params.get("workshop", "")),
    )


def number_or_none(text: str) -> int | None:
    """A positive number from an address, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def course_people(course: Course, scope: Scope, *, on: date) -> QuerySet[Employment]:
    """Those in view who have to learn a course, each with `due_on`, `completed_at`, `lessons_done`,
    `seconds_credited` and `state`; most urgent first."""
    rules = sorted(of_course(rules_in_view(scope, on=on), course), key=lambda rule: rule.due_in(on.year))
    own = Enrolment.objects.filter(course=course, year=on.year, person_id=OuterRef("person_id"))
    published = Q(lesson_progress__lesson__published=True)
    credited = Least(F("lesson_progress__credited_seconds"), F("lesson_progress__lesson__minutes_required") * 60)
    due = Case(
        *[When(meant([rule], on=on), then=Value(rule.due_in(on.year))) for rule in rules],
        default=None,
        output_field=DateField(),
    )
    lessons = own.annotate(
        n=Count("lesson_progress", filter=published & Q(lesson_progress__completed_at__isnull=False))
    )
    seconds = own.annotate(n=Sum(credited, filter=published))
    state = Case(
        When(completed_at__isnull=False, then=Value(State.DONE.value)),
        When(due_on__lt=on, then=Value(State.OVERDUE.value)),
        When(seconds_credited__gt=0, then=Value(State.PART.value)),
        default=Value(State.TODO.value),
        output_field=CharField(),
    )
    urgency = Case(
        *[When(state=name.value, then=Value(place)) for place, name in enumerate(State)], output_field=IntegerField()
    )
    return (
        Employment.objects.on(on)
        .within(scope)
        .filter(meant(rules, on=on))
        .annotate(
            due_on=due,
            completed_at=Subquery(own.values("completed_at")[:1]),
            lessons_done=Coalesce(Subquery(lessons.values("n")[:1]), 0),
            seconds_credited=Coalesce(Subquery(seconds.values("n")[:1]), 0),
        )
        .annotate(state=state)
        .select_related("person", "enterprise", "workshop", "team", "post")
        .order_by(urgency, "enterprise_id", "person__username")
    )


def filtered(people: QuerySet[Any], wanted: PeopleFilter) -> QuerySet[Any]:
    """The rows that the filters leave."""
    if wanted.text:
        people = people.filter(Q(person__name__icontains=wanted.text) | Q(person__username__icontains=wanted.text))
    if wanted.state:
        people = people.filter(state=wanted.state)
    if wanted.enterprise_id:
        people = people.filter(enterprise_id=wanted.enterprise_id)
    if wanted.workshop_id:
        people = people.filter(workshop_id=wanted.workshop_id)
    return people
