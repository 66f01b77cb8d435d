"""The product as it is served, with places where a fault strikes when a file says so.

`$VAR_DIR/fault` holds `before_commit` or `after_commit`: the next request that saves answers kills its own process
there, once. `$VAR_DIR/clock` holds seconds by which this application's clock is wrong.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults._settings")

from django.core.wsgi import get_wsgi_application
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

PLACE = Path(os.environ["VAR_DIR"])
product = get_wsgi_application()
request = threading.local()
commit, right_now = BaseDatabaseWrapper.commit, timezone.now


def strikes(kind: str) -> bool:
    """Whether the fault is due here; it strikes once, whichever process is first."""
    if not getattr(request, "saves", False):
        return False
    trigger = PLACE / "fault"
    try:
        if trigger.read_text() != kind:
            return False
        trigger.unlink()
    except FileNotFoundError:
        return False
    return True


def die() -> None:
    """As power failure or the out-of-memory killer do it: no handler, no goodbye."""
    os.kill(os.getpid(), signal.SIGKILL)


def deadly_commit(self: BaseDatabaseWrapper) -> None:
    """COMMIT, unless the fault comes first."""
    if strikes("before_commit"):
        die()
    commit(self)


def wrong_now() -> datetime:
    """The clock of a machine whose time is wrong."""
    try:
        return right_now() + timedelta(seconds=float((PLACE / "clock").read_text()))
    except FileNotFoundError:
        return right_now()


BaseDatabaseWrapper.commit = deadly_commit  # type: ignore[method-assign]
timezone.now = wrong_now


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The product; dies between commit and answer when told so."""
    request.saves = environ["PATH_INFO"].endswith(("/save/", "/submit/"))
    try:
        answer = product(environ, start_response)
        if strikes("after_commit"):
            die()
        return answer
    finally:
        request.saves = False
