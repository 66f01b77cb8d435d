"""Ending attempts from outside: forced submission, voiding."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from exams.attempts.actions import AlreadySubmitted, expire_attempt
from exams.attempts.ledger import append
from exams.attempts.locking import locked_with_exam
from exams.attempts.models import AnswerEvent, Attempt, AttemptStatus, EventKind, SubmitReason
from exams.attempts.outcomes import record_pass, withdraw_pass
from exams.attempts.scoring import hand_in
from exams.attempts.statements import update_row
from lms.audit.actions import record

if TYPE_CHECKING:
    from lms.people.models import User

VOIDED_FIELDS = ("status", "paused_at", "news", "event_count", "head_hash")


def force_submit(*, attempt_id: int, by: "User | None", reason: str, now: datetime) -> Attempt:
    """Hand in an open attempt as it was saved; `by` None: the rules of the exam did it.

    Raises Attempt.DoesNotExist, AlreadySubmitted.
    """
    expire_attempt(attempt_id=attempt_id, now=now)
    with transaction.atomic():
        attempt = locked_with_exam(pk=attempt_id)
        if attempt.status != AttemptStatus.WRITING:
            raise AlreadySubmitted
        attempt.news += 1
        # A paused clock may stand beyond the deadline that it had.
        ended = now if attempt.paused_at else min(now, attempt.deadline_at)
        hand_in(attempt, (), reason=SubmitReason.FORCED, submitted_at=ended, now=now)
        update_row(attempt, ("news",))
        record_pass(attempt, now=now)
        record(
            action="attempt.force_submitted", by=by, now=now, target=attempt,
            enterprise_id=attempt.exam.enterprise_id, reason=reason,
        )  # fmt: skip
    return attempt


def void_attempt(*, attempt_id: int, by: "User", reason: str, now: datetime) -> Attempt:
    """Declare an attempt void, open or handed in: it counts for nothing, its record stays, a pass is withdrawn.

    Raises Attempt.DoesNotExist, AlreadySubmitted for one that is void already.
    """
    with transaction.atomic():
        attempt = locked_with_exam(pk=attempt_id)
        if attempt.status == AttemptStatus.VOIDED:
            raise AlreadySubmitted
        facts = {"by": by.pk, "reason": reason[:200], "was": str(attempt.status)}
        attempt.status, attempt.paused_at = AttemptStatus.VOIDED, None
        attempt.news += 1
        append(attempt, [AnswerEvent(kind=EventKind.VOID, response=facts, received_at=now)])
        update_row(attempt, VOIDED_FIELDS)
        withdraw_pass(attempt, by=by, reason=reason, now=now)
        record(
            action="attempt.voided", by=by, now=now, target=attempt, enterprise_id=attempt.exam.enterprise_id,
            reason=reason, detail={"was": facts["was"]},
        )  # fmt: skip
    return attempt
