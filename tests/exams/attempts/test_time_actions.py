"""Extra time, extensions and pauses: rows, chain, deadline, audit."""

from datetime import timedelta

import pytest

from exams.attempts import actions
from exams.attempts.actions import AlreadySubmitted
from exams.attempts.models import Attempt, AttemptStatus, EventKind, SubmitReason
from exams.attempts.packets import packet_of
from exams.attempts.screens import result_screen
from exams.attempts.time_actions import CannotChangeTime, extend, give_extra_time, pause, resume
from exams.attempts.time_models import ExtraTime, TimeChange
from exams.attempts.verification import verify
from lms.audit.models import AuditEntry
from tests.factories.exams import NOW
from tests.factories.lms import UserFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def attempt(exam, person):
    return actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)


@pytest.fixture
def proctor(rules):
    return UserFactory()


def save(attempt, number, now):
    packet = packet_of({"client": 1, "changes": [{"number": number, "position": 1, "response": ["o1"]}]})
    return actions.save_answers(attempt_key=attempt.key, by=attempt.person, packet=packet, now=now)


def test_extension_moves_the_deadline_and_is_chained(attempt, proctor):
    changed = extend(attempt_id=attempt.pk, minutes=15, by=proctor, reason="停电", now=NOW + 30 * MINUTE)
    assert changed.deadline_at == NOW + 75 * MINUTE
    assert (changed.news, changed.event_count) == (1, 1)
    event = changed.events.get()
    assert (event.kind, event.response["seconds"], event.response["by"]) == (EventKind.TIME, 900, proctor.pk)
    entry = AuditEntry.objects.get(action="attempt.extension")
    assert (entry.actor_id, entry.reason) == (proctor.pk, "停电")
    assert verify(Attempt.objects.select_related("exam").get(pk=attempt.pk)) == []


def test_answers_are_taken_until_the_new_deadline(attempt, proctor):
    extend(attempt_id=attempt.pk, minutes=15, by=proctor, reason="停电", now=NOW + 30 * MINUTE)
    assert save(attempt, 1, NOW + 74 * MINUTE).acknowledged == [1]
    assert actions.submit_expired(now=NOW + 70 * MINUTE) == 0
    assert actions.submit_expired(now=NOW + 76 * MINUTE) == 1


def test_a_paused_attempt_does_not_expire_and_gets_its_time_back(attempt, proctor):
    pause(attempt_id=attempt.pk, by=proctor, reason="火警", now=NOW + 50 * MINUTE)
    assert actions.submit_expired(now=NOW + 90 * MINUTE) == 0
    assert save(attempt, 1, NOW + 80 * MINUTE).acknowledged == [1]
    resumed = resume(attempt_id=attempt.pk, by=proctor, reason="火警解除", now=NOW + 90 * MINUTE)
    assert (resumed.deadline_at, resumed.paused_at) == (NOW + 100 * MINUTE, None)
    assert actions.submit_expired(now=NOW + 101 * MINUTE) == 1


@pytest.mark.parametrize(("change", "reason"), [(resume, "running"), (pause, "paused")])
def test_a_change_that_does_not_fit_changes_nothing(attempt, proctor, change, reason):
    if change is pause:
        pause(attempt_id=attempt.pk, by=proctor, reason="火警", now=NOW)
    before = TimeChange.objects.count()
    with pytest.raises(CannotChangeTime) as refused:
        change(attempt_id=attempt.pk, by=proctor, reason="?", now=NOW + MINUTE)
    assert refused.value.reason == reason
    assert TimeChange.objects.count() == before


def test_an_attempt_that_is_over_is_handed_in_and_not_extended(attempt, proctor):
    with pytest.raises(AlreadySubmitted):
        extend(attempt_id=attempt.pk, minutes=15, by=proctor, reason="停电", now=NOW + 61 * MINUTE)
    attempt.refresh_from_db()
    assert (attempt.status, attempt.submit_reason) == (AttemptStatus.SUBMITTED, SubmitReason.EXPIRED)
    assert not TimeChange.objects.exists()


def test_extra_time_counts_from_the_next_start(exam, person, proctor):
    give_extra_time(exam=exam, person=person, minutes=20, by=proctor, reason="视力不便", now=NOW)
    begun = actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)
    assert (begun.deadline_at, begun.extra_seconds) == (NOW + 80 * MINUTE, 1200)
    assert verify(Attempt.objects.select_related("exam").get(pk=begun.pk)) == []


def test_extra_time_reaches_beyond_the_window(exam, person, proctor):
    give_extra_time(exam=exam, person=person, minutes=20, by=proctor, reason="视力不便", now=NOW)
    late = exam.closes_at - 5 * MINUTE
    assert actions.start_attempt(exam_id=exam.pk, by=person, now=late).deadline_at == exam.closes_at + 20 * MINUTE


def test_giving_extra_time_again_replaces_it(exam, person, proctor):
    for minutes in (20, 30):
        give_extra_time(exam=exam, person=person, minutes=minutes, by=proctor, reason="视力不便", now=NOW)
    assert [row.minutes for row in ExtraTime.objects.all()] == [30]
    assert AuditEntry.objects.filter(action="exam.extra_time").count() == 2


def test_extra_time_is_not_given_during_an_attempt(attempt, proctor):
    with pytest.raises(CannotChangeTime) as refused:
        give_extra_time(exam=attempt.exam, person=attempt.person, minutes=5, by=proctor, reason="?", now=NOW)
    assert refused.value.reason == "started"


def test_a_moved_deadline_without_a_change_is_found(attempt, proctor):
    Attempt.objects.filter(pk=attempt.pk).update(deadline_at=NOW + 90 * MINUTE)
    found = verify(Attempt.objects.select_related("exam").get(pk=attempt.pk))
    assert [finding.reason for finding in found] == ["deadline altered"]


def test_the_time_used_leaves_pauses_out(attempt, proctor):
    pause(attempt_id=attempt.pk, by=proctor, reason="火警", now=NOW + 10 * MINUTE)
    resume(attempt_id=attempt.pk, by=proctor, reason="火警解除", now=NOW + 25 * MINUTE)
    done = actions.submit_attempt(attempt_key=attempt.key, by=attempt.person, now=NOW + 40 * MINUTE)
    assert result_screen(done, now=NOW + 41 * MINUTE)["used"] == 25 * 60


def test_an_altered_change_is_found(attempt, proctor):
    extend(attempt_id=attempt.pk, minutes=15, by=proctor, reason="停电", now=NOW)
    TimeChange.objects.update(seconds=3600)
    found = verify(Attempt.objects.select_related("exam").get(pk=attempt.pk))
    assert [finding.reason for finding in found] == ["changes of the time altered", "deadline altered"]
