"""Rounds by topic and clause, answers, the day that a question comes back."""

from datetime import timedelta

import pytest

from exams.attempts import actions as attempts
from exams.papers.models import ExamKind
from exams.practice import actions
from exams.practice.models import MemoryCard, Mode, PracticeAnswer
from exams.practice.queries import clause_lines, person_facts, standing_of, topic_lines
from lms.audit.models import AuditEntry
from lms.regulations.models import RuleValue
from tests.exams.practice.conftest import ask, exam_on, reply
from tests.factories.exams import NOW, TopicFactory, clause, exam_with_papers, pool_of
from tests.factories.lms import EmploymentFactory

pytestmark = pytest.mark.django_db


def of_round(number: int) -> None:
    RuleValue.objects.filter(code="exam.practice_round").update(value=number)


def test_a_round_holds_so_many_questions_of_the_topic_and_of_what_is_below_it(person, topic, pool):
    below = pool_of(2, topic=TopicFactory(parent=topic))
    pool_of(3, topic=TopicFactory())
    made = actions.begin_topic(topic=topic, by=person, now=NOW)
    assert sorted(made.questions) == sorted(version.question_id for version in [*pool, *below])
    of_round(5)
    assert len(actions.begin_topic(topic=topic, by=person, now=NOW).questions) == 5


def test_questions_never_answered_come_first_then_those_answered_longest_ago(person, topic, pool):
    old, older = pool[0].question, pool[1].question
    reply(ask(older, person), right=True, now=NOW - timedelta(days=9))
    reply(ask(old, person), right=True, now=NOW - timedelta(days=2))
    made = actions.begin_topic(topic=topic, by=person, now=NOW)
    assert made.questions[2:] == [older.pk, old.pk]
    assert set(made.questions[:2]) == {pool[2].question_id, pool[3].question_id}


def test_a_round_on_a_clause_holds_the_questions_that_test_it_now(person, topic, pool):
    page = clause("gm10-13-02")
    tested = pool_of(2, topic=topic, tested=page)
    made = actions.begin_clause(clause=page, by=person, now=NOW)
    assert (made.mode, made.clause_id) == (Mode.CLAUSE, page.pk)
    assert sorted(made.questions) == sorted(version.question_id for version in tested)
    [line] = clause_lines(person_facts(person.pk, now=NOW), now=NOW)
    assert (line.code, line.questions) == ("gm10-13-02", 2)


def test_a_topic_without_questions_for_the_person_begins_nothing(person, topic):
    with pytest.raises(actions.NothingToPractise):
        actions.begin_topic(topic=topic, by=person, now=NOW)


def test_topics_say_how_many_questions_the_person_has_answered(person, topic, pool):
    other = EmploymentFactory().person
    reply(ask(pool[0].question, other), right=True)
    reply(ask(pool[1].question, person), right=False)
    [line] = topic_lines(person_facts(person.pk, now=NOW), now=NOW)
    assert (line.id, line.questions, line.answered) == (topic.pk, 4, 1)


def test_an_answer_is_marked_kept_and_moves_the_card_and_nothing_else(person, pool):
    question = pool[0].question
    given = reply(ask(question, person), right=True)
    assert (given.right, given.points, given.response) == (True, 2, pool[0].key)
    card = MemoryCard.objects.get()
    assert (card.person, card.question, card.due_at) == (person, question, NOW + timedelta(days=2))
    reply(ask(question, person), right=False, now=NOW + timedelta(days=2))
    card.refresh_from_db()
    assert card.due_at == NOW + timedelta(days=3)
    assert PracticeAnswer.objects.filter(card=card).count() == 2
    assert not AuditEntry.objects.exists()


def test_the_first_answer_of_a_place_stays(person, pool):
    made = ask(pool[0].question, person)
    first = reply(made, right=False)
    again = actions.answer_question(
        practice_round=made, place=1, version_id=pool[0].pk, response=pool[0].key, by=person, now=NOW
    )
    assert again == first
    assert PracticeAnswer.objects.count() == 1


@pytest.mark.parametrize(("place", "version"), [(2, 0), (1, 1), (0, 0)], ids=["past the end", "other version", "zero"])
def test_what_was_not_asked_is_not_marked(person, pool, place, version):
    made = ask(pool[0].question, person)
    with pytest.raises(actions.NotPractisable):
        actions.answer_question(
            practice_round=made, place=place, version_id=pool[version].pk, response=["o2"], by=person, now=NOW
        )
    assert not MemoryCard.objects.exists()


def test_a_question_that_an_exam_takes_meanwhile_is_passed_over_and_not_marked(person, topic, pool):
    made = actions.begin_topic(topic=topic, by=person, now=NOW)
    first, second = made.questions[:2]
    taken = next(version for version in pool if version.question_id == first)
    exam_on(taken)
    standing = standing_of(made, now=NOW)
    assert (standing.next_place, standing.next_question.pk, standing.total) == (2, second, 3)
    with pytest.raises(actions.NotPractisable):
        actions.answer_question(
            practice_round=made, place=1, version_id=taken.pk, response=taken.key, by=person, now=NOW
        )


def test_nothing_begins_and_nothing_is_marked_while_a_real_exam_is_sat(person, topic, pool):
    made = ask(pool[0].question, person)
    attempts.start_attempt(exam_id=exam_with_papers().pk, by=person, now=NOW)
    begin = [
        lambda: actions.begin_topic(topic=topic, by=person, now=NOW),
        lambda: actions.begin_daily(by=person, now=NOW),
        lambda: actions.begin_book(by=person, now=NOW),
        lambda: reply(made, right=True),
    ]
    for act in begin:
        with pytest.raises(actions.SittingExam):
            act()
    assert not PracticeAnswer.objects.exists()


def test_a_mock_exam_stops_nobody_from_practising(person, topic, pool):
    attempts.start_attempt(exam_id=exam_with_papers(kind=ExamKind.MOCK).pk, by=person, now=NOW)
    assert len(actions.begin_topic(topic=topic, by=person, now=NOW).questions) == 4
