"""Somebody at work, a topic with questions that no exam uses, and the clock of the pages."""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module

import pytest
from django.conf import settings

from exams.practice import actions
from exams.practice.models import PracticeAnswer, PracticeRound
from exams.practice.queries import person_facts, practisable, standing_of
from lms.people.models import User
from tests.factories.exams import (
    NOW,
    ExamAudienceFactory,
    ExamFactory,
    PaperFactory,
    PaperItemFactory,
    TopicFactory,
    pool_of,
)
from tests.factories.lms import EmploymentFactory


@pytest.fixture
def person(rules: None) -> User:
    """Somebody with an employment."""
    return EmploymentFactory(person__name="孟庆舟").person


@pytest.fixture
def topic():
    return TopicFactory(name="有限空间作业")


@pytest.fixture
def pool(topic):
    """Four questions that may be practised."""
    return pool_of(4, topic=topic)


@pytest.fixture
def set_now(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The wall clock of views and panels; `NOW` to begin with."""
    import_module(settings.ROOT_URLCONF)

    def set_to(moment: datetime) -> None:
        for module in ("exams.practice.views", "exams.attempts.views", "exams.panels"):
            monkeypatch.setattr(f"{module}.current_time", lambda: moment)

    set_to(NOW)
    return set_to


def allowed(person: User, *, now: datetime = NOW) -> set[int]:
    """Ids of the questions that a person may practise."""
    return set(practisable(person_facts(person.pk, now=now), now=now).values_list("pk", flat=True))


def reply(made: PracticeRound, *, right: bool, now: datetime = NOW) -> PracticeAnswer:
    """Answer the question that comes now."""
    standing = standing_of(made, now=now)
    assert standing.next_question
    version = standing.next_question.current
    assert version
    response = version.key if right else []
    return actions.answer_question(
        practice_round=made,
        place=standing.next_place,
        version_id=version.pk,
        response=response,
        by=made.person,
        now=now,
    )


def ask(question, person: User, *, now: datetime = NOW) -> PracticeRound:
    """A round of this one question."""
    return PracticeRound.objects.create(
        person=person, mode="topic", topic=question.topic, questions=[question.pk], started_at=now
    )


def exam_on(version, *, audience=True, **fields):
    """An exam with one paper that holds this version."""
    exam = ExamFactory(**fields)
    if audience:
        ExamAudienceFactory(exam=exam)
    PaperItemFactory(paper=PaperFactory(exam=exam, number=1), position=1, version=version)
    return exam
