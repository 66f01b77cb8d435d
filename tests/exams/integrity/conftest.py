"""An open attempt with the rules of its exam."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from exams.integrity.actions import Taken, take_signals
from tests.exams.attempts.conftest import counted, person, set_now  # noqa: F401 – fixtures
from tests.factories.exams import NOW, AttemptFactory, exam_with_papers


def report(kind: str = "left_page", *, after: float = 0, seconds: float | None = None, **detail: object) -> dict:
    """What a browser sends."""
    at = (NOW + timedelta(seconds=after)).isoformat()
    return {"kind": kind, "at": at, "seconds": seconds, "detail": detail}


@pytest.fixture
def attempt(person):  # noqa: F811
    """Two free leaves, then a warning and forced submission."""
    exam = exam_with_papers(leave_tolerance=2, leave_action="submit")
    return AttemptFactory(exam=exam, person=person)


@pytest.fixture
def take(attempt) -> Callable[..., Taken]:
    """`take(report(), …)`, at `NOW` from 10.0.3.7."""

    def send(*signals: dict, now: datetime = NOW, address: str = "10.0.3.7") -> Taken:
        return take_signals(attempt=attempt, signals=list(signals), now=now, address=address)

    return send
