"""A bank that fills a small blueprint, and a draft exam over it."""

from decimal import Decimal

import pytest

from exams.bank.models import Topic
from exams.papers.models import Exam
from tests.factories.exams import (
    BlueprintSectionFactory,
    ExamAudienceFactory,
    TopicFactory,
    clause,
    draft_exam,
    pool_of,
)


@pytest.fixture
def topic(db: None) -> Topic:
    """The topic of all questions."""
    return TopicFactory(name="重大事故隐患·粉尘涉爆")


@pytest.fixture
def bank(topic: Topic) -> None:
    """Twelve single-choice questions, six of them on a criterion, and four multiple-choice ones."""
    tested = clause("gm10-11-01")
    pool_of(6, topic=topic, tested=tested)
    pool_of(6, topic=topic)
    pool_of(4, topic=topic, kind="multiple", tested=tested)


@pytest.fixture
def exam(rules: None, bank: None, topic: Topic) -> Exam:
    """A draft that can be published: 4 × 5 + 2 × 40 points, three papers."""
    made = draft_exam(title="粉尘涉爆专项考试", method="draw", paper_count=3, min_criterion_percent=Decimal(30))
    ExamAudienceFactory(exam=made)
    BlueprintSectionFactory(exam=made, position=1, count=4, points=Decimal(5), topics=[topic])
    BlueprintSectionFactory(exam=made, position=2, type="multiple", count=2, points=Decimal(40), topics=[topic])
    return made
