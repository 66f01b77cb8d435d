"""What a person has to learn and may learn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Least

from courses.catalogue.course_state import Standing, State
from courses.catalogue.models import AssignmentRule, AssignmentRuleQuerySet, Course, Enrolment
from lms.people.audience import PersonFacts, facts_of

OPEN_COURSES_SHOWN = 30
URGENCY = {State.OVERDUE: 0, State.PART: 1, State.TODO: 2, State.DONE: 3}


@dataclass(frozen=True)
class CourseLine:
    """A course with a person's standing in it."""

    course: Course
    standing: Standing
    required: bool


@dataclass(frozen=True)
class MyCourses:
    """The tab 学习: what must be learnt, most urgent first, and what else is open to this person."""

    required: list[CourseLine]
    others: list[CourseLine]

    @property
    def finished(self) -> int:
        """How many of the required courses are finished."""
        return sum(line.standing.state == State.DONE for line in self.required)


def rules_for(person_id: int, *, on: date, facts: PersonFacts | None = None) -> AssignmentRuleQuerySet:
    """The rules in force on a day that mean this person; one query before it is evaluated, none with `facts`."""
    facts = facts or facts_of(person_id, on=on)
    rules: AssignmentRuleQuerySet = AssignmentRule.objects.in_force(on).matching(facts)
    return rules.at(region_paths=facts.region_paths, committee_ids=facts.committee_ids)


def with_extent(courses: QuerySet[Course]) -> QuerySet[Course]:
    """Courses with `lesson_count` and `minutes_required` of their published lessons."""
    published = Q(lessons__published=True)
    return courses.annotate(
        lesson_count=Count("lessons", filter=published),
        minutes_required=Sum("lessons__minutes_required", filter=published, default=0),
    )


def with_progress(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Enrolments with `lessons_done` and `seconds_credited` (per lesson no more than it asks for)."""
    counted = Least(F("lesson_progress__credited_seconds"), F("lesson_progress__lesson__minutes_required") * 60)
    published = Q(lesson_progress__lesson__published=True)
    return enrolments.annotate(
        lessons_done=Count("lesson_progress", filter=published & Q(lesson_progress__completed_at__isnull=False)),
        seconds_credited=Sum(counted, filter=published, default=0),
    )


def fitting(courses: QuerySet[Course], facts: PersonFacts) -> QuerySet[Course]:
    """Courses written for everybody or for this person's industry and category."""
    of_industry = Course.industries.through.objects.filter(course_id=OuterRef("pk"))
    of_category = Course.categories.through.objects.filter(course_id=OuterRef("pk"))
    return courses.filter(
        ~Exists(of_industry) | Exists(of_industry.filter(industry_id__in=facts.industry_ids)),
        ~Exists(of_category) | Exists(of_category.filter(personnelcategory_id__in=facts.category_ids)),
    )


def my_courses(person_id: int, *, on: date) -> MyCourses:
    """Required and open courses of a person with the progress of the year; five queries."""
    facts = facts_of(person_id, on=on)
    rules = list(rules_for(person_id, on=on, facts=facts))
    required = {rule.course_id for rule in rules if rule.required}
    enrolments = {
        row.course_id: row for row in with_progress(Enrolment.objects.filter(person_id=person_id, year=on.year))
    }
    offered = Q(pk__in=[rule.course_id for rule in rules]) | Q(pk__in=list(enrolments))
    listed = Course.objects.filter(published=True)
    fits = fitting(listed, facts).exclude(offered).values("pk")[:OPEN_COURSES_SHOWN]
    courses = with_extent(listed.filter(offered | Q(pk__in=list(fits.values_list("pk", flat=True)))))
    lines = [line_of(course, enrolments.get(course.pk), rules, on) for course in courses]
    lines.sort(key=urgency)
    return MyCourses(
        required=[line for line in lines if line.course.pk in required],
        others=[line for line in lines if line.course.pk not in required],
    )


def urgency(line: CourseLine) -> tuple[int, date, int]:
    """Sorts overdue before under way before not started before finished, then by due date."""
    return URGENCY[line.standing.state], line.standing.due_on or date.max, line.course.position


def line_of(course: Course, enrolment: Enrolment | None, rules: Iterable[AssignmentRule], on: date) -> CourseLine:
    """One course (with_extent) and the enrolment of the year (with_progress) as a line."""
    dues = [rule.due_in(on.year) for rule in rules if rule.required and rule.course_id == course.pk]
    standing = Standing(
        lessons=getattr(course, "lesson_count", 0),
        lessons_done=getattr(enrolment, "lessons_done", 0),
        seconds_required=getattr(course, "minutes_required", 0) * 60,
        seconds_credited=getattr(enrolment, "seconds_credited", 0),
        started=bool(getattr(enrolment, "seconds_credited", 0) or getattr(enrolment, "lessons_done", 0)),
        completed_at=enrolment.completed_at if enrolment else None,
        due_on=min(dues, default=None),
        today=on,
    )
    return CourseLine(course, standing, required=bool(dues))
