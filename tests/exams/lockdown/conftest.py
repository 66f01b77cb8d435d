"""An exam that only Safe Exam Browser may open, a candidate, and requests as that browser sends them."""

import json

import pytest
from django.conf import settings
from django.urls import reverse

from exams.lockdown.headers import (
    CONFIG_KEY_HEADER,
    EXAM_KEY_HEADER,
    PAGE_CONFIG_KEY_HEADER,
    PAGE_EXAM_KEY_HEADER,
    PAGE_HEADER,
    request_hash,
)
from exams.lockdown.queries import settings_of
from tests.exams.attempts.conftest import counted, person, set_now  # noqa: F401 – fixtures
from tests.factories.exams import AttemptFactory, exam_with_papers


@pytest.fixture
def exam(rules: None):
    """Four questions."""
    return exam_with_papers(seb_required=True)


@pytest.fixture
def seb(exam):
    """Its settings."""
    return settings_of(exam.pk)


@pytest.fixture
def attempt(exam, person):  # noqa: F811
    """Begun."""
    return AttemptFactory(exam=exam, person=person)


@pytest.fixture
def client(person, client_of, set_now):  # noqa: F811
    """The candidate at `NOW`."""
    return client_of(person)


def in_seb(path, config_key, exam_key=""):
    """Headers as the program adds them to a request for `path`."""
    address = settings.PUBLIC_ORIGIN + path
    headers = {CONFIG_KEY_HEADER: request_hash(address, config_key)}
    return headers | ({EXAM_KEY_HEADER: request_hash(address, exam_key)} if exam_key else {})


def by_script(page_path, config_key, exam_key=""):
    """Headers as our script adds them, from what the program told the page."""
    page = settings.PUBLIC_ORIGIN + page_path
    return {
        PAGE_HEADER: page,
        PAGE_CONFIG_KEY_HEADER: request_hash(page, config_key),
        PAGE_EXAM_KEY_HEADER: request_hash(page, exam_key) if exam_key else "",
    }


def post(client, name, attempt, changes=(), headers=None):
    """A packet."""
    body = {"client": 1, "changes": [{"number": n, "position": p, "response": list(r)} for n, p, r in changes]}
    address = reverse(f"exams:{name}", args=[attempt.key])
    return client.post(address, json.dumps(body), content_type="application/json", headers=headers or {})
