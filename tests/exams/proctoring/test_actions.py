"""Orders of proctors: what they do, what they leave behind, what is refused."""

from datetime import timedelta

import pytest

from exams.attempts import actions as attempts_actions
from exams.attempts.held_models import HeldChange, Ruling
from exams.attempts.models import Attempt, AttemptStatus, SubmitReason
from exams.attempts.time_models import ExtraTime
from exams.attempts.verification import verify
from exams.papers.sitting import TakeOver
from exams.proctoring import actions
from exams.proctoring.actions import Order
from exams.proctoring.models import Intervention, InterventionKind, Message
from lms.audit.models import AuditEntry
from tests.factories.exams import NOW

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
LATER = NOW + 10 * MINUTE


def do(attempts, kind, proctor, reason, *, now=LATER, **more):
    order = Order(InterventionKind(kind), reason, note="二楼", **more)
    ids = [attempt.pk for attempt in attempts]
    return actions.intervene(exam=attempts[0].exam, order=order, attempt_ids=ids, by=proctor, now=now)


def fresh(attempt):
    return Attempt.objects.select_related("exam").get(pk=attempt.pk)


def test_extension_for_all_reaches_everybody_who_writes(attempts, proctor, reason):
    attempts_actions.submit_attempt(
        attempt_key=attempts[2].key, by=attempts[2].person, device="phone", now=NOW + MINUTE
    )
    done = do(attempts, "extend", proctor, reason, minutes=10)
    assert (done.count, done.refused) == (2, [attempts[2].pk])
    assert [fresh(attempt).deadline_at for attempt in attempts[:2]] == [NOW + 70 * MINUTE] * 2
    rows = Intervention.objects.all()
    assert [(row.attempt_id, row.kind, row.minutes, row.reason, row.note) for row in rows] == [
        (attempt.pk, "extend", 10, reason, "二楼") for attempt in attempts[:2]
    ]
    assert AuditEntry.objects.get(action="attempt.extension", target_id=str(attempts[0].pk)).reason == "网络故障：二楼"
    assert [verify(fresh(attempt)) for attempt in attempts] == [[], [], []]


def test_announcement_is_one_message_for_all(attempts, proctor, reason):
    order = Order(InterventionKind.ANNOUNCE, reason, text="还有半小时")
    actions.announce(exam=attempts[0].exam, order=order, by=proctor, now=LATER)
    assert [fresh(attempt).news for attempt in attempts] == [1, 1, 1]
    assert [(row.kind, row.attempt_id, row.text) for row in Message.objects.all()] == [
        ("announcement", None, "还有半小时")
    ]


@pytest.mark.parametrize(("kind", "said"), [("message", "message"), ("warn", "warning")])
def test_a_message_reaches_one(attempts, proctor, reason, kind, said):
    do(attempts[:1], kind, proctor, reason, text="请坐好")
    assert [(row.kind, row.attempt_id) for row in Message.objects.all()] == [(said, attempts[0].pk)]
    assert [fresh(attempt).news for attempt in attempts] == [1, 0, 0]


def test_pause_and_resume(attempts, proctor, reason):
    do(attempts[:1], "pause", proctor, reason)
    assert fresh(attempts[0]).paused_at == LATER
    assert do(attempts[:1], "pause", proctor, reason).refused == [attempts[0].pk]
    do(attempts[:1], "resume", proctor, reason, now=LATER + 5 * MINUTE)
    assert fresh(attempts[0]).deadline_at == NOW + 65 * MINUTE
    assert [row.kind for row in Intervention.objects.all()] == ["pause", "resume"]


def test_take_over_is_allowed_once(attempts, proctor, reason):
    attempts[0].exam.take_over = TakeOver.ASK
    attempts[0].exam.save(update_fields=["take_over"])
    do(attempts[:1], "take_over", proctor, reason)
    assert fresh(attempts[0]).take_over_allowed


def test_forced_submission_and_voiding(attempts, proctor, reason):
    do(attempts[:1], "force_submit", proctor, reason)
    do(attempts[1:2], "void", proctor, reason)
    first, second = fresh(attempts[0]), fresh(attempts[1])
    assert (first.status, first.submit_reason) == (AttemptStatus.SUBMITTED, SubmitReason.FORCED)
    assert second.status == AttemptStatus.VOIDED
    assert [verify(first), verify(second)] == [[], []]


def test_attempts_of_another_exam_are_out_of_reach(attempts, proctor, reason, rules):
    from tests.factories.exams import AttemptFactory

    foreign = AttemptFactory()
    order = Order(InterventionKind.VOID, reason)
    done = actions.intervene(exam=attempts[0].exam, order=order, attempt_ids=[foreign.pk], by=proctor, now=LATER)
    assert done.count == 0
    assert fresh(foreign).status == AttemptStatus.WRITING


def test_a_ruling_counts_late_answers_in(attempts, proctor, reason):
    attempt = attempts[0]
    attempts_actions.expire_attempt(attempt_id=attempt.pk, now=NOW + 90 * MINUTE)
    held = HeldChange.objects.create(
        attempt=attempt, reason="late", position=1, response=["o2"], client=5, client_number=1,
        made_at=NOW + 50 * MINUTE, received_at=NOW + 95 * MINUTE,
    )  # fmt: skip
    order = Order(InterventionKind.RULE_LATE, reason)
    actions.rule_on_late(
        attempt=fresh(attempt),
        held_ids=[held.pk],
        ruling=Ruling.ACCEPTED,
        order=order,
        by=proctor,
        now=NOW + 99 * MINUTE,
    )
    assert fresh(attempt).answers.get(position=1).response == ["o2"]
    assert Intervention.objects.get().kind == "rule_late"


def test_extra_time_leaves_a_row_and_its_reason(attempts, proctor, reason):
    attempts_actions.submit_attempt(attempt_key=attempts[0].key, by=attempts[0].person, device="phone", now=LATER)
    order = Order(InterventionKind.EXTRA_TIME, reason, minutes=15)
    actions.give_extra_time(exam=attempts[0].exam, person=attempts[0].person, order=order, by=proctor, now=LATER)
    assert ExtraTime.objects.get().minutes == 15
    assert Intervention.objects.get().minutes == 15


def test_nobody_deals_with_the_own_attempt(attempts, reason):
    done = do(attempts, "extend", attempts[0].person, reason, minutes=10)
    assert done.count == 2
    assert fresh(attempts[0]).deadline_at == NOW + 60 * MINUTE
