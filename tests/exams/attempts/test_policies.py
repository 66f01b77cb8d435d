"""Cooling-off, retraining, mock exams: from the rows of an exam to what a person may do."""

from datetime import timedelta

import pytest
from django.urls import reverse

from exams.attempts import actions
from exams.attempts.actions import AlreadySubmitted, CannotStart
from exams.attempts.packets import packet_of
from exams.attempts.queries import exam_line
from exams.attempts.retraining_actions import confirm_retraining
from exams.attempts.retraining_models import Retraining
from exams.attempts.states import ExamState
from exams.papers.models import ExamKind
from lms.audit.models import AuditEntry
from lms.coverage.models import Outcome, OutcomeKind
from tests.exams.attempts.conftest import right_answers
from tests.factories.exams import NOW, exam_with_papers
from tests.factories.lms import OutcomeFactory, UserFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def fail(exam, person, now):
    attempt = actions.start_attempt(exam_id=exam.pk, by=person, now=now)
    return actions.submit_attempt(attempt_key=attempt.key, by=person, now=now)


def state(exam, person, now):
    return exam_line(exam.pk, person_id=person.pk, now=now).state


def test_the_next_try_waits_for_the_cooling_off(rules, person, client_of, set_now):
    exam = exam_with_papers(papers=2, cooling_hours=24, closes_at=NOW + 72 * HOUR)
    fail(exam, person, NOW)
    assert state(exam, person, NOW + 23 * HOUR) == ExamState.COOLING
    with pytest.raises(CannotStart) as refused:
        actions.start_attempt(exam_id=exam.pk, by=person, now=NOW + 23 * HOUR)
    assert refused.value.state == ExamState.COOLING
    set_now(NOW + HOUR)
    assert "2026-11-25 09:00 起可以补考" in client_of(person).get(reverse("exams:exam", args=[exam.pk])).text
    assert "还不能补考" in client_of(person).get(reverse("exams:my_exams")).text
    assert actions.start_attempt(exam_id=exam.pk, by=person, now=NOW + 24 * HOUR).number == 2


@pytest.fixture
def failed_twice(rules, person):
    exam = exam_with_papers(papers=2, retrain_after=2, attempts_allowed=4)
    return fail(exam, person, NOW), fail(exam, person, NOW + HOUR)


def test_after_the_second_failure_training_comes_first(failed_twice, person, client_of, set_now):
    exam = failed_twice[0].exam
    with pytest.raises(CannotStart) as refused:
        actions.start_attempt(exam_id=exam.pk, by=person, now=NOW + 2 * HOUR)
    assert refused.value.state == ExamState.RETRAIN
    set_now(NOW + 2 * HOUR)
    assert "要重新培训后再考" in client_of(person).get(reverse("exams:exam", args=[exam.pk])).text
    assert "先重新培训" in client_of(person).get(reverse("exams:my_exams")).text


@pytest.mark.parametrize("kind", [OutcomeKind.COURSE_COMPLETED, OutcomeKind.SESSION_ATTENDED])
def test_training_after_the_last_failure_opens_the_way(failed_twice, person, kind):
    exam = failed_twice[0].exam
    OutcomeFactory(person=person, kind=kind, subject=exam.subject, achieved_at=NOW)
    assert state(exam, person, NOW + 3 * HOUR) == ExamState.RETRAIN
    OutcomeFactory(person=person, kind=kind, subject=exam.subject, achieved_at=NOW + 2 * HOUR)
    assert state(exam, person, NOW + 3 * HOUR) == ExamState.RETRY


def test_the_course_that_must_come_first_is_the_one_to_repeat(rules, person, client_of, set_now):
    exam = exam_with_papers(papers=2, retrain_after=1, attempts_allowed=4, prerequisite_subject="dust")
    OutcomeFactory(person=person, kind=OutcomeKind.COURSE_COMPLETED, subject="dust", achieved_at=NOW - HOUR)
    fail(exam, person, NOW)
    OutcomeFactory(person=person, kind=OutcomeKind.COURSE_COMPLETED, subject=exam.subject, achieved_at=NOW + HOUR)
    assert state(exam, person, NOW + 2 * HOUR) == ExamState.RETRAIN
    set_now(NOW + 2 * HOUR)
    page = client_of(person).get(reverse("exams:exam", args=[exam.pk])).text
    assert reverse("courses:course", args=["dust"]) in page
    OutcomeFactory(person=person, kind=OutcomeKind.SESSION_ATTENDED, subject="dust", achieved_at=NOW + HOUR)
    assert state(exam, person, NOW + 2 * HOUR) == ExamState.RETRY


def test_training_outside_is_confirmed_by_the_office(failed_twice, person):
    exam = failed_twice[0].exam
    for _ in range(2):
        confirm_retraining(attempt_id=failed_twice[1].pk, by=UserFactory(), reason="签到表", now=NOW + 2 * HOUR)
    assert Retraining.objects.count() == AuditEntry.objects.filter(action="attempt.retrained").count() == 1
    assert state(exam, person, NOW + 3 * HOUR) == ExamState.RETRY
    assert actions.start_attempt(exam_id=exam.pk, by=person, now=NOW + 3 * HOUR).number == 3


def test_only_a_failed_attempt_is_followed_by_training(exam, person):
    attempt = actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)
    with pytest.raises(AlreadySubmitted):
        confirm_retraining(attempt_id=attempt.pk, by=UserFactory(), reason="?", now=NOW)


def test_passing_a_mock_exam_counts_for_nothing(rules, person):
    exam = exam_with_papers(kind=ExamKind.MOCK)
    attempt = actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)
    rows = [{"number": n, "position": n, "response": list(r)} for n, r in right_answers(attempt).items()]
    packet = packet_of({"client": 1, "changes": rows})
    done = actions.submit_attempt(attempt_key=attempt.key, by=person, packet=packet, now=NOW)
    assert done.passed
    assert not Outcome.objects.exists()
