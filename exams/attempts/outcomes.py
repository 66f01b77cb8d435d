"""What an attempt means for the ledger of outcomes: a pass, and a pass taken back."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from exams.attempts.models import Attempt, AttemptStatus
from exams.attempts.timing import months_later
from exams.papers.models import Exam, ExamKind, Release
from lms.coverage.actions import correct_amount, evidence_reference, record_outcome, restore_outcome, withdraw_outcome
from lms.coverage.models import Outcome, OutcomeKind

if TYPE_CHECKING:
    from lms.people.models import User


def record_pass(attempt: Attempt) -> None:
    """Note the outcome of a passed attempt; mock exams have none, results that wait for approval not yet."""
    score, exam = attempt.result, attempt.exam
    if not attempt.passed or score is None or attempt.submitted_at is None or exam.kind == ExamKind.MOCK:
        return
    if exam.release == Release.AFTER_APPROVAL and exam.results_approved_at is None:
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


def record_passes(exam: Exam) -> int:
    """Note the outcomes of everybody who passed an exam; doing it again changes nothing. Returns their number."""
    passed = Attempt.objects.filter(exam=exam, status=AttemptStatus.SUBMITTED, passed=True)
    number = 0
    for attempt in passed.select_related("exam", "person").iterator(chunk_size=500):
        record_pass(attempt)
        number += 1
    return number


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
        record_pass(attempt)
        return
    if outcome.withdrawn_on is not None:
        restore_outcome(outcome=outcome, by=by, now=now, reason=reason)
    if attempt.result is not None and outcome.amount != attempt.result.percent:
        correct_amount(outcome=outcome, amount=attempt.result.percent, by=by, now=now, reason=reason)
