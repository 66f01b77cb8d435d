"""Changing the time of attempts: extra time before the start, extensions, pauses. Always with a reason."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from exams.attempts.actions import AlreadySubmitted, expire_attempt
from exams.attempts.deadlines import ChangeKind
from exams.attempts.ledger import append
from exams.attempts.locking import locked_with_exam
from exams.attempts.models import AnswerEvent, Attempt, AttemptStatus, EventKind
from exams.attempts.statements import update_row
from exams.attempts.time_models import ExtraTime, TimeChange
from exams.attempts.time_queries import deadline_of
from exams.attempts.timing import Phase
from exams.papers.models import Exam
from lms.audit.actions import record

if TYPE_CHECKING:
    from lms.people.models import User

TIMED_FIELDS = ("deadline_at", "paused_at", "news", "event_count", "head_hash")


class CannotChangeTime(Exception):
    """Nothing was changed. `reason`: paused (is already), running (is not paused), started (has begun already)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def give_extra_time(*, exam: Exam, person: "User", minutes: int, by: "User", reason: str, now: datetime) -> ExtraTime:
    """Extra time for the sittings that this person begins from now on; giving it again replaces it.

    Raises CannotChangeTime while an attempt of this person is open: that one is extended.
    """
    if Attempt.objects.of(person.pk).filter(exam=exam, status=AttemptStatus.WRITING).exists():
        raise CannotChangeTime("started")
    row, _ = ExtraTime.objects.update_or_create(
        exam=exam, person=person, defaults={"minutes": minutes, "reason": reason, "given_by": by, "given_at": now}
    )
    record(
        action="exam.extra_time", by=by, now=now, target=row, enterprise_id=exam.enterprise_id, reason=reason,
        detail={"exam": exam.pk, "minutes": minutes},
    )  # fmt: skip
    return row


def extend(*, attempt_id: int, minutes: int, by: "User", reason: str, now: datetime) -> Attempt:
    """Move the deadline of an open attempt. Raises Attempt.DoesNotExist, AlreadySubmitted."""
    return change_time(attempt_id, ChangeKind.EXTENSION, seconds=60 * minutes, by=by, reason=reason, now=now)


def pause(*, attempt_id: int, by: "User", reason: str, now: datetime) -> Attempt:
    """Stop the clock. Raises Attempt.DoesNotExist, AlreadySubmitted, CannotChangeTime."""
    return change_time(attempt_id, ChangeKind.PAUSE, by=by, reason=reason, now=now)


def resume(*, attempt_id: int, by: "User", reason: str, now: datetime) -> Attempt:
    """Let the clock go on; the time that it stood is given back. Raises as `pause`."""
    return change_time(attempt_id, ChangeKind.RESUMPTION, by=by, reason=reason, now=now)


def change_time(
    attempt_id: int, kind: ChangeKind, *, seconds: int = 0, by: "User", reason: str, now: datetime
) -> Attempt:
    """One change as row, chained event and new deadline, in one transaction."""
    expire_attempt(attempt_id=attempt_id, now=now)  # what is over stays over
    with transaction.atomic():
        attempt = locked_with_exam(pk=attempt_id)
        refuse_unless_fitting(attempt, kind, now=now)
        change = TimeChange.objects.create(
            attempt=attempt, kind=kind, seconds=seconds, at=now, by=by, reason=reason[:200]
        )
        deadline = deadline_of(attempt)
        attempt.deadline_at, attempt.paused_at = deadline.at, deadline.paused_since
        attempt.news += 1
        append(attempt, [AnswerEvent(kind=EventKind.TIME, response=change_facts(change, attempt), received_at=now)])
        update_row(attempt, TIMED_FIELDS)
        record(
            action=f"attempt.{kind}", by=by, now=now, target=attempt, enterprise_id=attempt.exam.enterprise_id,
            reason=reason, detail={"seconds": seconds, "deadline": deadline.at.isoformat()},
        )  # fmt: skip
    return attempt


def refuse_unless_fitting(attempt: Attempt, kind: ChangeKind, *, now: datetime) -> None:
    """Raises AlreadySubmitted or CannotChangeTime."""
    if attempt.status != AttemptStatus.WRITING or attempt.clock.phase(now) is Phase.OVER:
        raise AlreadySubmitted
    if kind == ChangeKind.PAUSE and attempt.paused_at:
        raise CannotChangeTime("paused")
    if kind == ChangeKind.RESUMPTION and not attempt.paused_at:
        raise CannotChangeTime("running")


def change_facts(change: TimeChange, attempt: Attempt) -> dict[str, Any]:
    """Everything that the event of a change says; `deadline_at` is the one that follows from it."""
    return {
        "change": str(change.kind),
        "seconds": change.seconds,
        "by": change.by_id,
        "reason": change.reason,
        "deadline_at": f"{attempt.deadline_at.timestamp():.6f}",
    }
