"""错题本: what was answered wrong, in practice and in released exams, until it was right often enough."""

from datetime import timedelta

import pytest

from exams.attempts import actions as attempts
from exams.attempts.packets import packet_of
from exams.papers.correction_models import CorrectionKind
from exams.papers.models import Exam, ExamKind, Release
from exams.practice import actions
from exams.practice.queries import book_figures, person_facts, rights_to_go, wrong_book
from lms.regulations.models import RuleValue
from tests.exams.attempts.conftest import right_answers
from tests.exams.marking.test_corrections import decide
from tests.exams.practice.conftest import ask, exam_on, reply
from tests.factories.exams import NOW, exam_with_papers
from tests.factories.lms import EmploymentFactory

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TIMES = 2


def book(person, *, now=NOW, times=TIMES) -> set[int]:
    return set(wrong_book(person.pk, now=now, times=times).values_list("pk", flat=True))


def sit(exam, person, *, wrong=(), now=NOW):
    """Sit an exam with everything right but for some positions."""
    attempt = attempts.start_attempt(exam_id=exam.pk, by=person, now=now)
    rows = [
        {"number": at, "position": at, "response": list(key)}
        for at, key in right_answers(attempt).items()
        if at not in wrong
    ]
    packet = packet_of({"client": 1, "changes": rows})
    return attempts.submit_attempt(attempt_key=attempt.key, by=person, packet=packet, now=now)


def asked(exam, *positions) -> set[int]:
    """Questions at some positions of the exam's first paper."""
    items = exam.papers.get(number=1).items.filter(position__in=positions)
    return set(items.values_list("version__question", flat=True))


def over(exam) -> None:
    """Let an exam have ended before `NOW`."""
    Exam.objects.filter(pk=exam.pk).update(opens_at=NOW - 9 * DAY, closes_at=NOW)


def test_a_wrong_answer_enters_the_book_and_a_right_one_does_not(person, pool):
    reply(ask(pool[0].question, person), right=False)
    reply(ask(pool[1].question, person), right=True)
    assert book(person) == {pool[0].question_id}
    assert book(EmploymentFactory().person) == set()


def test_it_leaves_after_so_many_right_answers_in_a_row(person, pool):
    question = pool[0].question
    steps = [False, True, False, True, True]
    inside = []
    for hour, right in enumerate(steps):
        reply(ask(question, person), right=right, now=NOW + hour * HOUR)
        inside.append(bool(book(person)))
    assert inside == [True, True, True, True, False]
    assert book(person, times=3) == {question.pk}
    assert book(person, times=1) == set()


def test_the_answer_says_how_many_are_still_needed(person, pool):
    question = pool[0].question
    to_go = []
    for hour, right in enumerate([True, False, True, True]):
        given = reply(ask(question, person), right=right, now=NOW + hour * HOUR)
        to_go.append(rights_to_go(given.card, now=NOW, times=TIMES))
    assert to_go == [0, 2, 1, 0]


def test_questions_lost_in_an_exam_enter_when_its_results_are_out(person):
    exam = exam_with_papers(release=Release.AFTER_WINDOW)
    sit(exam, person, wrong=(2, 3))
    assert book(person) == set()
    over(exam)
    assert book(person) == asked(exam, 2, 3)
    assert book(EmploymentFactory().person) == set()


def test_results_that_wait_for_approval_or_marks_and_voided_attempts_enter_nothing(person):
    exam = exam_with_papers(release=Release.AFTER_APPROVAL)
    attempt = sit(exam, person, wrong=(1,))
    over(exam)
    assert book(person) == set()
    Exam.objects.filter(pk=exam.pk).update(results_approved_at=NOW)
    assert book(person) == asked(exam, 1)
    for change in ({"status": "voided"}, {"status": "submitted", "score": None, "passed": None}):
        type(attempt).objects.filter(pk=attempt.pk).update(**change)
        assert book(person) == set()


def test_a_key_that_was_corrected_later_changes_the_book(person):
    exam = exam_with_papers()
    sit(exam, person, wrong=(1, 2, 3))
    over(exam)
    at = {item.position: item.version for item in exam.papers.get().items.select_related("version__question__current")}
    decide(exam, at[1], CorrectionKind.DROP)
    decide(exam, at[2], CorrectionKind.FULL)
    assert book(person) == asked(exam, 3)


def test_what_was_lost_in_a_mock_exam_can_be_practised_at_once(person):
    exam = exam_with_papers(kind=ExamKind.MOCK)
    sit(exam, person, wrong=(4,))
    assert set(actions.begin_book(by=person, now=NOW).questions) == asked(exam, 4)


def test_right_answers_before_the_exam_do_not_count_those_after_it_do(person):
    exam = exam_with_papers(singles=1, multiples=0, judgements=0)
    [item] = exam.papers.get().items.select_related("version__question")
    question = item.version.question
    Exam.objects.filter(pk=exam.pk).update(opens_at=NOW, closes_at=NOW + HOUR, kind=ExamKind.MOCK)
    for minutes in (1, 2):
        reply(ask(question, person), right=True, now=NOW + timedelta(minutes=minutes))
    sit(exam, person, wrong=(1,), now=NOW + timedelta(minutes=3))
    assert book(person, now=NOW + DAY) == {question.pk}
    left = []
    for minutes in (4, 5):
        given = reply(ask(question, person), right=True, now=NOW + timedelta(minutes=minutes))
        left.append(rights_to_go(given.card, now=NOW + DAY, times=TIMES))
    assert left == [1, 0]
    assert book(person, now=NOW + DAY) == set()


def test_what_another_exam_needs_is_counted_but_not_asked(person, pool):
    reply(ask(pool[0].question, person), right=False)
    reply(ask(pool[1].question, person), right=False)
    exam_on(pool[1])
    figures = book_figures(person_facts(person.pk, now=NOW), now=NOW, times=TIMES)
    assert (figures.total, figures.held_back, figures.open) == (2, 1, 1)
    assert actions.begin_book(by=person, now=NOW).questions == [pool[0].question_id]


def test_an_empty_book_begins_nothing(person, pool):
    with pytest.raises(actions.NothingToPractise):
        actions.begin_book(by=person, now=NOW)


def test_the_number_is_data(person, pool):
    RuleValue.objects.filter(code="exam.wrong_book_times").update(value=1)
    reply(ask(pool[0].question, person), right=False)
    reply(ask(pool[0].question, person), right=True, now=NOW + HOUR)
    with pytest.raises(actions.NothingToPractise):
        actions.begin_book(by=person, now=NOW + HOUR)
