"""Real rows of the courses."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from courses.catalogue.models import AssignmentRule, Course, Enrolment, Lesson
from courses.progress.models import Beat, LessonProgress, StudyDay, StudySession
from tests.factories.lms import UserFactory

OPENED = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


class CourseFactory(DjangoModelFactory[Course]):
    class Meta:
        model = Course
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"course-{n}")
    title = factory.Sequence(lambda n: f"第{n}门课程")
    summary = "有限空间作业的三件事。"
    credit_hours = Decimal("2.0")
    position = factory.Sequence(lambda n: n % 30_000)


class LessonFactory(DjangoModelFactory[Lesson]):
    class Meta:
        model = Lesson
        django_get_or_create = ("code",)

    course = factory.SubFactory(CourseFactory)
    code = factory.Sequence(lambda n: f"lesson-{n}")
    position = factory.Sequence(lambda n: n % 30_000)
    title = factory.Sequence(lambda n: f"第{n}节")
    lead = "下池之前三件事，一件不少，顺序不换。"
    minutes_required = 10
    checkpoints: list[str] = []
    films: dict[str, int] = {}


class AssignmentRuleFactory(DjangoModelFactory[AssignmentRule]):
    class Meta:
        model = AssignmentRule

    course = factory.SubFactory(CourseFactory)
    valid_from = date(2026, 1, 1)
    valid_until = factory.LazyAttribute(lambda row: date(row.due_on.year, 12, 31) if row.due_on else None)
    due_on = None
    created_at = OPENED


class EnrolmentFactory(DjangoModelFactory[Enrolment]):
    class Meta:
        model = Enrolment

    person = factory.SubFactory(UserFactory)
    course = factory.SubFactory(CourseFactory)
    year = 2026
    enrolled_at = OPENED


class LessonProgressFactory(DjangoModelFactory[LessonProgress]):
    class Meta:
        model = LessonProgress

    lesson = factory.SubFactory(LessonFactory)
    enrolment = factory.SubFactory(EnrolmentFactory, course=factory.SelfAttribute("..lesson.course"))
    opened_at = OPENED


class StudyDayFactory(DjangoModelFactory[StudyDay]):
    class Meta:
        model = StudyDay
        django_get_or_create = ("person", "day")

    person = factory.SubFactory(UserFactory)
    day = date(2026, 11, 24)


class StudySessionFactory(DjangoModelFactory[StudySession]):
    class Meta:
        model = StudySession

    progress = factory.SubFactory(LessonProgressFactory)
    person = factory.SelfAttribute("progress.enrolment.person")
    day = factory.SubFactory(StudyDayFactory, person=factory.SelfAttribute("..person"))
    opened_at = OPENED
    counted_until = factory.SelfAttribute("opened_at")
    beat_seconds = 15
    most_per_beat = 20
    idle_seconds = 180
    day_seconds = 8 * 45 * 60


class BeatFactory(DjangoModelFactory[Beat]):
    class Meta:
        model = Beat

    session = factory.SubFactory(StudySessionFactory)
    number = factory.Sequence(lambda n: n + 1)
    received_at = OPENED
    interval_seconds = 15.0
    credited_seconds = 15
    reason = "credited"
    visible = True
    idle_seconds = 2.0
