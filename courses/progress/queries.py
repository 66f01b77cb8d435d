"""A person's own lessons and the account of study time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, F, FloatField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from courses.catalogue.course_state import State
from courses.catalogue.models import AssignmentRule, Course, Enrolment, Lesson
from courses.catalogue.queries import CourseLine, line_of, rules_for, urgency, with_extent, with_progress
from courses.progress.actions import missing_of
from courses.progress.honesttime import Missing, Reason
from courses.progress.models import REASON_WORDS, Beat, LessonProgress, StudyDay, StudySession
from lms.people.audience import PersonFacts
from lms.people.models import User


@dataclass(frozen=True)
class LessonLine:
    """A lesson of a course page with the person's progress."""

    lesson: Lesson
    progress: LessonProgress | None
    current: bool

    @property
    def state(self) -> str:
        """done, part or todo."""
        if self.progress and self.progress.completed_at:
            return "done"
        return "part" if self.progress and self.progress.credited_seconds else "todo"

    @property
    def minutes_credited(self) -> int:
        """Whole minutes credited, no more than the lesson asks for."""
        return min(self.progress.credited_seconds // 60, self.lesson.minutes_required) if self.progress else 0


@dataclass(frozen=True)
class CourseSheet:
    """A course page: standing and lessons."""

    line: CourseLine
    enrolment: Enrolment | None
    lessons: list[LessonLine]

    @property
    def next_lesson(self) -> LessonLine | None:
        """The first lesson that is not finished."""
        return next((line for line in self.lessons if line.current), None)


def course_sheet(person: User, course: Course, *, on: date) -> CourseSheet:
    """A course (with_extent) with the person's progress of the year; five queries."""
    enrolment = with_progress(Enrolment.objects.filter(person=person, course=course, year=on.year)).first()
    progress = {row.lesson_id: row for row in enrolment.lesson_progress.all()} if enrolment else {}
    lessons = list(course.lessons.filter(published=True))
    lines = lesson_lines(lessons, progress)
    rules = list(rules_for(person.pk, on=on).filter(course=course))
    return CourseSheet(line_of(course, enrolment, rules, on), enrolment, lines)


def lesson_lines(lessons: Iterable[Lesson], progress: dict[int, LessonProgress]) -> list[LessonLine]:
    """Lessons in order; the first unfinished one is current."""
    lines: list[LessonLine] = []
    found = False
    for lesson in lessons:
        own = progress.get(lesson.pk)
        current = not found and not (own and own.completed_at)
        found = found or current
        lines.append(LessonLine(lesson, own, current))
    return lines


@dataclass(frozen=True)
class NextStep:
    """Where to go on: the most urgent unfinished course and its first unfinished lesson."""

    line: CourseLine
    lesson: Lesson
    number: int
    seconds_credited: int

    @property
    def percent(self) -> int:
        """Of the lesson's time."""
        return min(99, self.seconds_credited * 100 // max(1, self.lesson.seconds_required))

    @property
    def minutes_left(self) -> int:
        """Minutes still to be credited in the lesson, rounded up."""
        return -(-max(0, self.lesson.seconds_required - self.seconds_credited) // 60)


def next_step(facts: PersonFacts, *, on: date) -> NextStep | None:
    """What to go on with among required courses and those under way; two queries, for the home screen."""
    rules = list(rules_for(facts.person_id, on=on, facts=facts))
    own = LessonProgress.objects.filter(
        lesson=OuterRef("pk"), enrolment__person_id=facts.person_id, enrolment__year=on.year
    )
    enrolled = Enrolment.objects.filter(course=OuterRef("course"), person_id=facts.person_id, year=on.year)
    rows = (
        Lesson.objects.filter(published=True, course__published=True)
        .alias(enrolled=Exists(enrolled))
        .filter(Q(enrolled=True) | Q(course__in=[rule.course_id for rule in rules if rule.required]))
        .annotate(
            credited=Coalesce(Subquery(own.values("credited_seconds")[:1]), 0),
            done_at=Subquery(own.values("completed_at")[:1]),
            course_done_at=Subquery(enrolled.values("completed_at")[:1]),
        )
        .select_related("course")
    )
    by_course: dict[int, list[Lesson]] = {}
    for row in rows:
        by_course.setdefault(row.course_id, []).append(row)
    steps = [step for lessons in by_course.values() if (step := step_in(lessons, rules, on))]
    return min(steps, key=lambda step: (not step.line.required, *urgency(step.line)), default=None)


def step_in(lessons: list[Any], rules: Iterable[AssignmentRule], on: date) -> NextStep | None:
    """The step in one course, None when it is finished or neither required nor begun.

    lessons: all of the course in order, with `credited`, `done_at`, `course_done_at`.
    """
    course = lessons[0].course
    course.lesson_count = len(lessons)
    course.minutes_required = sum(lesson.minutes_required for lesson in lessons)
    enrolment = Enrolment(course=course, completed_at=lessons[0].course_done_at)
    enrolment.lessons_done = sum(lesson.done_at is not None for lesson in lessons)  # type: ignore[attr-defined]
    enrolment.seconds_credited = sum(  # type: ignore[attr-defined]
        min(lesson.credited, lesson.seconds_required) for lesson in lessons
    )
    line = line_of(course, enrolment, rules, on)
    open_lessons = [index for index, lesson in enumerate(lessons) if lesson.done_at is None]
    if line.standing.state == State.DONE or not open_lessons or not (line.required or line.standing.started):
        return None
    first = open_lessons[0]
    return NextStep(line, lessons[first], first + 1, lessons[first].credited)


def published_courses() -> QuerySet[Course]:
    """The courses that may be opened, with their extent."""
    return with_extent(Course.objects.filter(published=True))


@dataclass(frozen=True)
class LessonSheet:
    """What frames the words of a lesson."""

    lesson: Lesson
    progress: LessonProgress
    missing: Missing
    number: int
    count: int
    previous: Lesson | None
    following: Lesson | None


def lesson_sheet(person: User, course_code: str, lesson_code: str, *, on: date) -> LessonSheet:
    """A published lesson with its neighbours and the person's progress; raises Lesson.DoesNotExist. Three queries.

    Without progress an unsaved, empty one is given.
    """
    lessons = list(
        Lesson.objects.filter(course__code=course_code, course__published=True, published=True).select_related("course")
    )
    index = next((index for index, row in enumerate(lessons) if row.code == lesson_code), None)
    if index is None:
        raise Lesson.DoesNotExist(lesson_code)
    lesson = lessons[index]
    progress = LessonProgress.objects.filter(
        lesson=lesson, enrolment__person=person, enrolment__year=on.year
    ).first() or LessonProgress(lesson=lesson)
    progress.lesson = lesson
    return LessonSheet(
        lesson=lesson,
        progress=progress,
        missing=missing_of(progress),
        number=index + 1,
        count=len(lessons),
        previous=lessons[index - 1] if index else None,
        following=lessons[index + 1] if index + 1 < len(lessons) else None,
    )


# Where the counted part of an interval ends: beats that stand still lose all of it.
LOST = Case(
    When(reason=Reason.FIRST, then=Value(0.0)),
    When(reason=Reason.CREDITED, then=Value(0.0)),
    default=F("interval_seconds") - F("credited_seconds"),
    output_field=FloatField(),
)


@dataclass(frozen=True)
class ReasonLine:
    """Beats of a session that ended the same way."""

    words: str
    credited: int
    lost: int
    beats: int


@dataclass(frozen=True)
class SessionLine:
    """A session in the account: what it brought and what was not credited, with reasons."""

    session: StudySession
    reasons: list[ReasonLine]

    @property
    def not_credited(self) -> list[ReasonLine]:
        """The reasons for which time was lost."""
        return [line for line in self.reasons if line.lost]


def study_days(person: User, *, year: int) -> QuerySet[StudyDay]:
    """The days of a year on which a person studied, newest first."""
    return StudyDay.objects.filter(person=person, day__year=year, sessions__isnull=False).distinct()


def sessions_of_days(days: Iterable[StudyDay]) -> dict[int, list[SessionLine]]:
    """The sessions of some days by the day's id, with their beats summed by reason; two queries."""
    sessions = list(
        StudySession.objects.filter(day__in=list(days), last_number__gt=1)  # one beat: looked in and left
        .select_related("progress__lesson__course")
        .order_by("-opened_at")
    )
    sums: dict[int, list[ReasonLine]] = {}
    rows = (
        Beat.objects.filter(session__in=sessions)
        .order_by()
        .values("session_id", "reason")
        .annotate(credited=Sum("credited_seconds"), lost=Coalesce(Sum(LOST), Value(0.0)), beats=Count("pk"))
    )
    for row in rows:
        words = str(REASON_WORDS[Reason(row["reason"])])
        line = ReasonLine(words, row["credited"], round(max(0.0, row["lost"])), row["beats"])
        sums.setdefault(row["session_id"], []).append(line)
    result: dict[int, list[SessionLine]] = {}
    for session in sessions:
        result.setdefault(session.day_id, []).append(SessionLine(session, sums.get(session.pk, [])))
    return result
