"""A person's own lessons and the account of study time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, FloatField, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from courses.catalogue.models import Course, Enrolment, Lesson
from courses.catalogue.queries import CourseLine, line_of, rules_for, with_extent, with_progress
from courses.progress.actions import missing_of
from courses.progress.honesttime import Missing, Reason
from courses.progress.models import REASON_WORDS, Beat, LessonProgress, StudyDay, StudySession
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
    """A course (with_extent) with the person's progress of the year; eight queries."""
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
    """Where to go on in a course."""

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


def next_step(person: User, line: CourseLine) -> NextStep | None:
    """The first unfinished lesson of a course for this person; two queries."""
    lessons = list(line.course.lessons.filter(published=True))
    rows = LessonProgress.objects.filter(
        enrolment__person=person, enrolment__course=line.course, enrolment__year=line.standing.today.year
    )
    for row in lesson_lines(lessons, {progress.lesson_id: progress for progress in rows}):
        if row.current:
            credited = row.progress.credited_seconds if row.progress else 0
            return NextStep(row.lesson, lessons.index(row.lesson) + 1, credited)
    return None


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
        .select_related("progress__lesson__course").order_by("-opened_at")
    )
    sums: dict[int, list[ReasonLine]] = {}
    rows = Beat.objects.filter(session__in=sessions).order_by().values("session_id", "reason").annotate(
        credited=Sum("credited_seconds"), lost=Coalesce(Sum(LOST), Value(0.0)), beats=Count("pk")
    )
    for row in rows:
        words = str(REASON_WORDS[Reason(row["reason"])])
        line = ReasonLine(words, row["credited"], round(max(0.0, row["lost"])), row["beats"])
        sums.setdefault(row["session_id"], []).append(line)
    result: dict[int, list[SessionLine]] = {}
    for session in sessions:
        result.setdefault(session.day_id, []).append(SessionLine(session, sums.get(session.pk, [])))
    return result
