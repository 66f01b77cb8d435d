"""The choice about stills. The row is the record of the choice: like starting, it writes no audit entry."""

from datetime import datetime

from exams.attempts.models import Attempt
from exams.attempts.still_models import StillConsent


def choose_stills(*, attempt: Attempt, given: bool, now: datetime) -> None:
    """Note what was chosen at the start; the first choice stays, also when the attempt is only gone on with."""
    if attempt.exam.camera_stills:
        StillConsent.objects.get_or_create(attempt=attempt, defaults={"given": given, "at": now})


def withdraw_consent(*, attempt: Attempt, now: datetime) -> bool:
    """No further still may be taken; False where there was no consent to withdraw."""
    rows = StillConsent.objects.filter(attempt=attempt, given=True, withdrawn_at__isnull=True)
    return bool(rows.update(withdrawn_at=now))
