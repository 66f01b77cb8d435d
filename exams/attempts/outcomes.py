"""What an attempt means for the ledger of outcomes: a pass, and a pass taken back."""

from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.utils import timezone

from exams.attempts.locking import locked_with_exam
from exams.attempts.models import Attempt, AttemptStatus
from exams.attempts.queries import window_of
from exams.attempts.release_queries import released
from exams.attempts.statements import update_row
from exams.attempts.timing import months_later
from exams.papers.models import ExamKind
from lms.coverage.actions import correct_amount, evidence_reference, record_outcome, restore_outcome, withdraw_outcome
from lms.coverage.models import Outcome, OutcomeKind

if TYPE_CHECKING:
    from lms.people.models import User

log = structlog.get_logger(__name__)


def record_pass(attempt: Attempt, *, now: datetime) -> None:
    """Note the outcome of a passed attempt once its result is out; until then it stays due. Mock exams have none.

    An outcome earlier than the result would give it away: the certificate is made from it.
    """
    score, exam, counts = attempt.result, attempt.exam, attempt.status == AttemptStatus.SUBMITTED
    if not counts or not attempt.passed or score is None or attempt.submitted_at is None or exam.kind == ExamKind.MOCK:
        note_due(attempt, due=False)  # voided, or failed by a correction, since it became due
        return
    if not window_of(exam).released(now):
        note_due(attempt, due=True)
        return
    valid_until = None
    if exam.valid_months:
        valid_until = months_later(timezone.localdate(attempt.submitted_at), exam.valid_months)
    record_outcome(
        kind=OutcomeKind.EXAM_PASSED,
        subject=exam.subject,
        title=exam.title,
        person=attempt.person,
        evidence=attempt,
        achieved_at=attempt.submitted_at,
        valid_until=valid_until,
        amount=score.percent,
        facts={"pass_percent": str(exam.pass_percent)},
    )
    note_due(attempt, due=False)


def note_due(attempt: Attempt, *, due: bool) -> None:
    """Whether the outcome of a locked attempt still has to be recorded; one write where that changes."""
    if attempt.outcome_due != due:
        attempt.outcome_due = due
        update_row(attempt, ("outcome_due",))


def record_due_passes(*, now: datetime, exam_id: int | None = None) -> int:
    """Settle every pass that waited for the release of its exam, each in its own transaction; returns the number.

    One that fails is logged and keeps nobody else waiting; the next run tries it again.
    """
    due = Attempt.objects.filter(released(now, "exam__"), status=AttemptStatus.SUBMITTED, outcome_due=True)
    if exam_id is not None:
        due = due.filter(exam_id=exam_id)
    recorded = 0
    for attempt_id in list(due.order_by("pk").values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                attempt = locked_with_exam(pk=attempt_id)
                record_pass(attempt, now=now)
        except Exception:
            log.exception("pass could not be recorded", attempt=attempt_id)
        else:
            recorded += 1
    return recorded


def standing_pass(attempt: Attempt) -> Outcome | None:
    """The outcome that rests on an attempt, withdrawn or not; one query."""
    return Outcome.objects.filter(kind=OutcomeKind.EXAM_PASSED, evidence=evidence_reference(attempt)).first()


def withdraw_pass(attempt: Attempt, *, by: "User | None", reason: str, now: datetime) -> None:
    """Take back what rests on an attempt that counts no more or is no longer passed."""
    outcome = standing_pass(attempt)
    if outcome is not None and outcome.withdrawn_on is None:
        withdraw_outcome(outcome=outcome, by=by, now=now, reason=reason)


def settle_pass(attempt: Attempt, *, by: "User | None", reason: str, now: datetime) -> None:
    """Bring the ledger in line with an attempt whose result has changed."""
    if attempt.status == AttemptStatus.VOIDED or not attempt.passed:
        withdraw_pass(attempt, by=by, reason=reason, now=now)
        return
    outcome = standing_pass(attempt)
    if outcome is None:
        record_pass(attempt, now=now)
        return
    if outcome.withdrawn_on is not None:
        restore_outcome(outcome=outcome, by=by, now=now, reason=reason)
    if attempt.result is not None and outcome.amount != attempt.result.percent:
        correct_amount(outcome=outcome, amount=attempt.result.percent, by=by, now=now, reason=reason)
