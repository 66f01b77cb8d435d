"""The pulse of an open page: news within one beat, and what it costs."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exams.attempts.devices import COOKIE
from exams.attempts.models import Attempt, AttemptStatus
from exams.attempts.packets import now_in_ms
from exams.integrity.models import Signal
from exams.proctoring import actions
from exams.proctoring.actions import Order
from exams.proctoring.models import InterventionKind
from tests.factories.exams import NOW

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def at(monkeypatch):
    """The wall clock of the views."""

    def set_to(moment):
        for place in ("exams.proctoring.pulse_views", "exams.attempts.views"):
            monkeypatch.setattr(f"{place}.current_time", lambda: moment)

    set_to(NOW)
    return set_to


@pytest.fixture
def page(exam, client_of, at, person):
    """A browser with an open attempt."""
    browser = client_of(person)
    browser.post(reverse("exams:start", args=[exam.pk]))
    browser.attempt = Attempt.objects.select_related("exam").get(person=person)
    return browser


@pytest.fixture
def person(rules):
    from tests.factories.lms import EmploymentFactory

    return EmploymentFactory().person


def beat(page, *, news=0, seen=0, signals=()):
    body = {"client": 5, "news": news, "messages_seen": seen, "signals": list(signals)}
    address = reverse("exams:pulse", args=[page.attempt.key])
    return page.post(address, json.dumps(body), content_type="application/json")


def leave(minute, seconds=30):
    return {"kind": "left_page", "at": (NOW + minute * MINUTE).isoformat(), "seconds": seconds, "detail": {}}


def order(page, kind, proctor, reason, now, **more):
    given = Order(InterventionKind(kind), reason, **more)
    actions.intervene(exam=page.attempt.exam, order=given, attempt_ids=[page.attempt.pk], by=proctor, now=now)


def test_a_quiet_page_is_told_the_time(page):
    answer = beat(page).json()
    assert (answer["now"], answer["deadline"]) == (now_in_ms(NOW), now_in_ms(NOW + 60 * MINUTE))
    assert (answer["paused"], answer["news"], answer["why"], answer["messages"]) == (False, 0, "", [])


def test_an_extension_reaches_the_page_with_its_sentence(page, proctor, reason, at):
    order(page, "extend", proctor, reason, NOW + MINUTE, minutes=10)
    at(NOW + MINUTE)
    answer = beat(page).json()
    assert answer["deadline"] == now_in_ms(NOW + 70 * MINUTE)
    assert answer["news"] == 1
    assert "监考延长 10 分钟" in answer["why"]
    assert beat(page, news=1).json()["why"] == ""


def test_pause_and_messages_reach_the_page_once(page, proctor, reason, at):
    order(page, "pause", proctor, reason, NOW + MINUTE)
    order(page, "warn", proctor, reason, NOW + MINUTE, text="请坐好")
    given = Order(InterventionKind.ANNOUNCE, reason, text="请大家安静")
    actions.announce(exam=page.attempt.exam, order=given, by=proctor, now=NOW + MINUTE)
    at(NOW + MINUTE)
    answer = beat(page).json()
    assert answer["paused"]
    assert [(row["kind"], row["text"]) for row in answer["messages"]] == [
        ("warning", "请坐好"), ("announcement", "请大家安静"),
    ]  # fmt: skip
    last = answer["messages"][-1]["id"]
    assert beat(page, news=0, seen=last).json()["messages"] == []


def test_what_was_announced_before_the_start_is_not_news(exam, page, proctor, reason, at):
    given = Order(InterventionKind.ANNOUNCE, reason, text="旧消息")
    actions.announce(exam=exam, order=given, by=proctor, now=NOW - MINUTE)
    assert beat(page).json()["messages"] == []


def test_signals_are_kept_and_leaves_counted(page):
    answer = beat(page, signals=[leave(1), leave(2, seconds=0.5)]).json()
    assert answer["left"] == {"count": 1, "tolerance": 3}
    assert Signal.objects.filter(kind="left_page").count() == 2


def test_behind_a_proxy_the_address_is_the_candidates(page, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for minute, address in enumerate(["203.0.113.1", "198.51.100.2"], start=1):
        page.defaults["HTTP_X_FORWARDED_FOR"] = address
        beat(page, signals=[leave(minute)])
    shown = Signal.objects.filter(kind="address").order_by("pk").values_list("detail__shown", flat=True)
    assert list(shown) == ["203.0.*.*", "198.51.*.*"]


def test_an_exam_may_hand_in_after_too_many_leaves(page, at):
    page.attempt.exam.leave_tolerance, page.attempt.exam.leave_action = 1, "submit"
    page.attempt.exam.save(update_fields=["leave_tolerance", "leave_action"])
    assert beat(page, signals=[leave(1), leave(2)]).status_code == 200  # warned
    assert beat(page, signals=[leave(3)]).status_code == 409
    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.submit_reason) == (AttemptStatus.SUBMITTED, "forced")
    assert page.attempt.exam.interventions.get().by is None


def test_another_device_is_told_to_take_over(page, client):
    page.cookies.pop(COOKIE)
    answer = beat(page)
    assert (answer.status_code, answer.json()["error"]) == (423, "moved")


def test_a_page_whose_time_is_over_is_sent_to_the_result(page, at):
    at(NOW + 90 * MINUTE)
    assert beat(page).status_code == 410
    assert beat(page).status_code == 409
    assert Attempt.objects.get().submit_reason == "expired"


@pytest.mark.parametrize("body", ["", "[]", '{"client": 0}', '{"client": 1, "news": 0, "messages_seen": 0, "x": 1}'])
def test_malformed_pulses_are_refused(page, body):
    address = reverse("exams:pulse", args=[page.attempt.key])
    assert page.post(address, body, content_type="application/json").status_code == 400


def test_a_malformed_signal_is_named(page):
    answer = beat(page, signals=[{"kind": "mind_reading", "at": NOW.isoformat(), "seconds": None, "detail": {}}])
    assert answer.status_code == 400
    assert answer.json()["problems"][0]["where"].startswith("signals.0")


def test_nobody_takes_the_pulse_of_a_foreign_attempt(page, client_of):
    from tests.factories.lms import UserFactory

    other = client_of(UserFactory())
    other.attempt = page.attempt
    assert beat(other).status_code == 404


def test_a_beat_without_news_costs_one_query_beside_session_and_person(page, at):
    beat(page)
    at(NOW + timedelta(seconds=4))
    with CaptureQueriesContext(connection) as done:
        beat(page)
    tables = [row["sql"] for row in done if "exams_" in row["sql"]]
    assert len(tables) == 1
    assert len(done) <= 4


def test_a_beat_with_news_costs_two_more(page, proctor, reason, at):
    beat(page)
    order(page, "extend", proctor, reason, NOW, minutes=10)
    at(NOW + timedelta(seconds=4))
    with CaptureQueriesContext(connection) as done:
        beat(page)
    assert len([row for row in done if "exams_" in row["sql"]]) == 3


def test_a_saved_answer_tells_of_news(page, proctor, reason):
    order(page, "extend", proctor, reason, NOW, minutes=10)
    body = {"client": 5, "changes": [{"number": 1, "position": 1, "response": ["o1"]}]}
    answer = page.post(
        reverse("exams:save", args=[page.attempt.key]), json.dumps(body), content_type="application/json"
    )
    assert answer.json()["news"] == 1
