"""Writing study: enrolments, progress of each lesson, study days, outcomes of completed courses."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from courses.catalogue.credit import hours_of
from courses.catalogue.models import Course, Enrolment, Lesson
from courses.progress.models import LessonProgress, StudyDay
from lms.coverage.models import Outcome, OutcomeKind
from lms.town.calendar import at
from lms.town.people import Job

ENROLMENTS_AT_ONCE = 1_000
ROWS = 4_000
# After lunch, in the evening, late: one course each, so that nobody studies two at a time.
SLOTS = ((12, 10), (19, 15), (21, 0), (6, 30))


@dataclass(frozen=True, slots=True)
class Material:
    """A course with its lessons in order."""

    course: Course
    lessons: tuple[Lesson, ...]


def materials() -> dict[str, Material]:
    """All published courses by code."""
    found = {}
    for course in Course.objects.filter(published=True).prefetch_related("lessons"):
        lessons = sorted((row for row in course.lessons.all() if row.published), key=lambda row: row.position)
        found[course.code] = Material(course, tuple(lessons))
    return found


@dataclass(frozen=True, slots=True)
class Visit:
    """A lesson taken in one go; `share` below 1 is a lesson left early."""

    lesson: Lesson
    opened_at: datetime
    seconds: int
    share: float = 1.0

    @property
    def finished_at(self) -> datetime | None:
        """When it was complete."""
        return self.opened_at + timedelta(seconds=self.seconds + 35) if self.share >= 1 else None


@dataclass(frozen=True, slots=True)
class Study:
    """One course of one person in one year."""

    job: Job
    enterprise_id: int
    course: Course
    visits: Sequence[Visit]
    complete: bool

    @property
    def seconds(self) -> int:
        """What honest time credited."""
        return sum(visit.seconds for visit in self.visits)

    @property
    def completed_at(self) -> datetime | None:
        """When the last lesson was complete."""
        return self.visits[-1].finished_at if self.complete else None


def plan_study(
    job: Job, enterprise_id: int, material: Material, days: Sequence[date], slot: int, lessons: int, chance: Random
) -> Study:
    """Lessons one after the other on the given days; the first `lessons` are finished, one more is left early."""
    hour, minute = SLOTS[slot % len(SLOTS)]
    taken = material.lessons[: lessons + (lessons < len(material.lessons))]
    per_day = -(-len(taken) // len(days))
    visits: list[Visit] = []
    for place, lesson in enumerate(taken):
        if place % per_day == 0:
            moment = at(days[place // per_day], hour, minute) + timedelta(seconds=chance.randint(0, 1500))
        share = 1.0 if place < lessons else chance.uniform(0.2, 0.8)
        seconds = int(lesson.seconds_required * share) + (chance.randint(0, 90) if share >= 1 else 0)
        visits.append(Visit(lesson, moment, seconds, share))
        moment += timedelta(seconds=seconds + chance.randint(60, 200))
    return Study(job, enterprise_id, material.course, visits, lessons >= len(material.lessons))


@dataclass
class StudyWriter:
    """Takes studies one by one and stores them in bulk."""

    credit_minutes: Decimal
    waiting: list[Study] = field(default_factory=list)

    def add(self, study: Study) -> None:
        """Stored with the next portion. All studies of a person on a day must be added before `write`."""
        self.waiting.append(study)

    @property
    def full(self) -> bool:
        """Whether it is time to write."""
        return len(self.waiting) >= ENROLMENTS_AT_ONCE

    def write(self) -> None:
        """Store everything that waits."""
        rows = [
            Enrolment(
                person_id=study.job.person.pk,
                course=study.course,
                year=timezone.localdate(study.visits[0].opened_at).year,
                enrolled_at=study.visits[0].opened_at - timedelta(seconds=2),
                due_on=date(timezone.localdate(study.visits[0].opened_at).year, 12, 31),
                completed_at=study.completed_at,
            )
            for study in self.waiting
        ]
        enrolments = Enrolment.objects.bulk_create(rows)
        pairs = list(zip(self.waiting, enrolments, strict=True))
        LessonProgress.objects.bulk_create(
            (progress_row(enrolment, visit) for study, enrolment in pairs for visit in study.visits), batch_size=ROWS
        )
        StudyDay.objects.bulk_create(self.study_days(), batch_size=ROWS)
        Outcome.objects.bulk_create(
            row for study, enrolment in pairs if study.complete for row in self.outcomes(study, enrolment)
        )
        self.waiting.clear()

    def study_days(self) -> list[StudyDay]:
        """What each person was credited on each day."""
        credited: Counter[tuple[int, date]] = Counter()
        for study in self.waiting:
            for visit in study.visits:
                credited[study.job.person.pk, timezone.localdate(visit.opened_at)] += visit.seconds
        return [StudyDay(person_id=key[0], day=key[1], credited_seconds=value) for key, value in credited.items()]

    def outcomes(self, study: Study, enrolment: Enrolment) -> list[Outcome]:
        """What `courses.catalogue.actions.complete` notes."""
        assert study.completed_at is not None
        facts = {
            "required_hours": str(study.course.credit_hours),
            "started_on": timezone.localdate(enrolment.enrolled_at).isoformat(),
            "credited_seconds": study.seconds,
        }
        return [
            Outcome(
                kind=kind,
                subject=study.course.code,
                title=study.course.title,
                person_id=study.job.person.pk,
                employment_id=study.job.pk,
                enterprise_id=study.enterprise_id,
                achieved_at=study.completed_at,
                achieved_on=timezone.localdate(study.completed_at),
                amount=hours_of(study.seconds, credit_minutes=self.credit_minutes),
                facts=facts,
                evidence=f"courses.enrolment:{enrolment.pk}",
            )
            for kind in (OutcomeKind.COURSE_COMPLETED, OutcomeKind.HOURS_CREDITED)
        ]


def progress_row(enrolment: Enrolment, visit: Visit) -> LessonProgress:
    """How far the lesson came; checkpoints passed, some at the second try."""
    lesson, share = visit.lesson, min(1.0, visit.share)
    passed = list(lesson.checkpoints)[: int(len(lesson.checkpoints) * share)]
    return LessonProgress(
        enrolment=enrolment,
        lesson=lesson,
        credited_seconds=visit.seconds,
        passed_checkpoints=passed,
        tries={name: 1 + (visit.seconds + place) % 7 // 6 for place, name in enumerate(passed)},
        watched={name: round(length * share, 1) for name, length in lesson.films.items()},
        opened_at=visit.opened_at,
        completed_at=visit.finished_at,
    )
