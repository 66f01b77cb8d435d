"""Notes what rooms below tell: requests that were refused, devices that took over."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.cache import cache

from exams.attempts.models import Attempt
from exams.integrity.actions import note
from exams.integrity.models import SignalKind
from exams.lockdown.notices import noticed

KINDS = {"seb": SignalKind.SEB_REFUSED, "device": SignalKind.SECOND_DEVICE, "take_over": SignalKind.TAKE_OVER}
# A page that goes on trying is one signal, not one for each try.
QUIET = timedelta(minutes=2)


def on_notice(*, kind: str, attempt_key: UUID | None, person_id: int, now: datetime, **_: Any) -> None:
    """Note it, unless it was noted just now. A request without an attempt (starting) leaves no signal."""
    if attempt_key is None or kind not in KINDS:
        return
    if not cache.add(f"noticed:{kind}:{attempt_key}", 1, timeout=QUIET.seconds):
        return
    attempt = Attempt.objects.filter(key=attempt_key, person_id=person_id).first()
    if attempt is not None:
        note(attempt=attempt, kind=KINDS[kind], now=now)


def listen() -> None:
    """Called once, when the app is ready."""
    noticed.connect(on_notice, dispatch_uid="exams.integrity")
