"""Recomputing a record: chain, answers, marks, points, score, receipt. Every row that does not agree is named."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings

from exams.attempts.chain import Link, faults
from exams.attempts.convergence import Change, Register, Stamp, replay
from exams.attempts.deadlines import resolve
from exams.attempts.ledger import chain_key, chained_fields, first_hash
from exams.attempts.models import Answer, AnswerEvent, Attempt, AttemptStatus, EventKind, Mark, OpenAnswer
from exams.attempts.receipts import holds
from exams.attempts.scoring import (
    UNANSWERED,
    corrections_in,
    given_marks,
    grade_facts,
    items_under,
    mark_facts,
    receipt_of,
    recomputed,
    submission_facts,
    submission_of,
    two_places,
)
from exams.attempts.time_queries import changes_in, facts_of
from exams.papers.models import PaperItem

FOLLOWING = frozenset({EventKind.MARK, EventKind.LATE, EventKind.GRADE, EventKind.VOID})


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


ANSWERS = frozenset({EventKind.ANSWER, EventKind.LATE})


def replayed(events: list[AnswerEvent], kinds: Collection[str] = ANSWERS) -> dict[int, Register]:
    """The answers that the events add up to; with ANSWER alone, those of the moment of handing in."""
    return replay(
        Change(Stamp(event.client_number, event.client), event.position, tuple(event.response))
        for event in events
        if event.kind in kinds and event.position is not None
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
    under = corrections_said(events)
    found = recomputed(attempt, wanted, items_under(attempt.paper_id, under))
    row = f"exams.attempt:{attempt.pk}"
    for answer in stored:
        if answer.points != found.points.get(answer.position):
            yield Finding(attempt.pk, f"exams.answer:{answer.pk}", f"points of answer {answer.position} altered")
    if (attempt.score, attempt.max_score) != (found.score.earned if found.score else None, found.possible):
        yield Finding(attempt.pk, row, "score altered")
    if attempt.passed != (found.score.reaches(attempt.exam.pass_percent) if found.score else None):
        yield Finding(attempt.pk, row, "verdict altered")
    for correction in uncounted(attempt, under):
        yield Finding(attempt.pk, row, f"correction {correction} not counted")
    if not (handed_in_as_said(attempt, events) and graded_as_said(attempt, events)):
        yield Finding(attempt.pk, row, "submission differs from its event")
    submitted = submission_event(events)
    if submitted is None or not holds(settings.RECEIPT_KEY, submission_of(attempt, submitted), receipt_of(attempt)):
        yield Finding(attempt.pk, row, "receipt does not hold")


def corrections_said(events: Sequence[AnswerEvent], *kinds: EventKind) -> list[int]:
    """The corrections that the last result on record rests on."""
    kinds = kinds or (EventKind.SUBMIT, EventKind.GRADE)
    results = [event.response for event in events if event.kind in kinds]
    return list(results[-1].get("corrections", ())) if results else []


def uncounted(attempt: Attempt, under: Collection[int]) -> list[int]:
    """Corrections that are settled for the exam and that the result does not rest on; one query."""
    rows = PaperItem.objects.filter(paper=attempt.paper_id, correction__settled_at__isnull=False)
    return sorted(set(rows.values_list("correction_id", flat=True)) - {None, *under})


def submission_event(events: Iterable[AnswerEvent]) -> AnswerEvent | None:
    """The one event of handing in."""
    found = [event for event in events if event.kind == EventKind.SUBMIT]
    return found[0] if len(found) == 1 else None


def handed_in_as_said(attempt: Attempt, events: list[AnswerEvent]) -> bool:
    """Whether the event of handing in says what the answers of that moment come to."""
    submitted = submission_event(events)
    if submitted is None:
        return False
    items = items_under(attempt.paper_id, corrections_said(events, EventKind.SUBMIT))
    then = recomputed(attempt, replayed(events, {EventKind.ANSWER}), items)
    score = None if then.still_open else then.score
    passed = score.reaches(attempt.exam.pass_percent) if score else None
    facts = submission_facts(attempt, then.still_open, then.possible, score.earned if score else None, passed=passed)
    return bool(submitted.response == {**facts, **corrections_in(items)})


def graded_as_said(attempt: Attempt, events: Sequence[AnswerEvent]) -> bool:
    """Whether only marks, late answers and grades follow the submission, and the last grade is the one that stands."""
    kinds = [event.kind for event in events]
    after = events[kinds.index(EventKind.SUBMIT) + 1 :]
    if {event.kind for event in after} - FOLLOWING:
        return False
    grades = [event.response for event in after if event.kind == EventKind.GRADE]
    if not grades:
        return not any(event.kind == EventKind.LATE for event in after) and settled_at_once(attempt, events)
    return {name: grades[-1].get(name) for name in ("score", "max_score", "passed")} == grade_facts(attempt)


def settled_at_once(attempt: Attempt, events: Sequence[AnswerEvent]) -> bool:
    """Without a grade that followed, the submission's own is the one that stands."""
    submitted = submission_event(events)
    return submitted is not None and submitted.response["score"] == two_places(attempt.score)


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


def decision_findings(attempt: Attempt) -> Iterator[Finding]:
    """Open answers whose points are not what their marks come to; two queries."""
    given = given_marks(attempt)
    for row in OpenAnswer.objects.filter(answer__attempt=attempt).select_related("answer"):
        if row.points != given.get((row.answer.position, row.part)):
            yield Finding(attempt.pk, f"exams.openanswer:{row.pk}", f"points of answer {row.answer.position} altered")


def time_findings(attempt: Attempt, events: list[AnswerEvent]) -> Iterator[Finding]:
    """Changes of the time that differ from their events, and a deadline that does not follow from them; one query."""
    rows = list(attempt.time_changes.order_by("pk"))
    said = [event.response for event in events if event.kind == EventKind.TIME]
    stored = [(str(row.kind), row.seconds, row.by_id, row.reason) for row in rows]
    if stored != [(one["change"], one["seconds"], one["by"], one["reason"]) for one in said]:
        yield Finding(attempt.pk, f"exams.attempt:{attempt.pk}", "changes of the time altered")
    if attempt.deadline_at != resolve(facts_of(attempt), changes_in(rows)).at:
        yield Finding(attempt.pk, f"exams.attempt:{attempt.pk}", "deadline altered")


def verify(attempt: Attempt) -> list[Finding]:
    """All findings of one attempt; `attempt.exam` should be loaded. Empty when everything agrees."""
    events = list(attempt.events.order_by("sequence"))
    stored = list(attempt.answers.order_by("position"))
    wanted = replayed(events)
    found = [
        *chain_findings(attempt, events), *answer_findings(attempt, wanted, stored), *time_findings(attempt, events),
    ]  # fmt: skip
    if attempt.status == AttemptStatus.SUBMITTED:
        found.extend(score_findings(attempt, wanted, stored, events))
        found.extend(mark_findings(attempt, events))
        found.extend(decision_findings(attempt))
    return found
