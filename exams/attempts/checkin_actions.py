"""Letting people in, or not, after a look at person and document."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from django.db import transaction

from exams.attempts.checkin_models import CheckIn, CheckInOutcome
from exams.attempts.models import Attempt, AttemptStatus
from exams.attempts.queries import exam_for_person
from exams.papers.models import Exam, ExamStatus
from exams.papers.sitting import CheckInRule
from lms.audit.actions import record

if TYPE_CHECKING:
    from lms.people.models import User

Refusal = Literal["off", "over", "own", "not_meant", "writing", "reason"]


class CannotCheckIn(Exception):
    """Nothing was stored; `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def check_in(*, exam: Exam, person: "User", outcome: CheckInOutcome, by: "User", reason: str, now: datetime) -> CheckIn:
    """Note what a proctor saw. It may be done again: the newest row counts, until the person has started.

    Raises CannotCheckIn: the exam asks for none (`off`) or is over, somebody checks in themselves (`own`), the person
    is not meant or is writing already; everything but a match needs a reason.
    """
    refused = refusal(exam, person, outcome, by=by, reason=reason, now=now)
    if refused:
        raise CannotCheckIn(refused)
    row = CheckIn.objects.create(exam=exam, person=person, outcome=outcome, reason=reason[:200], by=by, at=now)
    record(
        action="exam.checked_in", by=by, now=now, target=exam, enterprise_id=exam.enterprise_id, reason=reason,
        detail={"check_in": row.pk, "person": person.pk, "outcome": str(outcome)},
    )  # fmt: skip
    return row


def refusal(
    exam: Exam, person: "User", outcome: CheckInOutcome, *, by: "User", reason: str, now: datetime
) -> Refusal | None:
    """Why not, the plainest reason first."""
    if exam.check_in == CheckInRule.OFF:
        return "off"
    if exam.status != ExamStatus.PUBLISHED or exam.closes_at <= now:
        return "over"
    if person.pk == by.pk:
        return "own"
    if outcome != CheckInOutcome.MATCH and not reason.strip():
        return "reason"
    if Attempt.objects.filter(exam=exam, person=person, status=AttemptStatus.WRITING).exists():
        return "writing"
    return None if is_meant(exam, person, now=now) else "not_meant"


def is_meant(exam: Exam, person: "User", *, now: datetime) -> bool:
    """Whether the exam is meant for the person today."""
    try:
        return exam_for_person(exam.pk, person_id=person.pk, now=now).meant
    except Exam.DoesNotExist:
        return False
