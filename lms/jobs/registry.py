"""Which function does the work of which kind of job, and where its result page is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from lms.jobs.models import Job


class Progress(Protocol):
    """Handed to a handler; call it every few hundred rows."""

    def __call__(self, done: int, total: int, message: str = "") -> None: ...


@dataclass(frozen=True)
class JobResult:
    """What a handler returns: figures for the page, optionally a file to download."""

    summary: dict[str, Any] = field(default_factory=dict)
    file: Path | None = None
    file_name: str = ""


class JobProblem(Exception):
    """The work cannot be done; the text is shown to the owner."""


Handler = Callable[[Job, Progress], JobResult]
_handlers: dict[str, Handler] = {}
_result_pages: dict[str, str] = {}


def job_handler(kind: str, *, result_page: str = "") -> Callable[[Handler], Handler]:
    """Register the function for a kind of job; `result_page` is a URL name taking the job's pk.

    Handlers live in an app's `tasks.py` (imported at start) and must be idempotent.
    """

    def register(handler: Handler) -> Handler:
        if kind in _handlers and _handlers[kind] is not handler:
            raise ValueError(f"job kind {kind!r} has two handlers")
        _handlers[kind] = handler
        _result_pages[kind] = result_page
        return handler

    return register


def handler_of(kind: str) -> Handler:
    """The registered function; raises JobProblem for an unknown kind."""
    if kind not in _handlers:
        raise JobProblem(f"unknown job kind {kind!r}")
    return _handlers[kind]


def result_page_of(kind: str) -> str:
    """URL name of the page that shows the result, or the empty string."""
    return _result_pages.get(kind, "")
