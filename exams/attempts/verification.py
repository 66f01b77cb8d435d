"""Recomputing a record: chain, answers, marks, points, score, receipt. Every row that does not agree is named."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings

from exams.attempts.chain import Link, faults
from exams.attempts.convergence import Change, Register, Stamp, replay
from exams.attempts.ledger import chain_key, chained_fields, first_hash
from exams.attempts.marking import (
    UNANSWERED,
    Recomputed,
    grade_facts,
    mark_facts,
    receipt_of,
    recomputed,
    submission_facts,
    submission_of,
)
from exams.attempts.models import Answer, AnswerEvent, Attempt, AttemptStatus, EventKind, Mark
from exams.attempts.receipts import holds


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that does not agree with the record. `row` such as `exams.answerevent:17`."""

    attempt_id: int
    row: str
    reason: str


def receipt_agrees(attempt: Attempt) -> bool:
    """What anybody may know: whether chain and receipt hold; one query."""
    events = list(attempt.events.order_by("sequence"))
    submitted = submission_event(events)
    if submitted is None or not holds(settings.RECEIPT_KEY, submission_of(attempt, submitted), receipt_of(attempt)):
        return False
    return not chain_findings(attempt, events)


def chain_findings(attempt: Attempt, events: list[AnswerEvent]) -> list[Finding]:
    """The chain alone."""
    links = [Link(event.pk, event.sequence, event.hash, chained_fields(event)) for event in events]
    found = faults(chain_key(), first_hash(attempt), links, count=attempt.event_count, head=attempt.head_hash)
    return [
        Finding(
            attempt.pk,
            f"exams.answerevent:{fault.row}" if fault.row else f"exams.attempt:{attempt.pk}",
            {
                "altered": f"event {fault.sequence} altered",
                "missing": f"event {fault.sequence} missing",
                "head": "end of chain altered",
            }[fault.reason],
        )
        for fault in found
    ]


def replayed(events: list[AnswerEvent]) -> dict[int, Register]:
    """The answers that the events add up to."""
    return replay(
        Change(Stamp(event.client_number, event.client), event.position, tuple(event.response))
        for event in events
        if event.kind == EventKind.ANSWER and event.position is not None
    )


def answer_findings(attempt: Attempt, wanted: dict[int, Register], stored: list[Answer]) -> Iterator[Finding]:
    """Answer rows that differ from the replay, or that are missing."""
    for answer in stored:
        expected = wanted.get(answer.position, UNANSWERED)
        if tuple(answer.response) != expected.response or answer.client_number != expected.stamp.number:
            yield Finding(attempt.pk, f"exams.answer:{answer.pk}", f"answer {answer.position} altered")
    for position in sorted(set(wanted) - {answer.position for answer in stored}):
        yield Finding(attempt.pk, f"exams.attempt:{attempt.pk}", f"answer {position} missing")


def score_findings(
    attempt: Attempt, wanted: dict[int, Register], stored: list[Answer], events: list[AnswerEvent]
) -> Iterator[Finding]:
    """Points, score, verdict, closing events and receipt of a submitted attempt."""
    found = recomputed(attempt, wanted)
    row = f"exams.attempt:{attempt.pk}"
    for answer in stored:
        if answer.points != found.points.get(answer.position):
            yield Finding(attempt.pk, f"exams.answer:{answer.pk}", f"points of answer {answer.position} altered")
    if (attempt.score, attempt.max_score) != (found.score.earned if found.score else None, found.possible):
        yield Finding(attempt.pk, row, "score altered")
    if attempt.passed != (found.score.reaches(attempt.exam.pass_percent) if found.score else None):
        yield Finding(attempt.pk, row, "verdict altered")
    if not closed_in_order(attempt, found, events):
        yield Finding(attempt.pk, row, "submission differs from its event")
    submitted = submission_event(events)
    if submitted is None or not holds(settings.RECEIPT_KEY, submission_of(attempt, submitted), receipt_of(attempt)):
        yield Finding(attempt.pk, row, "receipt does not hold")


def submission_event(events: Iterable[AnswerEvent]) -> AnswerEvent | None:
    """The one event of handing in."""
    found = [event for event in events if event.kind == EventKind.SUBMIT]
    return found[0] if len(found) == 1 else None


def closed_in_order(attempt: Attempt, found: Recomputed, events: Sequence[AnswerEvent]) -> bool:
    """Whether the submission follows the answers and says what is so, and marks and grade follow it."""
    kinds = [event.kind for event in events]
    submitted = submission_event(events)
    if submitted is None or submitted.response != submission_facts(attempt, found.still_open):
        return False
    after = kinds[kinds.index(EventKind.SUBMIT) + 1 :]
    graded = bool(found.still_open) and found.score is not None
    if EventKind.ANSWER in after or after.count(EventKind.GRADE) != graded:
        return False
    return not graded or (after[-1] == EventKind.GRADE and events[-1].response == grade_facts(attempt))


def mark_findings(attempt: Attempt, events: list[AnswerEvent]) -> Iterator[Finding]:
    """Marks that differ from their events, that are missing or that nobody gave; one query."""
    said = {
        (event.position, event.response["part"], event.response["number"]): (event.response, event.received_at)
        for event in events
        if event.kind == EventKind.MARK
    }
    rows = Mark.objects.filter(open_answer__answer__attempt=attempt).select_related("open_answer__answer")
    for mark in rows:
        part, position = mark.open_answer.part, mark.open_answer.answer.position
        if said.pop((position, part, mark.number), None) != (mark_facts(mark, part=part), mark.at):
            yield Finding(attempt.pk, f"exams.mark:{mark.pk}", f"mark {mark.number} of answer {position} altered")
    for place, _, number in said:
        yield Finding(attempt.pk, f"exams.attempt:{attempt.pk}", f"mark {number} of answer {place} missing")


def verify(attempt: Attempt) -> list[Finding]:
    """All findings of one attempt; `attempt.exam` should be loaded. Empty when everything agrees."""
    events = list(attempt.events.order_by("sequence"))
    stored = list(attempt.answers.order_by("position"))
    wanted = replayed(events)
    found = [*chain_findings(attempt, events), *answer_findings(attempt, wanted, stored)]
    if attempt.status == AttemptStatus.SUBMITTED:
        found.extend(score_findings(attempt, wanted, stored, events))
        found.extend(mark_findings(attempt, events))
    return found
