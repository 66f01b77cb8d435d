"""Correcting a key after the exam: decided once by a person who saw what it changes, carried out in the background."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from exams.attempts.locking import locked_with_exam
from exams.attempts.models import Attempt, AttemptStatus, EventKind
from exams.attempts.regrading import regrade
from exams.bank.models import QuestionVersion
from exams.marking.correction_queries import preview
from exams.marking.queries import has_sat
from exams.papers.correction_actions import CannotCorrect, correct
from exams.papers.correction_models import Correction, CorrectionKind
from exams.papers.models import Exam
from lms.jobs.actions import start_job
from lms.jobs.registry import JobResult, Progress
from lms.kit.db import StaleState

if TYPE_CHECKING:
    from lms.people.models import User

REGRADE_JOB = "exams.regrade"


@transaction.atomic
def start_correction(
    *,
    exam: Exam,
    version: QuestionVersion,
    kind: CorrectionKind,
    seen: str,
    by: "User",
    reason: str,
    now: datetime,
) -> Correction:
    """Correct a key and start grading anew. `seen`: the digest of the preview that the person confirms.

    Raises CannotCorrect; StaleState when the preview would be another one by now.
    """
    if has_sat(exam.pk, person_id=by.pk):
        raise CannotCorrect("sat")
    if preview(exam, version, kind).digest != seen:
        raise StaleState(f"{exam._meta.label} {exam.pk}: the preview is no longer this one")
    made = correct(exam=exam, version=version, kind=kind, by=by, reason=reason, now=now)
    title = _("重判：%(exam)s") % {"exam": exam.title}
    made.job = start_job(kind=REGRADE_JOB, title=title[:120], by=by, params={"correction": made.pk})
    made.save(update_fields=["job"])
    return made


def apply_correction(*, correction: Correction, now: datetime, progress: Progress) -> JobResult:
    """Grade every attempt that holds the question anew, each in its own transaction; may be repeated and broken off.

    It looks again until nothing is left: what was handed in while it ran may have read the papers before.
    """
    seen: set[int] = set()
    while waiting := [pk for pk in attempts_under(correction) if pk not in seen]:
        total = len(seen) + len(waiting)
        for pk in waiting:
            regrade_under(correction, pk, now=now)
            seen.add(pk)
            progress(len(seen), total)
    Correction.objects.filter(pk=correction.pk).update(settled_at=now)
    return JobResult(summary={"correction": correction.pk, "attempts": len(seen)})


def attempts_under(correction: Correction) -> list[int]:
    """The attempts handed in whose paper holds what was corrected."""
    rows = Attempt.objects.filter(
        exam_id=correction.exam_id, status=AttemptStatus.SUBMITTED, paper__items__correction=correction
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def regrade_under(correction: Correction, attempt_id: int, *, now: datetime) -> None:
    """Grade one attempt anew, unless its result rests on the correction already."""
    attempt = locked_with_exam(pk=attempt_id)
    results = attempt.events.filter(kind__in=[EventKind.SUBMIT, EventKind.GRADE]).order_by("-sequence")
    last = results.values_list("response", flat=True).first() or {}
    if attempt.status != AttemptStatus.SUBMITTED or correction.pk in last.get("corrections", ()):
        return
    facts = {"by": correction.by_id, "reason": correction.reason}
    regrade(attempt, by=correction.by, reason=correction.reason, now=now, facts=facts)
