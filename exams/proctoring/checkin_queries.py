"""The roster at the door: who has been let in, who was not, who is writing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from exams.attempts.checkin_models import ADMITTING, CheckIn, CheckInOutcome
from exams.attempts.models import Attempt
from exams.attempts.states import ADMISSION_LASTS
from exams.papers.models import Exam
from exams.proctoring.photo_models import CandidatePhoto
from exams.proctoring.roster import exam_day, roster_of
from lms.people.models import Employment

# Where somebody stands before the start; in the order in which the page offers them.
STANDINGS = ("waiting", "admitted", "refused", "started")


@dataclass(frozen=True, slots=True)
class DoorFilter:
    """What the check-in page is limited to; empty means all."""

    text: str = ""
    standing: str = ""


@dataclass(frozen=True, slots=True)
class DoorFigures:
    """How many of the roster stand where."""

    waiting: int
    admitted: int
    refused: int
    started: int

    @property
    def meant(self) -> int:
        """Everybody."""
        return self.waiting + self.admitted + self.refused + self.started


def people_at_the_door(exam: Exam, *, now: datetime) -> QuerySet[Any]:
    """The roster as users with `standing` (see STANDINGS), `outcome`, `decided_at` and `why` of the last decision,
    the `unit`, whether there is a photo; by the same rules as `admission_holds`."""
    day = exam_day(exam, now=now)
    last = CheckIn.objects.filter(exam=exam, person=OuterRef("pk")).order_by("-pk")
    work = Employment.objects.on(day).filter(person=OuterRef("pk")).order_by("-started_on")
    begun = Attempt.objects.filter(exam=exam, person=OuterRef("pk")).order_by("-started_at")
    people = roster_of(exam, on=day).annotate(
        outcome=Subquery(last.values("outcome")[:1]),
        decided_at=Subquery(last.values("at")[:1]),
        why=Subquery(last.values("reason")[:1]),
        unit=Subquery(work.values("enterprise__short_name")[:1]),
        has_photo=Exists(CandidatePhoto.objects.filter(person=OuterRef("pk"))),
        last_start=Subquery(begun.values("started_at")[:1]),
    )
    unused = Q(last_start__isnull=True) | Q(decided_at__gt=F("last_start"))
    fresh = Q(decided_at__gte=now - ADMISSION_LASTS)
    return people.annotate(
        standing=Case(
            When(unused & fresh & Q(outcome__in=ADMITTING), then=Value("admitted")),
            When(unused & Q(outcome=CheckInOutcome.MISMATCH), then=Value("refused")),
            When(last_start__isnull=False, then=Value("started")),
            default=Value("waiting"),
        )
    )


def found_at_the_door(exam: Exam, wanted: DoorFilter, *, now: datetime) -> QuerySet[Any]:
    """The rows of the page, by name."""
    found = people_at_the_door(exam, now=now)
    if wanted.text:
        found = found.filter(Q(name__icontains=wanted.text) | Q(username__icontains=wanted.text))
    if wanted.standing in STANDINGS:
        found = found.filter(standing=wanted.standing)
    return found.order_by("name", "pk")


def door_figures(exam: Exam, *, now: datetime) -> DoorFigures:
    """Two queries, however many people."""
    people = people_at_the_door(exam, now=now)
    counted = people.aggregate(**{name: Count("pk", filter=Q(standing=name)) for name in STANDINGS})
    return DoorFigures(**counted)
