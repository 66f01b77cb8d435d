"""Answers made in time and delivered late: kept, ruled on, counted."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from exams.attempts import actions
from exams.attempts.held_models import HeldChange, Ruling
from exams.attempts.late_actions import CannotRule, hold_changes, rule_on
from exams.attempts.models import Answer, Attempt, AttemptStatus, EventKind, OpenAnswer
from exams.attempts.packets import packet_of
from exams.attempts.verification import verify
from exams.marking.actions import Given, give_mark
from lms.audit.models import AuditEntry
from lms.coverage.models import Outcome
from tests.exams.attempts.conftest import right_answers
from tests.factories.exams import NOW, exam_of_all_types
from tests.factories.lms import UserFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
END = NOW + 60 * MINUTE


@pytest.fixture
def attempt(exam, person):
    return actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)


def packet(*changes, client=1):
    """(number, position, response, minutes after the start)."""
    rows = [
        {"number": n, "position": p, "response": list(r), "made_at": NOW + minutes * MINUTE}
        for n, p, r, minutes in changes
    ]
    return packet_of({"client": client, "changes": rows})


def hold(attempt, *changes, now=END + 10 * MINUTE):
    return hold_changes(attempt_key=attempt.key, by=attempt.person, packet=packet(*changes), now=now)


def expire(attempt):
    actions.expire_attempt(attempt_id=attempt.pk, now=END + MINUTE)
    return Attempt.objects.select_related("exam", "person").get(pk=attempt.pk)


def rule(attempt, ruling=Ruling.ACCEPTED, now=END + 30 * MINUTE):
    ids = list(attempt.held_changes.values_list("pk", flat=True))
    return rule_on(attempt_id=attempt.pk, held_ids=ids, ruling=ruling, by=UserFactory(), reason="断网", now=now)


def answers(attempt):
    return dict(attempt.answers.values_list("position", "response"))


def right(attempt):
    return [(n, n, response, 50) for n, response in right_answers(attempt).items()]


def test_answers_made_in_time_are_kept_and_change_nothing_yet(attempt):
    attempt = expire(attempt)
    assert hold(attempt, *right(attempt)) == [1, 2, 3, 4]
    assert hold(attempt, *right(attempt)) == [1, 2, 3, 4]  # a retry is told the same
    assert HeldChange.objects.count() == 4
    attempt.refresh_from_db()
    assert attempt.score == 0


def test_what_was_made_after_the_deadline_is_not_kept(attempt):
    attempt = expire(attempt)
    assert hold(attempt, (1, 1, ["o1"], 59), (2, 2, ["o1"], 61)) == [1]


def test_what_has_no_time_of_making_is_not_kept(attempt):
    attempt = expire(attempt)
    bare = packet_of({"client": 1, "changes": [{"number": 1, "position": 1, "response": ["o1"]}]})
    assert hold_changes(attempt_key=attempt.key, by=attempt.person, packet=bare, now=END + MINUTE) == []


def test_the_late_window_ends(attempt):
    attempt = expire(attempt)
    assert hold(attempt, (1, 1, ["o1"], 59), now=END + 121 * MINUTE) == []


def test_nothing_is_kept_of_an_attempt_that_the_person_handed_in(attempt):
    actions.submit_attempt(attempt_key=attempt.key, by=attempt.person, now=NOW + 30 * MINUTE)
    assert hold(attempt, (1, 1, ["o1"], 20), now=NOW + 31 * MINUTE) == []


def test_nobody_brings_answers_into_a_foreign_attempt(attempt):
    attempt = expire(attempt)
    with pytest.raises(Attempt.DoesNotExist):
        hold_changes(attempt_key=attempt.key, by=UserFactory(), packet=packet((1, 1, ["o1"], 5)), now=END)


def test_accepted_answers_count_and_the_record_still_agrees(attempt):
    attempt = expire(attempt)
    hold(attempt, *right(attempt))
    done = rule(attempt)
    assert (done.score, done.passed) == (Decimal(8), True)
    assert answers(done) == {n: list(response) for n, response in right_answers(attempt).items()}
    assert [event.kind for event in done.events.order_by("sequence")] == ["submit", *["late"] * 4, "grade"]
    assert Outcome.objects.get().person_id == attempt.person_id
    assert AuditEntry.objects.filter(action="attempt.late_accepted").count() == 1
    assert verify(Attempt.objects.select_related("exam").get(pk=attempt.pk)) == []


def test_an_accepted_change_never_beats_a_newer_answer(attempt):
    newer = packet((9, 1, ["o3"], 20))
    actions.save_answers(attempt_key=attempt.key, by=attempt.person, packet=newer, now=NOW + 20 * MINUTE)
    attempt = expire(attempt)
    hold(attempt, (5, 1, ["o1"], 10), (10, 2, ["o2"], 30))
    assert answers(rule(attempt)) == {1: ["o3"], 2: ["o2"], 3: [], 4: []}
    assert verify(Attempt.objects.select_related("exam").get(pk=attempt.pk)) == []


def test_rejected_answers_stay_outside(attempt):
    attempt = expire(attempt)
    hold(attempt, *right(attempt))
    done = rule(attempt, Ruling.REJECTED)
    assert (done.score, done.passed) == (Decimal(0), False)
    assert [event.kind for event in done.events.all()] == ["submit"]
    assert set(done.held_changes.values_list("ruling", "ruling_note")) == {("rejected", "断网")}


def test_a_ruling_is_given_once(attempt):
    attempt = expire(attempt)
    hold(attempt, *right(attempt))
    rule(attempt)
    with pytest.raises(CannotRule) as refused:
        rule(attempt)
    assert refused.value.reason == "nothing"


def test_a_held_change_that_waits_while_writing_goes_on_becomes_an_answer(exam, person):
    attempt = actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)
    HeldChange.objects.create(
        attempt=attempt, reason="device", position=1, response=["o1"], client=7, client_number=3,
        made_at=NOW + MINUTE, received_at=NOW + 2 * MINUTE,
    )  # fmt: skip
    done = rule(attempt, now=NOW + 5 * MINUTE)
    assert (done.status, answers(done)) == (AttemptStatus.WRITING, {1: ["o1"]})
    assert done.events.get().kind == EventKind.ANSWER
    assert verify(Attempt.objects.select_related("exam").get(pk=attempt.pk)) == []


def test_a_late_text_waits_for_a_marker_and_the_marks_settle_the_result(rules, person):
    exam = exam_of_all_types()
    attempt = expire(actions.start_attempt(exam_id=exam.pk, by=person, now=NOW))
    assert attempt.score == 0
    hold(attempt, (1, 8, ["先断电，再报告"], 30))
    done = rule(attempt)
    assert (done.score, done.passed) == (None, None)
    [waiting] = OpenAnswer.objects.all()
    mark = Given(points=waiting.possible)
    give_mark(open_answer=waiting, given=mark, marks_seen=0, by=UserFactory(), now=END + 60 * MINUTE)
    done = Attempt.objects.select_related("exam").get(pk=attempt.pk)
    assert done.score == waiting.possible
    assert verify(done) == []


def test_a_text_that_was_marked_is_not_replaced(rules, person):
    exam = exam_of_all_types()
    attempt = actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)
    actions.save_answers(attempt_key=attempt.key, by=person, packet=packet((1, 8, ["一"], 5)), now=NOW + 5 * MINUTE)
    attempt = expire(attempt)
    [waiting] = OpenAnswer.objects.all()
    give_mark(open_answer=waiting, given=Given(points=Decimal(1)), marks_seen=0, by=UserFactory(), now=END + MINUTE)
    hold(attempt, (2, 8, ["二"], 30))
    with pytest.raises(CannotRule) as refused:
        rule(attempt)
    assert refused.value.reason == "marked"
    assert Answer.objects.get(position=8).response == ["一"]


# --- over the wire -------------------------------------------------------------------------------


def test_a_late_packet_is_answered_with_what_is_kept(attempt, client_of, set_now):
    set_now(END + 5 * MINUTE)
    browser = client_of(attempt.person)
    body = packet((1, 1, ["o1"], 30)).model_dump_json()
    answer = browser.post(reverse("exams:save", args=[attempt.key]), body, content_type="application/json")
    result = reverse("exams:result", args=[attempt.key])
    assert (answer.status_code, answer.json()) == (202, {"held": [1], "result": result})
    assert Attempt.objects.get().status == AttemptStatus.SUBMITTED
    assert browser.get(result).context["held"] == {"waiting": 1}


@pytest.mark.parametrize("name", ["save", "submit"])
def test_a_late_packet_with_a_question_that_is_not_there_is_malformed(attempt, client_of, set_now, name):
    set_now(END + 5 * MINUTE)
    body = packet((1, 99, ["o1"], 30)).model_dump_json()
    address = reverse(f"exams:{name}", args=[attempt.key])
    for _ in range(2):  # when the time runs out, and once the attempt is handed in
        answer = client_of(attempt.person).post(address, body, content_type="application/json")
        assert (answer.status_code, answer.json()["error"]) == (400, "malformed")


def test_a_late_submission_keeps_what_it_brings(attempt, client_of, set_now):
    set_now(END + 5 * MINUTE)
    body = packet((1, 1, ["o1"], 30), (2, 2, ["o1"], 70)).model_dump_json()
    address = reverse("exams:submit", args=[attempt.key])
    answer = client_of(attempt.person).post(address, body, content_type="application/json").json()
    assert (answer["late"], answer["held"], answer["acknowledged"]) == (True, [1], [])


def test_a_second_tab_is_told_what_of_its_packet_counts(attempt, client_of, set_now):
    browser, address = client_of(attempt.person), reverse("exams:submit", args=[attempt.key])

    def submit(now, *changes):
        set_now(now)
        return browser.post(address, packet(*changes).model_dump_json(), content_type="application/json").json()

    first = submit(NOW + 5 * MINUTE, (1, 1, ["o1"], 4))
    again = submit(NOW + 6 * MINUTE, (1, 1, ["o1"], 4), (2, 2, ["o1"], 5))
    assert (first["acknowledged"], again["acknowledged"], again["held"]) == ([1], [1], [])
    assert again["receipt"] == first["receipt"]
