"""What browsers report is checked, bounded, stored once; what the server notices is stored beside it."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from exams.attempts.models import Attempt
from exams.integrity import actions
from exams.integrity.addresses import fingerprint, masked
from exams.integrity.models import Signal, SignalKind
from exams.integrity.queries import counts_for, signals_of
from exams.integrity.reports import BadReports, checked
from exams.integrity.tolerance import Step
from exams.integrity.words import describe
from lms.kit.append_only import AppendOnly
from lms.regulations.models import RuleValue
from tests.exams.integrity.conftest import report
from tests.factories.exams import NOW, AttemptFactory

pytestmark = pytest.mark.django_db


def kinds():
    return list(Signal.objects.order_by("pk").values_list("kind", "counted"))


# --- leaving -------------------------------------------------------------------------------------


def test_leaves_are_counted_and_the_rules_of_the_exam_follow(take):
    steps = [take(report(after=n * 60, seconds=20)) for n in range(4)]
    assert [(taken.count, taken.tolerance, taken.step) for taken in steps] == [
        (1, 2, Step.NONE),
        (2, 2, Step.NONE),
        (3, 2, Step.WARN),
        (4, 2, Step.SUBMIT),
    ]


def test_a_short_leave_is_logged_and_not_counted(take):
    taken = take(report(seconds=1.5), report(after=9, seconds=2))
    assert taken.count == 1
    assert list(Signal.objects.filter(kind="left_page").values_list("counted", flat=True)) == [False, True]


def test_how_short_is_a_number_that_can_be_changed(take):
    RuleValue.objects.filter(code="exam.leave_min_seconds").update(value=30)
    assert take(report(seconds=29.9)).count == 0
    RuleValue.objects.all().delete()
    assert take(report(after=60, seconds=0.1)).count == 1


def test_a_report_sent_again_is_taken_once(take):
    first = take(report(seconds=5), report("copy"))
    again = take(report(seconds=5), report("copy"), report(seconds=5))
    assert (first.count, again.count, again.step) == (1, 1, Step.NONE)
    assert Signal.objects.filter(source="browser").count() == 2


def test_a_pulse_without_signals_says_where_things_stand(take):
    take(report(seconds=5))
    taken = take()
    assert (taken.count, taken.step, taken.stored) == (1, Step.NONE, [])


# --- checking ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signal", "where"),
    [
        (report("keystrokes"), "signals.0.kind"),
        (report("address"), "signals.0.kind"),
        (report("take_over"), "signals.0.kind"),
        ({"kind": "copy", "at": "2026-11-24T09:00:00"}, "signals.0.at"),
        ({"kind": "copy"}, "signals.0.at"),
        (report(seconds=-1), "signals.0.seconds"),
        (report(seconds=1e9), "signals.0.seconds"),
        (report(seconds="5"), "signals.0.seconds"),
        (report("copy", text="what was copied"), "signals.0.text"),
        (report("left_page", how="teleport"), "signals.0.how"),
        ({**report(), "score": 1}, "signals.0.score"),
        ("copy", "signals.0"),
    ],
)
def test_what_is_malformed_is_refused_with_its_place_and_nothing_is_taken(take, signal, where):
    with pytest.raises(BadReports) as refused:
        take(signal, report("copy"))
    assert [problem["where"] for problem in refused.value.problems] == [where]
    assert not Signal.objects.exists()


@pytest.mark.parametrize("signals", [None, {}, "x", [report("copy")] * 51])
def test_only_a_list_of_at_most_fifty_is_read(attempt, signals):
    with pytest.raises(BadReports):
        actions.take_signals(attempt=attempt, signals=signals, now=NOW)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(
    st.lists(JSON | st.fixed_dictionaries({"kind": st.sampled_from([*SignalKind.values, "x"]), "at": JSON}), max_size=5)
)
def test_anything_is_either_checked_or_refused(signals):
    try:
        checked_or_told = len(checked(signals)) == len(signals)
    except BadReports as refused:
        checked_or_told = bool(refused.problems)
    assert checked_or_told


# --- bounds --------------------------------------------------------------------------------------


def test_beyond_the_bound_of_a_kind_one_signal_says_so(take, monkeypatch):
    monkeypatch.setattr(actions, "MOST_OF_A_KIND", 3)
    for start in (0, 10):
        take(*[report("copy", after=start + n) for n in range(5)], address="")
    assert kinds() == [("copy", True)] * 3 + [("many", True)]
    assert take(report(after=99, seconds=9), address="").count == 1  # other kinds go on


# --- addresses -----------------------------------------------------------------------------------


def test_the_first_address_is_no_change_and_a_known_one_is_not_noted_again(take):
    for address in ("10.0.3.7", "10.0.3.7", "10.0.9.1", "10.0.3.7", ""):
        take(address=address)
    assert kinds() == [("address", False), ("address", True)]
    assert [signal.detail["shown"] for signal in Signal.objects.order_by("pk")] == ["10.0.*.*"] * 2


def test_an_address_cannot_be_read_back_or_compared_across_attempts(take, attempt):
    take(address="10.0.3.7")
    stored = json.dumps(Signal.objects.get().detail)
    assert "3.7" not in stored
    assert fingerprint("10.0.3.7", attempt_key=str(attempt.key)) in stored
    assert fingerprint("10.0.3.7", attempt_key="another") not in stored


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("192.168.7.9", "192.168.*.*"),
        ("2001:db8:1:2::9", "2001:db8:*"),
        ("::ffff:10.1.2.3", "10.1.*.*"),
        ("::1", "0:0:*"),
        ("nonsense", "?"),
    ],
)
def test_addresses_are_shown_masked(address, shown):
    assert masked(address) == shown


# --- what the server notices ---------------------------------------------------------------------


def test_a_refused_device_and_a_take_over_are_noted_once_in_a_while(client_of, person, attempt, set_now):
    Attempt.objects.update(device="a" * 32)
    Attempt.objects.filter(pk=attempt.pk)
    client = client_of(person)
    body = {"client": 1, "changes": [{"number": 1, "position": 1, "response": ["o1"]}]}
    for _ in range(3):
        address = reverse("exams:save", args=[attempt.key])
        assert client.post(address, json.dumps(body), content_type="application/json").status_code == 423
    assert kinds() == [("second_device", True)]
    client.post(reverse("exams:take_over", args=[attempt.key]))
    assert kinds() == [("second_device", True), ("take_over", True)]


def test_a_browser_that_is_not_the_demanded_one_is_noted(client_of, person, attempt, set_now):
    Attempt.objects.update(seb_required=True)
    client_of(person).get(reverse("exams:attempt", args=[attempt.key]))
    assert kinds() == [("seb_refused", True)]


def test_strangers_leave_no_signal_in_somebody_elses_attempt(client_of, characters, attempt, set_now):
    Attempt.objects.update(device="a" * 32)
    body = {"client": 1, "changes": [{"number": 1, "position": 1, "response": ["o1"]}]}
    address = reverse("exams:save", args=[attempt.key])
    answer = client_of(characters.own_learner).post(address, json.dumps(body), content_type="application/json")
    assert answer.status_code == 404
    assert not Signal.objects.exists()


# --- reading -------------------------------------------------------------------------------------


def test_counts_for_many_attempts_cost_one_query_and_leave_out_what_does_not_count(take, attempt, counted):
    take(report(seconds=5), report(after=1, seconds=1), report("copy"), report("copy", after=1))
    others = [AttemptFactory() for _ in range(3)]
    with counted() as done:
        counts = counts_for([attempt.pk, *(other.pk for other in others)])
    assert (counts, done.count) == ({attempt.pk: {"left_page": 1, "copy": 2}}, 1)


def test_signals_of_an_attempt_come_in_their_order(take, attempt):
    take(report("copy"))
    take(report("paste", after=5), now=NOW + timedelta(minutes=1))
    assert [signal.kind for signal in signals_of(attempt)] == ["copy", "address", "paste"]


def test_every_kind_has_words_and_an_innocent_explanation(attempt):
    for kind in SignalKind:
        for blocked in (False, True) if kind in ("copy", "paste", "context_menu", "print") else (False,):
            words = describe(Signal(attempt=attempt, kind=kind, at=NOW, detail={"blocked": blocked} if blocked else {}))
            assert words.text
            assert words.innocent
            assert ("拦下" in words.text or "空白" in words.text) == blocked


def test_a_leave_says_how_long_and_that_calls_trigger_it_too(take):
    taken = take(report(seconds=42.5), report(after=9, seconds=1))
    long, short = [describe(signal) for signal in taken.stored if signal.kind == "left_page"]
    assert (long.text, long.innocent) == ("离开页面 42.5 秒", "来电、弹窗、输入法、锁屏也会触发。")
    assert short.text == "离开页面 1 秒，太短，不计次"


# --- cost and permanence -------------------------------------------------------------------------


def test_the_pulse_costs_one_query_without_signals_and_four_with(take, counted):
    take()
    with counted() as done:
        take()
    assert done.count == 1
    with counted() as done:
        take(report(seconds=5), *[report("copy", after=n) for n in range(20)])
    assert done.count == 4


def test_signals_are_never_changed_or_deleted(take):
    take()
    for forbidden in (
        lambda: Signal.objects.update(counted=False),
        lambda: Signal.objects.all().delete(),
        lambda: Signal.objects.first().delete(),
        lambda: Signal.objects.first().save(),
    ):
        with pytest.raises(AppendOnly):
            forbidden()
