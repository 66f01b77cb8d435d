"""Attempts ended from outside."""

from datetime import timedelta
from decimal import Decimal

import pytest

from exams.attempts import actions
from exams.attempts.actions import AlreadySubmitted
from exams.attempts.closing_actions import force_submit, void_attempt
from exams.attempts.models import Attempt, AttemptStatus, EventKind, SubmitReason
from exams.attempts.packets import packet_of
from exams.attempts.queries import exam_line
from exams.attempts.states import ExamState
from exams.attempts.time_actions import pause
from exams.attempts.verification import receipt_agrees, verify
from lms.audit.models import AuditEntry
from lms.coverage.models import Outcome
from tests.exams.attempts.conftest import right_answers
from tests.factories.exams import NOW
from tests.factories.lms import UserFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def answered(exam, person):
    attempt = actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)
    rows = [{"number": n, "position": n, "response": list(r)} for n, r in right_answers(attempt).items()]
    packet = packet_of({"client": 1, "changes": rows})
    actions.save_answers(attempt_key=attempt.key, by=person, packet=packet, now=NOW + MINUTE)
    return attempt


def sound(attempt):
    return verify(Attempt.objects.select_related("exam").get(pk=attempt.pk)) == []


def test_forced_submission_hands_in_what_was_saved(answered):
    done = force_submit(attempt_id=answered.pk, by=UserFactory(), reason="多次切屏", now=NOW + 10 * MINUTE)
    assert (done.status, done.submit_reason, done.score) == (AttemptStatus.SUBMITTED, SubmitReason.FORCED, Decimal(8))
    assert done.submitted_at == NOW + 10 * MINUTE
    assert Outcome.objects.get().evidence == f"exams.attempt:{answered.pk}"
    assert AuditEntry.objects.get(action="attempt.force_submitted").reason == "多次切屏"
    assert sound(answered)


def test_a_paused_attempt_can_be_forced_long_after_its_deadline(answered):
    pause(attempt_id=answered.pk, by=UserFactory(), reason="火警", now=NOW + 10 * MINUTE)
    later = NOW + 200 * MINUTE
    assert force_submit(attempt_id=answered.pk, by=None, reason="考试取消", now=later).submitted_at == later
    assert sound(answered)


def test_what_is_over_is_not_forced(answered):
    with pytest.raises(AlreadySubmitted):
        force_submit(attempt_id=answered.pk, by=None, reason="?", now=NOW + 90 * MINUTE)
    assert Attempt.objects.get().submit_reason == SubmitReason.EXPIRED


def test_voiding_a_passed_attempt_withdraws_the_pass_and_keeps_the_record(answered):
    actions.submit_attempt(attempt_key=answered.key, by=answered.person, now=NOW + 10 * MINUTE)
    done = void_attempt(attempt_id=answered.pk, by=UserFactory(), reason="替考", now=NOW + 60 * MINUTE)
    assert done.status == AttemptStatus.VOIDED
    assert done.events.order_by("sequence").last().kind == EventKind.VOID
    outcome = Outcome.objects.get()
    assert (outcome.withdrawn_on, outcome.withdrawn_reason) == (NOW.date(), "替考")
    assert sound(answered)
    assert receipt_agrees(Attempt.objects.get())


def test_a_voided_attempt_does_not_use_up_a_try(answered):
    void_attempt(attempt_id=answered.pk, by=UserFactory(), reason="断电", now=NOW + 5 * MINUTE)
    line = exam_line(answered.exam_id, person_id=answered.person_id, now=NOW + 6 * MINUTE)
    assert (line.state, line.attempts_left) == (ExamState.CAN_START, 2)


def test_a_voided_attempt_takes_no_answers_and_is_not_voided_again(answered):
    void_attempt(attempt_id=answered.pk, by=UserFactory(), reason="替考", now=NOW + 5 * MINUTE)
    packet = packet_of({"client": 1, "changes": [{"number": 9, "position": 1, "response": ["o1"]}]})
    with pytest.raises(AlreadySubmitted):
        actions.save_answers(attempt_key=answered.key, by=answered.person, packet=packet, now=NOW + 6 * MINUTE)
    with pytest.raises(AlreadySubmitted):
        void_attempt(attempt_id=answered.pk, by=UserFactory(), reason="?", now=NOW + 7 * MINUTE)
    assert sound(answered)
