"""Figures of the readiness report: how an exam stands before its day. As many queries for ten people as for all."""

import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Case, Count, Exists, Min, OuterRef, Q, QuerySet, Value, When

from exams.attempts.actions import prepared_papers
from exams.attempts.models import Attempt, AttemptStatus
from exams.papers.models import Exam, ExamStatus
from exams.papers.quarantine import quarantined_in_exam
from exams.papers.queries import TOWN_ROLES, has_written_answers
from exams.proctoring.device_test_models import DeviceTest
from exams.proctoring.models import InterventionKind, Reason
from exams.proctoring.photo_models import CandidatePhoto
from exams.proctoring.roster import exam_day, roster_of
from exams.proctoring.selftest import SELF_TEST_JOB, SelfTest
from lms.access.models import RoleAssignment
from lms.access.queries import Standing
from lms.access.roles import Role
from lms.coverage.models import Outcome, OutcomeKind
from lms.jobs.models import Job, JobStatus
from lms.people.models import Employment, User

MOST_NAMED = 50
# How Django marks an account for which nobody has chosen a password yet.
NO_PASSWORD = "!"  # noqa: S105 – a prefix, not a secret


@dataclass(frozen=True, slots=True)
class RosterFigures:
    """How many are meant, and how many of them lack something."""

    people: int
    blocked: int  # the account is switched off
    not_activated: int
    no_id: int
    course_missing: int
    no_photo: int


@dataclass(frozen=True, slots=True)
class PaperFigures:
    """The papers that can be handed out; `lapsed`: questions whose clause is out of force on the day."""

    papers: int
    families: int
    size: int
    lapsed: int


@dataclass(frozen=True, slots=True)
class StaffFigures:
    """Who may proctor and mark; `free`: those of them who do not sit the exam themselves."""

    people: int
    free: int
    written_answers: bool


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """The background queue: how long the oldest job waits, when the newest began and how long that one had waited."""

    waiting_since: datetime | None
    last_started: datetime | None
    last_waited: timedelta | None


@dataclass(frozen=True, slots=True)
class DiskFigures:
    """Bytes on the disk that holds the product's data."""

    free: int
    total: int


@dataclass(frozen=True, slots=True)
class DeviceFigures:
    """How many of the roster have tested a device, and how many have one that will do."""

    tested: int
    fit: int


@dataclass(frozen=True, slots=True)
class RehearsalFigures:
    """The mock exam that is the rehearsal (published ones first), and how many of the roster have sat one."""

    exam: Exam | None
    sat: int


@dataclass(frozen=True, slots=True)
class Readiness:
    """All figures of an exam."""

    exam: Exam
    day: date
    roster: RosterFigures
    papers: PaperFigures
    staff: StaffFigures
    reasons: int
    kinds_without_reason: list[str]
    queue: QueueFigures
    disk: DiskFigures
    self_test: SelfTest | None
    devices: DeviceFigures
    rehearsal: RehearsalFigures


def readiness_of(exam: Exam, *, now: datetime) -> Readiness:
    """Ask everything."""
    day = exam_day(exam, now=now)
    people = roster_of(exam, on=day)
    reasons = list(Reason.objects.filter(active=True))
    return Readiness(
        exam=exam,
        day=day,
        roster=roster_figures(exam, people, on=day),
        papers=paper_figures(exam, on=day),
        staff=staff_figures(exam, people, on=day),
        reasons=len(reasons),
        kinds_without_reason=[
            str(kind.label) for kind in InterventionKind if not any(kind in row.fits or not row.fits for row in reasons)
        ],
        queue=queue_figures(),
        disk=disk_figures(),
        self_test=last_self_test(exam),
        devices=device_figures(exam, people),
        rehearsal=rehearsal_figures(exam, people),
    )


def with_gaps(exam: Exam, people: QuerySet[User], *, on: date) -> QuerySet[User]:
    """The people with a mark for everything that could keep them from the exam: five annotations, no query."""
    completed = Outcome.objects.standing_on(on).filter(
        person=OuterRef("pk"), kind=OutcomeKind.COURSE_COMPLETED, subject=exam.prerequisite_subject
    )
    unset = Q(password="") | Q(password__startswith=NO_PASSWORD)
    return people.annotate(
        blocked=flag(Q(is_active=False)),
        not_activated=flag(Q(is_active=True) & unset),
        no_id=flag(Q(id_hash__isnull=True)),
        no_photo=flag(Q(~Exists(CandidatePhoto.objects.filter(person=OuterRef("pk"))))),
        course_missing=flag(Q(~Exists(completed))) if exam.prerequisite_subject else Value(0),
    )


