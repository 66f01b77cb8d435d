"""A fixed day for the pages, and counting of queries."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
READERS_OF_THE_CLOCK = {
    "current_date": [
        "courses.progress.views",
        "courses.catalogue.views",
        "courses.requirements.views",
        "courses.panels",
        "courses.catalogue.tasks",
    ],
    "current_time": ["courses.progress.views", "courses.catalogue.views", "courses.catalogue.receivers"],
}


class Clock:
    """The time that pages see; tests move it."""

    now = NOW

    def set(self, moment: datetime) -> None:
        self.now = moment


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, rules: None) -> Clock:
    """The pages' clock stands at 09:00 in Shanghai on the fixed day; the starter rules are loaded."""
    hands = Clock()
    for module in READERS_OF_THE_CLOCK["current_date"]:
        monkeypatch.setattr(f"{module}.current_date", lambda: TODAY)
    for module in READERS_OF_THE_CLOCK["current_time"]:
        monkeypatch.setattr(f"{module}.current_time", lambda: hands.now)
    return hands


@pytest.fixture
def queries_of() -> Callable[[Callable[[], object]], int]:
    """The number of statements that a call makes, savepoints left out."""

    def count(call: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as captured:
            call()
        return len([query for query in captured if "SAVEPOINT" not in query["sql"]])

    return count
