"""Recomputing a record: chain, answers, points, score, receipt. Every row that does not agree is named."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from exams.attempts.chain import Link, faults
from exams.attempts.convergence import Change, Register, Stamp, replay
from exams.attempts.ledger import chain_key, chained_fields, first_hash
from exams.attempts.marking import UNANSWERED, receipt_of, recomputed, submission_facts, submission_of
from exams.attempts.models import Answer, AnswerEvent, Attempt, AttemptStatus, EventKind
from exams.attempts.receipts import holds


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that does not agree with the record. `row` such as `exams.answerevent:17`."""

    attempt_id: int
    row: str
    reason: str


def faults_of(attempt: Attempt) -> list[Finding]:
    """Altered, missing or surplus events of one attempt; one query."""
    return chain_findings(attempt, list(attempt.events.order_by("sequence")))


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
    """Points, score, verdict, last event and receipt of a submitted attempt."""
    points, score = recomputed(attempt, wanted)
    row = f"exams.attempt:{attempt.pk}"
    for answer in stored:
        if answer.points != points.get(answer.position):
            yield Finding(attempt.pk, f"exams.answer:{answer.pk}", f"points of answer {answer.position} altered")
    if (attempt.score, attempt.max_score) != (score.earned, score.possible):
        yield Finding(attempt.pk, row, "score altered")
    if attempt.passed != score.reaches(attempt.exam.pass_percent):
        yield Finding(attempt.pk, row, "verdict altered")
    last = events[-1] if events else None
    if last is None or last.kind != EventKind.SUBMIT or last.response != submission_facts(attempt):
        yield Finding(attempt.pk, row, "submission differs from its event")
    if not holds(settings.RECEIPT_KEY, submission_of(attempt), receipt_of(attempt)):
        yield Finding(attempt.pk, row, "receipt does not hold")


def verify(attempt: Attempt) -> list[Finding]:
    """All findings of one attempt; `attempt.exam` should be loaded. Empty when everything agrees."""
    events = list(attempt.events.order_by("sequence"))
    stored = list(attempt.answers.order_by("position"))
    wanted = replayed(events)
    found = [*chain_findings(attempt, events), *answer_findings(attempt, wanted, stored)]
    if attempt.status == AttemptStatus.SUBMITTED:
        found.extend(score_findings(attempt, wanted, stored, events))
    return found
