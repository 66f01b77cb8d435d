"""An exam, a person who may sit it, and counting of queries without transaction marks."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exams.attempts import actions
from lms.kit import clock
from lms.people.models import User
from tests.factories.exams import NOW, exam_with_papers
from tests.factories.lms import EmploymentFactory

MARKS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@pytest.fixture
def counted() -> Callable[[], object]:
    """`with counted() as done: …; done.count`: statements without transaction marks; `done.sql` lists them."""

    @contextmanager
    def count() -> Iterator[SimpleNamespace]:
        done = SimpleNamespace(count=0, sql=[])
        with CaptureQueriesContext(connection) as captured:
            yield done
        done.sql = [row["sql"] for row in captured if not row["sql"].upper().startswith(MARKS)]
        done.count = len(done.sql)

    return count


@pytest.fixture
def person(rules: None) -> User:
    """Somebody with an employment."""
    return EmploymentFactory(person__name="孟庆舟").person


@pytest.fixture
def exam(rules: None):
    """Two papers of two single, one multiple and one true/false question, 2 points each."""
    return exam_with_papers(papers=2)


@pytest.fixture
def set_now(monkeypatch: pytest.MonkeyPatch) -> Callable[[object], None]:
    """The wall clock of views."""
    # A module that is first imported while the clock is set would keep it for all tests after this one.
    import_module(settings.ROOT_URLCONF)

    def set_to(moment: object) -> None:
        monkeypatch.setattr("exams.attempts.views.current_time", lambda: moment)
        monkeypatch.setattr("exams.panels.current_time", lambda: moment)
        monkeypatch.setattr(clock, "current_time", lambda: moment)

    set_to(NOW)
    return set_to


@pytest.fixture
def attempt(exam, person):
    """Begun at `NOW`."""
    return actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)


@pytest.fixture
def post_json() -> Callable[..., object]:
    """`post_json(client, "save", attempt, [(number, position, response)], client_id=1)`."""

    def post(client, name, attempt, changes, *, client_id=1):
        body = {
            "client": client_id,
            "changes": [{"number": n, "position": p, "response": list(r)} for n, p, r in changes],
        }
        return client.post(
            reverse(f"exams:{name}", args=[attempt.key]), json.dumps(body), content_type="application/json"
        )

    return post


def right_answers(attempt) -> dict[int, list[str]]:
    """The key of the attempt's paper by position."""
    return {item.position: item.version.key for item in attempt.paper.items.select_related("version")}
