"""One live device for an attempt, and moving to another."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from exams.attempts.actions import refuse_unless_open
from exams.attempts.ledger import append
from exams.attempts.locking import locked_with_exam
from exams.attempts.models import AnswerEvent, Attempt, AttemptStatus, EventKind
from exams.attempts.statements import update_row
from exams.papers.sitting import TakeOver
from lms.audit.actions import record

if TYPE_CHECKING:
    from uuid import UUID

    from lms.people.models import User

DEVICE_FIELDS = ("device", "take_over_allowed", "news", "event_count", "head_hash")


class CannotTakeOver(Exception):
    """The exam does not let this device take over (now)."""


def may_take_over(attempt: Attempt) -> bool:
    """Whether another device may go on with the attempt by itself. `attempt.exam` should be loaded."""
    return attempt.take_over_allowed or attempt.exam.take_over == TakeOver.FREE


def take_over(*, attempt_key: "UUID", device: str, by: "User", now: datetime) -> Attempt:
    """Go on with an open attempt on another device; the one before may not write any more.

    Raises Attempt.DoesNotExist, AlreadySubmitted, TimeIsUp, CannotTakeOver.
    """
    with transaction.atomic():
        attempt = locked_with_exam(key=attempt_key, person_id=by.pk)
        refuse_unless_open(attempt, now=now)
        if attempt.device == device:
            return attempt
        if not may_take_over(attempt):
            raise CannotTakeOver
        facts = {"from": attempt.device, "to": device, "allowed": attempt.take_over_allowed}
        attempt.device, attempt.take_over_allowed = device, False
        note_device(attempt, facts, now=now)
    return attempt


def allow_take_over(*, attempt_id: int, by: "User", reason: str, now: datetime) -> Attempt:
    """Let the next device take over although the exam asks first. Raises Attempt.DoesNotExist, AlreadySubmitted."""
    with transaction.atomic():
        attempt = locked_with_exam(pk=attempt_id)
        refuse_unless_open(attempt, now=now)
        attempt.take_over_allowed = True
        note_device(attempt, {"allowed_by": by.pk, "reason": reason[:200]}, now=now)
        record(
            action="attempt.take_over_allowed", by=by, now=now, target=attempt,
            enterprise_id=attempt.exam.enterprise_id, reason=reason,
        )  # fmt: skip
    return attempt


def note_device(attempt: Attempt, facts: dict[str, Any], *, now: datetime) -> None:
    """Chain what happened and store it; the row is locked."""
    attempt.news += 1
    append(attempt, [AnswerEvent(kind=EventKind.DEVICE, response=facts, received_at=now)])
    update_row(attempt, DEVICE_FIELDS)


def moved_at(attempt: Attempt) -> datetime | None:
    """When the attempt went to its present device; None when it never moved; one query."""
    moves = attempt.events.filter(kind=EventKind.DEVICE, response__has_key="to").order_by("-sequence")
    return moves.values_list("received_at", flat=True).first()


def writes(attempt: Attempt, device: str) -> bool:
    """Whether this device may write: the one that does, or any while none does."""
    return attempt.status != AttemptStatus.WRITING or not attempt.device or attempt.device == device
