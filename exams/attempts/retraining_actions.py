"""Letting somebody try again after training that was held outside the platform."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from exams.attempts.actions import AlreadySubmitted
from exams.attempts.locking import locked_with_exam
from exams.attempts.models import AttemptStatus
from exams.attempts.retraining_models import Retraining
from lms.audit.actions import record

if TYPE_CHECKING:
    from lms.people.models import User


@transaction.atomic
def confirm_retraining(*, attempt_id: int, by: "User", reason: str, now: datetime) -> Retraining:
    """Note that the candidate of a failed attempt was trained again; once for an attempt.

    Raises Attempt.DoesNotExist, AlreadySubmitted for an attempt that was not failed.
    """
    attempt = locked_with_exam(pk=attempt_id)
    if attempt.status != AttemptStatus.SUBMITTED or attempt.passed is not False:
        raise AlreadySubmitted
    row, made = Retraining.objects.get_or_create(
        attempt=attempt, defaults={"at": now, "by": by, "reason": reason[:200]}
    )
    if made:
        record(
            action="attempt.retrained", by=by, now=now, target=attempt, enterprise_id=attempt.exam.enterprise_id,
            reason=reason,
        )  # fmt: skip
    return row
