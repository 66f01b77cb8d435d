"""From the answers of a locked attempt to points, score and receipt, in the transaction of the submission.

What people mark stays open: the attempt is handed in without score, `exams.marking` completes it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from exams.attempts.agreement import FIRST, MarkingRule, decided
from exams.attempts.convergence import NEVER, Change, Register, winners
from exams.attempts.grading import Item, Score, corrected, open_parts, total
from exams.attempts.ledger import ANSWER_FIELDS, answer_event, append, fresh_changes, standing_answers
from exams.attempts.models import (
    Answer,
    AnswerEvent,
    Attempt,
    AttemptStatus,
    EventKind,
    Mark,
    OpenAnswer,
    SubmitReason,
)
from exams.attempts.receipts import Receipt, Submission, issue
from exams.attempts.statements import insert_rows, update_row
from exams.bank.grading import CENT, ZERO, Verdict, verdict
from exams.papers.correction_models import Correction
from exams.papers.models import Exam, PaperItem
from exams.papers.sitting import Marking

UNANSWERED = Register(NEVER, ())
SUBMITTED_FIELDS = (
    "status",
    "submitted_at",
    "submit_reason",
    "score",
    "max_score",
    "passed",
    "event_count",
    "highest_number",
    "head_hash",
    "last_seen_at",
    "receipt",
    "receipt_signature",
)


ITEM = ("position", "version__type", "version__key", "points", "version_id")
CORRECTION = ("correction_id", "correction__kind", "correction__source__key")


def items_of(paper_id: int) -> list[Item]:
    """What grading needs of a paper, as its corrections let it count at present; one query."""
    return [item for _, item in items_in(PaperItem.objects.filter(paper_id=paper_id).order_by("position"))]


def items_in(places: QuerySet[PaperItem]) -> Iterator[tuple[int, Item]]:
    """Paper and item of every place, as its correction lets it count at present; one query."""
    for paper, *row in places.values_list("paper_id", *ITEM, *CORRECTION):
        yield paper, item_from(Item(*row[: len(ITEM)]), *row[len(ITEM) :])


def items_under(paper_id: int, correction_ids: Collection[int]) -> list[Item]:
    """A paper as it counted under these corrections, whatever was decided later; two queries, one without any."""
    rows = Correction.objects.filter(pk__in=correction_ids).values_list("version_id", "pk", "kind", "source__key")
    found = {version: decision for version, *decision in rows} if correction_ids else {}
    items = PaperItem.objects.filter(paper_id=paper_id).order_by("position").values_list(*ITEM)
    return [item_from(item, *found.get(item.version_id, NOTHING)) for item in (Item(*row) for row in items)]


NOTHING = (None, None, None)


def item_from(item: Item, correction: int | None, kind: str | None, key: Any) -> Item:
    """An item, corrected where there is a correction."""
    return corrected(item, correction, kind or "", key) if correction else item


def corrections_in(items: Iterable[Item]) -> dict[str, list[int]]:
    """What an event says of the corrections that its result rests on; {} without any."""
    found = sorted({item.correction for item in items if item.correction})
    return {"corrections": found} if found else {}


def verdict_on(item: Item, response: Sequence[str], *, multiple_rule: str) -> Verdict:
    """What the rules, or a correction, say of one response."""
    if not item.counts:
        return Verdict(item.worth.quantize(CENT))
    return verdict(item.type, item.key, response, points=item.points, multiple_rule=multiple_rule)


def verdicts(items: Iterable[Item], answers: Mapping[int, Register], *, multiple_rule: str) -> dict[int, Verdict]:
    """What the rules say by position, unanswered questions included."""
    return {
        item.position: verdict_on(
            item, answers.get(item.position, UNANSWERED).response, multiple_rule=multiple_rule
        )
        for item in items
    }  # fmt: skip


def open_points(found: Mapping[int, Verdict]) -> Decimal:
    """All points that people decide about."""
    return sum((one.open for one in found.values() if one.open), ZERO)


def hand_in(
    attempt: Attempt, changes: Iterable[Change], *, reason: SubmitReason, submitted_at: datetime, now: datetime
) -> None:
    """Take the last changes, grade, close the chain, sign the receipt: three reads at most, three writes.

    Two statements more where people have to mark.
    """
    stored = standing_answers(attempt)
    fresh, present = fresh_changes(attempt, changes)
    answers = {position: register for position, (register, _) in stored.items()}
    answers |= {
        position: Register(change.stamp, change.response) for position, change in winners(fresh, present).items()
    }
    items = items_of(attempt.paper_id)
    found = verdicts(items, answers, multiple_rule=attempt.exam.multiple_rule)
    if fresh:
        attempt.highest_number = max(attempt.highest_number, fresh[-1].stamp.number)
    attempt.status, attempt.submitted_at, attempt.submit_reason = AttemptStatus.SUBMITTED, submitted_at, reason
    settle(attempt, items, found)
    closing = submit_event(attempt, now, open_points(found), items)
    attempt.last_seen_at = now if reason == SubmitReason.PERSON else attempt.last_seen_at
    append(attempt, [*(answer_event(change, now) for change in fresh), closing])
    write_points(attempt, answers, found, saved={pos: at for pos, (_, at) in stored.items()}, now=now)
    if attempt.score is None:
        write_open_answers(attempt, items, answers)
    sign(attempt)
    update_row(attempt, SUBMITTED_FIELDS)


def settle(attempt: Attempt, items: Iterable[Item], found: Mapping[int, Verdict]) -> None:
    """Sets (does not save) score, verdict, and what was possible; the first two None while people have to mark."""
    score = total(items, (one.earned for one in found.values()))
    attempt.max_score = score.possible
    if open_points(found):
        attempt.score = attempt.passed = None
        return
    attempt.score, attempt.passed = score.earned, score.reaches(attempt.exam.pass_percent)


def submit_event(attempt: Attempt, now: datetime, still_open: Decimal, items: Iterable[Item]) -> AnswerEvent:
    """The end of writing: binds the result into the chain."""
    facts = submission_facts(attempt, still_open, total(items, ()).possible, attempt.score, passed=attempt.passed)
    facts |= corrections_in(items)
    return AnswerEvent(kind=EventKind.SUBMIT, response=facts, received_at=now)


def two_places(points: Decimal | None) -> str | None:
    """Points as events keep them; None stays (a record that was tampered with must be readable)."""
    return None if points is None else f"{points:.2f}"


def submission_facts(
    attempt: Attempt, still_open: Decimal, possible: Decimal, score: Decimal | None, *, passed: bool | None
) -> dict[str, Any]:
    """What the event says about the submission, with the result of that moment; none while points are open."""
    assert attempt.submitted_at is not None
    facts = {
        "reason": str(attempt.submit_reason),
        "submitted_at": f"{attempt.submitted_at.timestamp():.6f}",
        "deadline_at": f"{attempt.deadline_at.timestamp():.6f}",
        "max_score": f"{possible:.2f}",
    }
    if still_open:
        return {**facts, "score": None, "passed": None, "open": f"{still_open:.2f}"}
    return {**facts, "score": two_places(score), "passed": passed}


def write_points(
    attempt: Attempt,
    answers: Mapping[int, Register],
    found: Mapping[int, Verdict],
    *,
    saved: Mapping[int, datetime],
    now: datetime,
) -> None:
    """One answer row per question of the paper, graded where no points are open, in one statement."""
    rows = []
    for position, one in found.items():
        register = answers.get(position, UNANSWERED)
        rows.append(
            (
                attempt.pk,
                position,
                list(register.response),
                register.stamp.client,
                register.stamp.number,
                saved.get(position, now),
                None if one.open else one.earned,
            )
        )
    names = (*ANSWER_FIELDS, "points")
    insert_rows(Answer, names, rows, unique=("attempt", "position"), replace=names[2:])


def write_open_answers(attempt: Attempt, items: Iterable[Item], answers: Mapping[int, Register]) -> None:
    """Note what people have to mark and is not noted yet; one read, one write."""
    open_items = {
        item.position: (item, parts)
        for item in items
        if (parts := open_parts(item, answers.get(item.position, UNANSWERED).response))
    }
    rows = Answer.objects.filter(attempt=attempt, position__in=open_items).order_by("position")
    OpenAnswer.objects.bulk_create(
        (
            OpenAnswer(answer_id=pk, version_id=open_items[position][0].version_id, part=part, possible=possible)
            for pk, position in rows.values_list("pk", "position")
            for part, possible in open_items[position][1].items()
        ),
        ignore_conflicts=True,
    )


def submission_of(attempt: Attempt, event: AnswerEvent) -> Submission:
    """What the receipt vouches for: the chain up to the event of the submission, whatever follows it."""
    assert attempt.submitted_at is not None
    return Submission(str(attempt.key), event.hash, event.sequence, attempt.submitted_at)


def receipt_of(attempt: Attempt) -> Receipt:
    """The receipt as stored."""
    return Receipt(code=attempt.receipt or "", signature=attempt.receipt_signature)


def sign(attempt: Attempt) -> None:
    """Sets (does not save) the receipt; the submission must be the last event."""
    assert attempt.submitted_at is not None
    submission = Submission(str(attempt.key), attempt.head_hash, attempt.event_count, attempt.submitted_at)
    receipt = issue(settings.RECEIPT_KEY, submission)
    attempt.receipt, attempt.receipt_signature = receipt.code, receipt.signature


# --- what people gave ----------------------------------------------------------------------------


def mark_facts(mark: Mark, *, part: str) -> dict[str, Any]:
    """Everything that a mark says."""
    staged = {"stage": mark.stage} if mark.stage > FIRST else {}
    return {
        **staged,
        "part": part,
        "number": mark.number,
        "points": f"{mark.points:.2f}",
        "possible": f"{mark.possible:.2f}",
        "met": list(mark.met),
        "comment": mark.comment,
        "marker": mark.marker_id,
    }


def grade_facts(attempt: Attempt) -> dict[str, Any]:
    """What the last event says about the final result."""
    return {
        "score": two_places(attempt.score),
        "max_score": f"{attempt.max_score:.2f}",
        "passed": attempt.passed,
    }


Given = dict[tuple[int, str], Decimal]  # points by position and sub-question


def marking_rule(exam: Exam) -> MarkingRule:
    """How many people mark an answer of this exam."""
    return MarkingRule(double=exam.marking == Marking.DOUBLE, tolerance_percent=exam.marking_tolerance)


def given_marks(attempt: Attempt) -> Given:
    """What the marks come to, where they come to something; one query. `attempt.exam` should be loaded."""
    rows = Mark.objects.filter(open_answer__answer__attempt=attempt).order_by("number")
    stages: dict[tuple[int, str], dict[int, Decimal]] = defaultdict(dict)
    possible: dict[tuple[int, str], Decimal] = {}
    for position, part, most, stage, points in rows.values_list(
        "open_answer__answer__position", "open_answer__part", "possible", "stage", "points"
    ):
        stages[position, part][stage] = points
        possible[position, part] = most
    rule = marking_rule(attempt.exam)
    found = {place: decided(points, rule, possible=possible[place]) for place, points in stages.items()}
    return {place: points for place, points in found.items() if points is not None}


def with_marks(
    items: Iterable[Item], answers: Mapping[int, Register], found: Mapping[int, Verdict], given: Given
) -> dict[int, Decimal | None]:
    """Final points by position; None where a mark is missing."""
    points: dict[int, Decimal | None] = {}
    for item in items:
        one = found[item.position]
        points[item.position] = one.earned
        if one.open:
            parts = open_parts(item, answers.get(item.position, UNANSWERED).response)
            marks = [given.get((item.position, part)) for part in parts]
            points[item.position] = None if None in marks else sum((m for m in marks if m is not None), one.earned)
    return points


@dataclass(frozen=True, slots=True)
class Recomputed:
    """Everything that follows from answers and marks; `score` is None while a mark is missing."""

    still_open: Decimal  # points that were open on submission
    points: dict[int, Decimal | None]
    score: Score | None
    possible: Decimal


def recomputed(attempt: Attempt, answers: Mapping[int, Register], items: Sequence[Item]) -> Recomputed:
    """Points and score from scratch; one query at most."""
    found = verdicts(items, answers, multiple_rule=attempt.exam.multiple_rule)
    still_open = open_points(found)
    points = with_marks(items, answers, found, given_marks(attempt) if still_open else {})
    earned = [one for one in points.values() if one is not None]
    whole = total(items, earned)
    return Recomputed(still_open, points, whole if len(earned) == len(points) else None, whole.possible)