def flag(condition: Q) -> Case:
    """A condition as a column."""
    return Case(When(condition, then=Value(1)), default=Value(0))


GAPS = ("blocked", "not_activated", "no_id", "course_missing")
COUNTED = (*GAPS, "no_photo")  # without a photo the document in the hand is compared: no gap


def roster_figures(exam: Exam, people: QuerySet[User], *, on: date) -> RosterFigures:
    """One query."""
    row = with_gaps(exam, people, on=on).aggregate(
        people=Count("pk"), **{f"n_{gap}": Count("pk", filter=Q(**{gap: 1})) for gap in COUNTED}
    )
    return RosterFigures(row["people"], *(row[f"n_{gap}"] for gap in COUNTED))


def people_with_gaps(exam: Exam, standing: Standing, *, on: date) -> list[User]:
    """The first of those who lack something, as far as the asker sees their employment; with the marks of `with_gaps`.

    Those who prepare an exam of the town get figures of everybody, but names only of their own area.
    """
    seen = Employment.objects.on(on).within(standing.scope).values("person")
    marked = with_gaps(exam, roster_of(exam, on=on).filter(pk__in=seen), on=on)
    lacking = Q(*((gap, 1) for gap in GAPS), _connector=Q.OR)
    return list(marked.filter(lacking).order_by("name", "pk")[:MOST_NAMED])


def paper_figures(exam: Exam, *, on: date) -> PaperFigures:
    """Three queries."""
    papers = prepared_papers(exam.pk)
    return PaperFigures(
        papers=len(papers),
        families=len({paper.family for paper in papers}),
        size=max((paper.size for paper in papers), default=0),
        lapsed=len(quarantined_in_exam(exam.pk, on=on)) if papers else 0,
    )


def staff_figures(exam: Exam, people: QuerySet[User], *, on: date) -> StaffFigures:
    """Those whose own office the exam is (an administrator may always step in, and is not counted for an enterprise);
    three queries."""
    held = RoleAssignment.objects.valid_on(on).filter(person__is_active=True)
    if exam.enterprise_id is None:
        held = held.filter(role__in=TOWN_ROLES)
    else:
        held = held.filter(role__in=(Role.SAFETY_MANAGER, Role.TRAINER), enterprise_id=exam.enterprise_id)
    holders = set(held.values_list("person_id", flat=True))
    candidates = set(people.filter(pk__in=holders).values_list("pk", flat=True))
    return StaffFigures(len(holders), len(holders - candidates), has_written_answers(exam))


def device_figures(exam: Exam, people: QuerySet[User]) -> DeviceFigures:
    """One query."""
    tests = DeviceTest.objects.filter(exam=exam, person=OuterRef("pk"))
    marked = people.annotate(tested=Exists(tests), fit=Exists(tests.filter(ok=True)))
    row = marked.aggregate(n_tested=Count("pk", filter=Q(tested=True)), n_fit=Count("pk", filter=Q(fit=True)))
    return DeviceFigures(row["n_tested"], row["n_fit"])


def rehearsal_figures(exam: Exam, people: QuerySet[User]) -> RehearsalFigures:
    """Two queries, one where there is no rehearsal."""
    drafts_last = Case(When(status=ExamStatus.DRAFT, then=Value(1)), default=Value(0))
    found = exam.rehearsals.order_by(drafts_last, "-opens_at", "-pk").first()
    if found is None:
        return RehearsalFigures(None, 0)
    sat = Attempt.objects.filter(exam__rehearses=exam, status=AttemptStatus.SUBMITTED, person=OuterRef("pk"))
    return RehearsalFigures(found, people.filter(Exists(sat)).count())


def queue_figures() -> QueueFigures:
    """Two queries."""
    waiting = Job.objects.filter(status=JobStatus.QUEUED).aggregate(since=Min("created_at"))["since"]
    last = Job.objects.filter(started_at__isnull=False).order_by("-started_at").first()
    if last is None or last.started_at is None:
        return QueueFigures(waiting, None, None)
    return QueueFigures(waiting, last.started_at, last.started_at - last.created_at)


def disk_figures() -> DiskFigures:
    """Of the machine that answers; no query."""
    usage = shutil.disk_usage(settings.VAR_DIR)
    return DiskFigures(usage.free, usage.total)


def last_self_test(exam: Exam) -> SelfTest | None:
    """The newest measurement for this exam; one query."""
    done = Job.objects.filter(kind=SELF_TEST_JOB, status=JobStatus.DONE, params__exam=exam.pk).order_by("-pk").first()
    return SelfTest(at=done.finished_at, **done.result) if done and done.finished_at else None
