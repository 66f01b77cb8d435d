"""Computing `Behaviour` for all submitted attempts of an exam, off the hot path. Doing it again gives the same."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from django.db.models import F, Q
from django.utils import timezone

from exams.attempts.grading import Item
from exams.attempts.models import AnswerEvent, Attempt, AttemptStatus, EventKind
from exams.attempts.scoring import items_in
from exams.bank.bodies import SINGLE, TRUE_FALSE
from exams.bank.grading import share_of
from exams.bank.responses import is_answered
from exams.integrity.behaviour import Comparison, Move, Rules, Turn, item_times
from exams.integrity.models import Behaviour
from exams.papers.models import Exam, PaperItem
from lms.regulations.queries import NoSuchRule, rule_values

RULE_CODES = {
    "exam.rapid_percent": "rapid_percent", "exam.rapid_max_seconds": "rapid_max_seconds",
    "exam.effort_percent": "effort_percent", "exam.slow_z": "slow_z", "exam.revision_percent": "revision_percent",
    "exam.behaviour_min_attempts": "min_attempts",
}  # fmt: skip
CHOSEN = (SINGLE, TRUE_FALSE)  # answered by one tap: a first and a last answer can be told apart
STOPS = (EventKind.TIME, EventKind.DEVICE)
BATCH = 500


def compute_behaviour(*, exam_id: int, now: datetime) -> int:
    """Compare all submitted attempts of an exam and store what stands out; returns their number.

    Holds one small dictionary for each attempt; the events themselves are read in a stream, once.
    """
    attempts = {
        attempt.pk: attempt
        for attempt in Attempt.objects.filter(exam_id=exam_id, status=AttemptStatus.SUBMITTED)
        .only("pk", "paper_id", "started_at")
        .order_by("pk")
    }
    items = places_of(exam_id)
    times: dict[int, dict[int, float]] = {pk: {} for pk in attempts}
    turns: dict[int, list[Turn]] = {pk: [] for pk in attempts}
    for pk, events in events_of(exam_id):
        if pk in attempts:
            times[pk] = times_in(attempts[pk], events, items)
            turns[pk] = turns_in(attempts[pk], events, items)
    comparison = Comparison.of(list(times.values()), turns.values(), behaviour_rules(now))
    rows = []
    for pk in attempts:
        reading = comparison.read(times[pk], turns[pk])
        rows.append(
            Behaviour(
                attempt_id=pk, traits=list(reading.traits), figures=dict(reading.figures),
                compared_with=len(attempts), computed_at=now,
            )
        )  # fmt: skip
    replaced = ["traits", "figures", "compared_with", "computed_at"]
    Behaviour.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["attempt"], update_fields=replaced
    )
    return len(rows)


def behaviour_rules(now: datetime) -> Rules:
    """The numbers in force; the usual ones where the table has none."""
    try:
        values = rule_values(list(RULE_CODES), on=timezone.localdate(now))
    except NoSuchRule:
        return Rules()
    named = {field: float(values[code]) for code, field in RULE_CODES.items()}
    return Rules(**{**named, "min_attempts": int(named["min_attempts"])})  # type: ignore[arg-type]


def places_of(exam_id: int) -> dict[tuple[int, int], Item]:
    """By paper and position; one query."""
    return {(paper, item.position): item for paper, item in items_in(PaperItem.objects.filter(paper__exam=exam_id))}


def events_of(exam_id: int) -> Iterator[tuple[int, list[AnswerEvent]]]:
    """Attempt and its events in order, one attempt after the other; one query, read in a stream."""
    rows = (
        AnswerEvent.objects.filter(attempt__exam_id=exam_id, kind__in=[EventKind.ANSWER, *STOPS])
        .only("attempt_id", "sequence", "kind", "position", "response", "received_at")
        .order_by("attempt_id", "sequence")
    )
    for pk, events in groupby(rows.iterator(chunk_size=2000), attrgetter("attempt_id")):
        yield pk, list(events)


def times_in(attempt: Attempt, events: Sequence[AnswerEvent], items: dict[tuple[int, int], Item]) -> dict[int, float]:
    """Seconds by question."""
    moves = [
        Move(items[attempt.paper_id, event.position or 0].version_id, event.received_at.timestamp())
        for event in events
        if event.kind == EventKind.ANSWER and (attempt.paper_id, event.position) in items
    ]
    breaks = [event.received_at.timestamp() for event in events if event.kind in STOPS]
    return item_times(attempt.started_at.timestamp(), moves, breaks)


def turns_in(attempt: Attempt, events: Sequence[AnswerEvent], items: dict[tuple[int, int], Item]) -> list[Turn]:
    """First and last answer of every question that one tap answers."""
    rights: dict[int, list[bool]] = defaultdict(list)
    for event in events:
        item = items.get((attempt.paper_id, event.position or 0))
        if event.kind != EventKind.ANSWER or not item or item.type not in CHOSEN or not item.counts:
            continue
        if is_answered(event.response):
            right = share_of(item.type, item.key, event.response, "all_or_nothing") == Decimal(1)
            rights[item.version_id].append(right)
    return [Turn(item, seen[0], seen[-1]) for item, seen in rights.items()]


def exams_to_read(*, now: datetime) -> list[int]:
    """Exams whose window is over and that have a submitted attempt which nothing was computed for, or which was
    computed before a key was corrected."""
    submitted = Attempt.objects.filter(status=AttemptStatus.SUBMITTED).order_by()
    unread = submitted.filter(behaviour__isnull=True)
    outdated = submitted.filter(exam__corrections__at__gt=F("behaviour__computed_at"))
    over = Exam.objects.filter(closes_at__lt=now)
    waiting = over.filter(Q(pk__in=unread.values("exam_id")) | Q(pk__in=outdated.values("exam_id")))
    return list(waiting.order_by("pk").values_list("pk", flat=True))
