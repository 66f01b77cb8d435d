"""Releasing results that wait for approval."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from exams.attempts.release_queries import result_figures
from exams.attempts.tasks import note_passes
from exams.papers.models import Exam, ExamStatus, Release
from lms.audit.actions import record
from lms.kit.db import compare_and_set

if TYPE_CHECKING:
    from lms.people.models import User


class CannotApprove(Exception):
    """Nothing was released. `reason`: unfinished (somebody writes or waits for marks), nothing (nobody has handed in),
    not_needed (the exam releases its results by itself)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def approve_results(*, exam: Exam, by: "User", now: datetime) -> None:
    """Release the results of an exam once and for all; passes enter the ledger of outcomes in the background.

    Raises CannotApprove, StaleState when somebody else just did.
    """
    if exam.release != Release.AFTER_APPROVAL or exam.status == ExamStatus.DRAFT:
        raise CannotApprove("not_needed")
    figures = result_figures(exam)
    if figures.unfinished:
        raise CannotApprove("unfinished")
    if not figures.settled:
        raise CannotApprove("nothing")
    compare_and_set(
        exam, expect={"results_approved_at": None}, change={"results_approved_at": now, "results_approved_by_id": by.pk}
    )
    record(
        action="exam.results_approved", by=by, now=now, target=exam, enterprise_id=exam.enterprise_id,
        detail={"settled": figures.settled, "passed": figures.passed},
    )  # fmt: skip
    transaction.on_commit(lambda: note_passes(exam.pk))
