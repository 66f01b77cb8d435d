"""One live device: binding, taking over, and what the device before still brings."""

from datetime import timedelta

import pytest
from django.urls import reverse

from exams.attempts import actions
from exams.attempts.device_actions import CannotTakeOver, allow_take_over, take_over
from exams.attempts.held_models import HeldChange, HeldReason
from exams.attempts.models import Attempt, EventKind
from exams.attempts.packets import packet_of
from exams.attempts.verification import verify
from exams.papers.sitting import TakeOver
from tests.factories.exams import NOW, exam_with_papers
from tests.factories.lms import UserFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def begun(person, **rules):
    exam = exam_with_papers(**rules)
    return actions.start_attempt(exam_id=exam.pk, by=person, device="phone", now=NOW)


def packet(number=1, position=1, response=("o1",), made_at=NOW + MINUTE):
    change = {"number": number, "position": position, "response": list(response), "made_at": made_at}
    return packet_of({"client": 1, "changes": [change]})


def save(attempt, device, sent=None, now=NOW + 2 * MINUTE):
    return actions.save_answers(
        attempt_key=attempt.key, by=attempt.person, packet=sent or packet(), device=device, now=now
    )


def test_another_device_writes_nothing(rules, person):
    attempt = begun(person)
    with pytest.raises(actions.Moved):
        save(attempt, "tablet")
    with pytest.raises(actions.Moved):
        actions.submit_attempt(attempt_key=attempt.key, by=person, packet=packet(), device="tablet", now=NOW)
    assert not attempt.events.exists()
    assert save(attempt, "phone").acknowledged == [1]


def test_taking_over_moves_the_right_to_write_and_is_chained(rules, person):
    attempt = begun(person)
    moved = take_over(attempt_key=attempt.key, device="tablet", by=person, now=NOW + MINUTE)
    assert (moved.device, moved.news) == ("tablet", 1)
    event = moved.events.get()
    assert (event.kind, event.response) == (
        EventKind.DEVICE, {"from": "phone", "to": "tablet", "allowed": False},
    )  # fmt: skip
    assert save(attempt, "tablet").acknowledged == [1]
    with pytest.raises(actions.Moved):
        save(attempt, "phone")
    assert verify(Attempt.objects.select_related("exam").get(pk=attempt.pk)) == []


@pytest.mark.parametrize("policy", [TakeOver.ASK, TakeOver.NEVER])
def test_the_exam_may_keep_other_devices_out(rules, person, policy):
    attempt = begun(person, take_over=policy)
    with pytest.raises(CannotTakeOver):
        take_over(attempt_key=attempt.key, device="tablet", by=person, now=NOW + MINUTE)


def test_a_proctor_lets_one_device_take_over(rules, person):
    attempt = begun(person, take_over=TakeOver.ASK)
    allow_take_over(attempt_id=attempt.pk, by=UserFactory(), reason="手机没电", now=NOW)
    take_over(attempt_key=attempt.key, device="tablet", by=person, now=NOW + MINUTE)
    with pytest.raises(CannotTakeOver):
        take_over(attempt_key=attempt.key, device="third", by=person, now=NOW + 2 * MINUTE)


def test_nobody_takes_over_a_foreign_attempt(rules, person):
    attempt = begun(person)
    with pytest.raises(Attempt.DoesNotExist):
        take_over(attempt_key=attempt.key, device="tablet", by=UserFactory(), now=NOW)


# --- in the browser ------------------------------------------------------------------------------


def start_in(browser, exam):
    return browser.post(reverse("exams:start", args=[exam.pk]), follow=True)


def test_a_second_browser_is_asked_first_and_the_first_one_is_told(exam, person, client, client_of, set_now):
    phone, tablet = client_of(person), type(client)()
    tablet.force_login(person)
    start_in(phone, exam)
    attempt = Attempt.objects.get()
    page, choice = reverse("exams:attempt", args=[attempt.key]), reverse("exams:take_over", args=[attempt.key])
    assert tablet.get(page).url == choice
    assert "正在另一台设备上作答" in tablet.get(choice).text
    assert tablet.post(choice).url == page
    assert tablet.get(page).status_code == 200
    set_now(NOW + 2 * MINUTE)
    body = packet().model_dump_json()
    answer = phone.post(reverse("exams:save", args=[attempt.key]), body, content_type="application/json")
    assert (answer.status_code, answer.json()) == (423, {"error": "moved", "held": [], "exam": choice})
    assert phone.get(page).url == choice


def test_what_the_old_device_answered_before_the_move_is_kept_for_a_ruling(exam, person, client, client_of, set_now):
    phone, tablet = client_of(person), type(client)()
    tablet.force_login(person)
    start_in(phone, exam)
    attempt = Attempt.objects.get()
    set_now(NOW + 5 * MINUTE)
    tablet.get(reverse("exams:take_over", args=[attempt.key]))
    tablet.post(reverse("exams:take_over", args=[attempt.key]))
    body = packet(made_at=NOW + 4 * MINUTE).model_dump_json()
    answer = phone.post(reverse("exams:save", args=[attempt.key]), body, content_type="application/json")
    assert (answer.status_code, answer.json()["held"]) == (423, [1])
    late = packet(number=2, made_at=NOW + 6 * MINUTE).model_dump_json()
    answer = phone.post(reverse("exams:save", args=[attempt.key]), late, content_type="application/json")
    assert answer.json()["held"] == []
    held = HeldChange.objects.get()
    assert (held.reason, held.position, held.response) == (HeldReason.DEVICE, 1, ["o1"])


def test_a_forged_cookie_is_no_device(exam, person, client_of, set_now):
    browser = client_of(person)
    start_in(browser, exam)
    attempt = Attempt.objects.get()
    browser.cookies["sz_device"] = attempt.device
    body = packet().model_dump_json()
    answer = browser.post(reverse("exams:save", args=[attempt.key]), body, content_type="application/json")
    assert answer.status_code == 423
