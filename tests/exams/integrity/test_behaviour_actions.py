"""Behaviour is read from the events of submitted attempts, again and again with the same result."""

from datetime import timedelta

import pytest

from exams.attempts import actions
from exams.attempts.models import Attempt
from exams.attempts.packets import packet_of
from exams.integrity import tasks
from exams.integrity.behaviour_actions import compute_behaviour, exams_to_read
from exams.integrity.models import Behaviour, Trait
from exams.integrity.queries import behaviour_of, standing_out
from exams.integrity.words import describe_behaviour
from exams.papers.correction_actions import correct
from exams.papers.correction_models import CorrectionKind
from exams.papers.models import Exam
from lms.regulations.models import RuleValue
from tests.exams.attempts.conftest import counted  # noqa: F401 – fixture
from tests.factories.exams import NOW, AttemptFactory, exam_with_papers
from tests.factories.lms import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def exam(rules: None):
    """Twelve single choices whose right answer is o2."""
    RuleValue.objects.filter(code="exam.behaviour_min_attempts").update(value=5)
    return exam_with_papers(singles=12, multiples=0, judgements=0)


def sit(exam, answers, *, seconds=30.0):
    """One attempt: (position, option) one after the other, so many seconds apart."""
    attempt = AttemptFactory(exam=exam)
    for number, (position, option) in enumerate(answers, start=1):
        change = {"number": number, "position": position, "response": [option]}
        now = NOW + timedelta(seconds=seconds * number)
        actions.save_answers(
            attempt_key=attempt.key, by=attempt.person, packet=packet_of({"client": 1, "changes": [change]}), now=now
        )
    return actions.submit_attempt(
        attempt_key=attempt.key, by=attempt.person, now=NOW + timedelta(minutes=50), form_answers=None,
        packet=packet_of({"client": 1, "changes": []}),
    )  # fmt: skip


RIGHT = [(position, "o2") for position in range(1, 13)]
WRONG_FIRST = [(position, "o1") for position in range(1, 13)]


def test_a_guesser_and_a_reviser_stand_out_of_the_exam(exam, counted):  # noqa: F811
    others = [sit(exam, WRONG_FIRST[:4] + RIGHT[4:]) for _ in range(6)]
    guesser = sit(exam, RIGHT, seconds=0.5)
    reviser = sit(exam, WRONG_FIRST[:4] + RIGHT[4:] + RIGHT[:4])
    with counted() as done:
        assert compute_behaviour(exam_id=exam.pk, now=NOW) == 8
    assert done.count == 5
    assert behaviour_of(guesser).traits == ["rapid", "low_effort"]
    assert behaviour_of(reviser).traits == ["revisions"]
    assert behaviour_of(reviser).figures["turned"] == 4
    assert [behaviour_of(other).traits for other in others] == [[]] * 6
    assert {row.attempt_id for row in standing_out(exam.pk)} == {guesser.pk, reviser.pk}
    assert "答得太快" in describe_behaviour(behaviour_of(guesser))[0].text


def test_computing_again_changes_nothing_and_new_attempts_are_taken_in(exam):
    for _ in range(5):
        sit(exam, RIGHT)
    compute_behaviour(exam_id=exam.pk, now=NOW)
    before = list(Behaviour.objects.values_list("attempt", "traits", "figures"))
    compute_behaviour(exam_id=exam.pk, now=NOW)
    assert list(Behaviour.objects.values_list("attempt", "traits", "figures")) == before
    late = sit(exam, RIGHT, seconds=0.5)
    Exam.objects.filter(pk=exam.pk).update(closes_at=NOW - timedelta(minutes=1))
    assert exams_to_read(now=NOW) == [exam.pk]
    compute_behaviour(exam_id=exam.pk, now=NOW)
    assert exams_to_read(now=NOW) == []
    assert set(Behaviour.objects.values_list("compared_with", flat=True)) == {6}
    assert behaviour_of(late).traits == ["rapid", "low_effort"]


def test_an_exam_is_read_again_after_a_key_was_corrected(exam):
    for _ in range(5):
        sit(exam, WRONG_FIRST[:4] + RIGHT[4:])
    reviser = sit(exam, WRONG_FIRST[:4] + RIGHT[4:] + RIGHT[:4])
    Exam.objects.filter(pk=exam.pk).update(closes_at=NOW - timedelta(minutes=1))
    compute_behaviour(exam_id=exam.pk, now=NOW)
    assert behaviour_of(reviser).traits == ["revisions"]
    for item in exam.papers.get().items.filter(position__lte=4):
        correct(
            exam=exam, version=item.version, kind=CorrectionKind.DROP, by=UserFactory(), reason="题目有歧义",
            now=NOW + timedelta(hours=1),
        )  # fmt: skip
    later = NOW + timedelta(hours=2)
    assert exams_to_read(now=later) == [exam.pk]
    compute_behaviour(exam_id=exam.pk, now=later)
    assert behaviour_of(reviser).traits == []
    assert exams_to_read(now=later) == []


def test_an_exam_that_goes_on_is_not_read_by_itself(exam):
    sit(exam, RIGHT)
    assert exams_to_read(now=NOW) == []


def test_too_few_attempts_are_noted_and_nothing_is_said_about_them(exam):
    attempt = sit(exam, RIGHT, seconds=0.5)
    compute_behaviour(exam_id=exam.pk, now=NOW)
    assert (behaviour_of(attempt).traits, behaviour_of(attempt).figures) == ([], {})


def test_open_and_void_attempts_are_left_out(exam):
    AttemptFactory(exam=exam)
    void = sit(exam, RIGHT)
    Attempt.objects.filter(pk=void.pk).update(status="voided")
    assert compute_behaviour(exam_id=exam.pk, now=NOW) == 0


def test_the_task_reads_one_exam_on_demand(exam):
    sit(exam, RIGHT)
    tasks.read_record_of.call_local(exam.pk)
    assert Behaviour.objects.count() == 1


def test_every_trait_has_words_and_an_innocent_explanation():
    behaviour = Behaviour(traits=Trait.values, figures={})
    words = describe_behaviour(behaviour)
    assert [word.kind for word in words] == Trait.values
    assert all(word.text and word.innocent for word in words)
