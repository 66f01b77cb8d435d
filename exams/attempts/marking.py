"""From the answers of a locked attempt to points, score and receipt, in the transaction of the submission."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from exams.attempts.convergence import NEVER, Change, Register, winners
from exams.attempts.grading import Item, Score, total
from exams.attempts.ledger import ANSWER_FIELDS, answer_event, append, fresh_changes, standing_answers
from exams.attempts.models import Answer, AnswerEvent, Attempt, AttemptStatus, EventKind, SubmitReason
from exams.attempts.receipts import Receipt, Submission, issue
from exams.attempts.statements import insert_rows, update_row
from exams.bank.grading import verdict
from exams.papers.models import PaperItem

UNANSWERED = Register(NEVER, ())
SUBMITTED_FIELDS = (
    "status",
    "submitted_at",
    "submit_reason",
    "score",
    "passed",
    "event_count",
    "highest_number",
    "head_hash",
    "last_seen_at",
    "receipt",
    "receipt_signature",
)


def items_of(paper_id: int) -> list[Item]:
    """What grading needs of a paper; one query."""
    rows = PaperItem.objects.filter(paper_id=paper_id).order_by("position")
    return [
        Item(position, type_, key, points)
        for position, type_, key, points in rows.values_list("position", "version__type", "version__key", "points")
    ]


def grade(items: Iterable[Item], answers: Mapping[int, Register], *, multiple_rule: str) -> dict[int, Decimal]:
    """Points by position, unanswered questions included."""
    return {
        item.position: verdict(
            item.type, item.key, answers.get(item.position, UNANSWERED).response, points=item.points,
            multiple_rule=multiple_rule,
        ).earned
        for item in items
    }  # fmt: skip


def hand_in(
    attempt: Attempt, changes: Iterable[Change], *, reason: SubmitReason, submitted_at: datetime, now: datetime
) -> None:
    """Take the last changes, grade, close the chain, sign the receipt: three reads at most, three writes."""
    stored = standing_answers(attempt)
    fresh, present = fresh_changes(attempt, changes)
    answers = {position: register for position, (register, _) in stored.items()}
    answers |= {
        position: Register(change.stamp, change.response) for position, change in winners(fresh, present).items()
    }
    items = items_of(attempt.paper_id)
    points = grade(items, answers, multiple_rule=attempt.exam.multiple_rule)
    score = total(items, points.values())
    if fresh:
        attempt.highest_number = max(attempt.highest_number, fresh[-1].stamp.number)
    attempt.status, attempt.submitted_at, attempt.submit_reason = AttemptStatus.SUBMITTED, submitted_at, reason
    attempt.score, attempt.passed = score.earned, score.reaches(attempt.exam.pass_percent)
    attempt.last_seen_at = now if reason == SubmitReason.PERSON else attempt.last_seen_at
    append(attempt, [*(answer_event(change, now) for change in fresh), submit_event(attempt, now)])
    write_points(attempt, answers, points, saved={pos: at for pos, (_, at) in stored.items()}, now=now)
    sign(attempt)
    update_row(attempt, SUBMITTED_FIELDS)


def submit_event(attempt: Attempt, now: datetime) -> AnswerEvent:
    """The last event: binds the result into the chain."""
    return AnswerEvent(kind=EventKind.SUBMIT, response=submission_facts(attempt), received_at=now)


def submission_facts(attempt: Attempt) -> dict[str, Any]:
    """What the last event says about the result."""
    assert attempt.submitted_at is not None
    return {
        "reason": str(attempt.submit_reason),
        "submitted_at": f"{attempt.submitted_at.timestamp():.6f}",
        "deadline_at": f"{attempt.deadline_at.timestamp():.6f}",
        "score": f"{attempt.score:.2f}",
        "max_score": f"{attempt.max_score:.2f}",
        "passed": attempt.passed,
    }


def write_points(
    attempt: Attempt,
    answers: Mapping[int, Register],
    points: Mapping[int, Decimal],
    *,
    saved: Mapping[int, datetime],
    now: datetime,
) -> None:
    """One answer row per question of the paper, graded, in one statement."""
    rows = []
    for position, earned in points.items():
        register = answers.get(position, UNANSWERED)
        rows.append(
            (
                attempt.pk,
                position,
                list(register.response),
                register.stamp.client,
                register.stamp.number,
                saved.get(position, now),
                earned,
            )
        )
    names = (*ANSWER_FIELDS, "points")
    insert_rows(Answer, names, rows, unique=("attempt", "position"), replace=names[2:])


def submission_of(attempt: Attempt) -> Submission:
    """What the receipt vouches for."""
    assert attempt.submitted_at is not None
    return Submission(str(attempt.key), attempt.head_hash, attempt.event_count, attempt.submitted_at)


def receipt_of(attempt: Attempt) -> Receipt:
    """The receipt as stored."""
    return Receipt(code=attempt.receipt or "", signature=attempt.receipt_signature)


def sign(attempt: Attempt) -> None:
    """Sets (does not save) the receipt."""
    receipt = issue(settings.RECEIPT_KEY, submission_of(attempt))
    attempt.receipt, attempt.receipt_signature = receipt.code, receipt.signature


def recomputed(attempt: Attempt, answers: Mapping[int, Register]) -> tuple[dict[int, Decimal], Score]:
    """Points and score from scratch, for checks."""
    items = items_of(attempt.paper_id)
    points = grade(items, answers, multiple_rule=attempt.exam.multiple_rule)
    return points, total(items, points.values())
