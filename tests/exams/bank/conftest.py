"""Clauses and topics that questions refer to, and contents to write."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from content.standards.models import ClausePage
from exams.bank.actions import Filing
from exams.bank.bodies import Choice, options_from
from exams.bank.models import Topic
from exams.bank.wording import QuestionContent
from tests.factories.exams import clause
from tests.factories.lms import IndustryFactory


@pytest.fixture
def clauses(db: None) -> dict[str, ClausePage]:
    """Two clauses by code."""
    return {code: clause(code) for code in ("gm10-13-01", "gm10-13-02")}


@pytest.fixture
def topics(db: None) -> list[Topic]:
    """Two topics, and the industry 机械."""
    IndustryFactory(code="machinery", name="机械")
    return [Topic.objects.create(name=name, position=n) for n, name in enumerate(["有限空间作业", "四种心态与三违"])]


@pytest.fixture
def content() -> QuestionContent:
    """A whole single-choice question."""
    return QuestionContent(
        type="single",
        stem="进入污水池清淤前，第一步做什么？",
        body=Choice(options_from(["先下人看", "先通风", "先吃饭"]), ("o2",)),
        explanation="先通风、再检测、后作业。",
        points=Decimal(2),
        source="测试",
    )


@pytest.fixture
def other_wording(content: QuestionContent) -> Callable[[str], QuestionContent]:
    """The same question with another stem."""
    return lambda stem: replace(content, stem=stem)


@pytest.fixture
def filing(topics: list[Topic]) -> Filing:
    """Under the first topic."""
    return Filing(topic_id=topics[0].pk)
