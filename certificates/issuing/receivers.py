"""News from the ledger that may make a certificate due."""

from typing import Any

from django.dispatch import receiver

from certificates.issuing.tasks import issue_due_task
from lms.coverage.models import OutcomeKind
from lms.coverage.news import outcome_changed


@receiver(outcome_changed, dispatch_uid="certificates.issue_due")
def issue_when_due(person_id: int, kind: str, **kwargs: Any) -> None:
    """A completed course or a passed exam: look in the background whether a certificate is due."""
    if kind in (OutcomeKind.COURSE_COMPLETED, OutcomeKind.EXAM_PASSED):
        issue_due_task.enqueue(person_id)
