"""What was chosen about stills."""

from exams.attempts.models import Attempt
from exams.attempts.still_models import StillConsent


def consent_of(attempt: Attempt) -> StillConsent | None:
    """The choice of a candidate; no query where the exam takes no stills."""
    if not attempt.exam.camera_stills:
        return None
    return StillConsent.objects.filter(attempt=attempt).first()


def stills_allowed(attempt: Attempt) -> int:
    """How many stills may be taken in an attempt; 0 without consent."""
    consent = consent_of(attempt)
    return attempt.exam.camera_stills if consent and consent.holds else 0
