"""Reading the bank: counts by clause, filters, pools."""

from dataclasses import asdict
from datetime import timedelta

import pytest

from exams.bank.models import Question, QuestionStatus, Topic, VersionClause
from exams.bank.queries import Filters, count_by_clause, listed, topics_with_children
from tests.factories.exams import NOW, QuestionFactory, QuestionVersionFactory, drawable, pool_of
from tests.factories.lms import IndustryFactory

TODAY = NOW.date()


def test_count_by_clause_counts_published_current_versions_only(clauses, topics):
    first, second = clauses.values()
    pool_of(2, topic=topics[0], tested=first)
    [retired] = pool_of(1, topic=topics[0], tested=first)
    Question.objects.filter(pk=retired.question_id).update(status=QuestionStatus.RETIRED)
    [old] = pool_of(1, topic=topics[0], tested=first)
    newer = QuestionVersionFactory(question=old.question, number=2)
    VersionClause.objects.create(version=newer, clause=second)
    assert count_by_clause([first.pk, second.pk, 10**6]) == {first.pk: 2, second.pk: 1}


def test_count_by_clause_takes_one_query(clauses, topics, django_assert_num_queries):
    pool_of(3, topic=topics[0], tested=clauses["gm10-13-01"])
    with django_assert_num_queries(1):
        count_by_clause([clause.pk for clause in clauses.values()])


def test_filters_limit_the_list(clauses, topics):
    machinery = IndustryFactory(code="machinery")
    parent = Topic.objects.create(name="重大事故隐患")
    child = Topic.objects.create(name="重大事故隐患·机械", parent=parent)
    wanted = QuestionVersionFactory(stem="砂轮机的防护罩", type="multiple", question__topic=child).question
    wanted.industries.add(machinery)
    VersionClause.objects.create(version=wanted.current, clause=clauses["gm10-13-01"])
    pool_of(2, topic=topics[0])
    for filters in (
        Filters(text="防护罩"),
        Filters(text=wanted.code.lower()),
        Filters(type="multiple"),
        Filters(topic_id=child.pk),
        Filters(topic_id=parent.pk),
        Filters(industry_id=machinery.pk),
        Filters(clause="gm10-13-01"),
    ):
        assert list(listed(filters)) == [wanted], filters
    assert listed(Filters(status="published")).count() == 3
    assert listed(Filters(status="draft")).count() == 0


@pytest.mark.parametrize(
    ("state", "usable"),
    [
        ({}, True),
        ({"status": QuestionStatus.REVIEW}, False),
        ({"status": QuestionStatus.RETIRED}, False),
        ({"effective_from": TODAY + timedelta(days=1)}, False),
        ({"effective_from": TODAY, "effective_to": TODAY}, True),
        ({"effective_to": TODAY - timedelta(days=1)}, False),
    ],
)
def test_pool_holds_what_is_published_and_in_force_on_the_day(topics, state, usable):
    [version] = pool_of(1, topic=topics[0])
    Question.objects.filter(pk=version.question_id).update(**state)
    found = drawable(on=TODAY)
    assert [question.version_id for question in found] == [version.pk] * usable


def test_pool_says_which_questions_test_a_criterion(clauses, topics):
    [plain] = pool_of(1, topic=topics[0])
    [tested] = pool_of(1, topic=topics[1], tested=clauses["gm10-13-01"])
    facts = [asdict(question) for question in drawable(on=TODAY)]
    assert [(f["version_id"], f["topic_id"], f["criterion"]) for f in facts] == [
        (plain.pk, topics[0].pk, False),
        (tested.pk, topics[1].pk, True),
    ]
    assert [c.version_id for c in drawable(on=TODAY, topic_ids=[topics[1].pk])] == [tested.pk]
    assert drawable(on=TODAY, type_="multiple") == ()


def test_pool_takes_two_queries_however_large(topics, django_assert_num_queries):
    pool_of(5, topic=topics[0])
    with django_assert_num_queries(2):
        drawable(on=TODAY)


def test_topic_stands_for_everything_below_it(db):
    parent = Topic.objects.create(name="重大事故隐患")
    child = Topic.objects.create(name="重大事故隐患·机械", parent=parent)
    assert topics_with_children([parent.pk]) == {parent.pk, child.pk}
    assert topics_with_children([child.pk]) == {child.pk}


def test_question_in_draft_without_version_is_listed(topics):
    question = QuestionFactory(topic=topics[0])
    assert list(listed(Filters())) == [question]
