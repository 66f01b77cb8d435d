"""The live board of one exam: a seat for everybody who has started, figures of the room."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from exams.attempts.held_models import HeldChange
from exams.attempts.models import Answer, Attempt, AttemptStatus
from exams.attempts.packets import now_in_ms
from exams.integrity.models import SignalKind
from exams.integrity.queries import counts_for
from exams.papers.models import Exam, ExamStatus
from exams.proctoring.roster import roster_of
from exams.proctoring.still_queries import unseen_stills

MOST_SEATS = 600


@dataclass(frozen=True, slots=True)
class Seat:
    """One attempt as the board shows it. `leaves` and `signals` count what counts; `held` waits for a ruling,
    `stills` are pictures that nobody has looked at."""

    pk: int
    number: int
    name: str
    unit: str
    status: str
    paused: bool
    answered: int
    total: int
    seen_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    leaves: int
    signals: int
    held: int
    stills: int

    def as_row(self) -> list[Any]:
        """What changes, as the page's script reads it: status, paused, answered, three moments, four counts."""
        moments = (self.seen_at, self.answered_at, self.ended_at)
        return [
            self.pk, self.status, int(self.paused), self.answered,
            *(now_in_ms(moment) if moment else 0 for moment in moments), self.leaves, self.signals, self.held,
            self.stills,
        ]  # fmt: skip


def seats_of(exam: Exam) -> list[Seat]:
    """Everybody who has started, in the order of starting; four queries however many they are, one more with stills."""
    rows = list(
        Attempt.objects.filter(exam=exam)
        .select_related("person", "employment__enterprise")
        .order_by("started_at", "pk")[:MOST_SEATS]
    )
    ids = [row.pk for row in rows]
    answers = {
        attempt: (number, newest)
        for attempt, number, newest in Answer.objects.filter(attempt__in=ids)
        .order_by()
        .values_list("attempt")
        .annotate(number=Count("pk", filter=~Q(response=[])), newest=Max("saved_at"))
    }
    signals = counts_for(ids)
    held = dict(
        HeldChange.objects.filter(attempt__in=ids, ruling="")
        .order_by()
        .values_list("attempt")
        .annotate(number=Count("pk"))
    )
    stills = unseen_stills(ids) if exam.camera_stills else {}
    return [
        seat_of(
            row, place, answers.get(row.pk, (0, None)), signals.get(row.pk, {}), held.get(row.pk, 0),
            stills.get(row.pk, 0),
        )
        for place, row in enumerate(rows, start=1)
    ]  # fmt: skip


def seat_of(
    row: Attempt, place: int, answers: tuple[int, datetime | None], signals: dict[str, int], held: int, stills: int
) -> Seat:
    """One attempt."""
    leaves = signals.get(SignalKind.LEFT_PAGE, 0)
    return Seat(
        pk=row.pk,
        number=place,
        name=row.person.name,
        unit=row.employment.enterprise.short_name if row.employment else "",
        status=row.status,
        paused=row.paused_at is not None,
        answered=answers[0],
        total=row.item_count,
        seen_at=row.last_seen_at,
        answered_at=answers[1],
        ended_at=row.submitted_at,
        leaves=leaves,
        signals=sum(signals.values()) - leaves,
        held=held,
        stills=stills,
    )


def people_meant(exam: Exam, *, now: datetime) -> int:
    """How many people the exam is meant for today; two queries."""
    return roster_of(exam, on=timezone.localdate(now)).count()


def running_exams(exams: QuerySet[Exam], *, now: datetime) -> QuerySet[Exam]:
    """Published exams whose window is open or in which somebody still writes, with how many write."""
    writing = Count("attempts", filter=Q(attempts__status=AttemptStatus.WRITING))
    open_now = Q(status=ExamStatus.PUBLISHED, opens_at__lte=now, closes_at__gt=now)
    return exams.annotate(writing=writing).filter(open_now | Q(writing__gt=0)).order_by("closes_at", "pk")
