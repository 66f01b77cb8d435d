"""Attempts under way, and a proctor."""

import pytest

from exams.attempts import actions
from exams.proctoring.models import Reason
from exams.proctoring.starter import load_reasons
from tests.factories.exams import NOW, exam_with_papers
from tests.factories.lms import EmploymentFactory, UserFactory


@pytest.fixture
def exam(rules):
    return exam_with_papers(papers=2)


@pytest.fixture
def attempts(exam):
    """Three people who are writing."""
    people = [EmploymentFactory().person for _ in range(3)]
    return [actions.start_attempt(exam_id=exam.pk, by=person, device="phone", now=NOW) for person in people]


@pytest.fixture
def proctor(rules):
    return UserFactory(name="逄海涛")


@pytest.fixture(autouse=True)
def reasons(db):
    """The starter reasons."""
    load_reasons()


@pytest.fixture
def reason(reasons):
    return Reason.objects.get(code="network")
