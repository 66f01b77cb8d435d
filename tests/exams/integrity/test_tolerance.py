"""What follows from leaving the page."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.integrity.tolerance import LeaveRules, Step, counts, step_after
from exams.papers.sitting import LeaveAction

ACTIONS = st.sampled_from(LeaveAction.values)
NUMBERS = st.integers(0, 40)


@pytest.mark.parametrize(
    ("action", "beyond"),
    [("log", Step.NONE), ("warn", Step.WARN), ("proctor", Step.TELL_PROCTOR), ("submit", Step.WARN)],
)
def test_so_many_leaves_are_free_and_the_next_one_is_not(action, beyond):
    rules = LeaveRules(2, action)
    assert [step_after(rules, before=n, now=n + 1) for n in range(3)] == [Step.NONE, Step.NONE, beyond]


def test_submission_is_forced_only_after_a_warning():
    rules = LeaveRules(2, "submit")
    assert step_after(rules, before=2, now=3) == Step.WARN
    assert step_after(rules, before=3, now=4) == Step.SUBMIT
    assert step_after(rules, before=0, now=9) == Step.WARN  # they all came at once, after an outage


def test_without_tolerance_the_first_leave_still_only_warns():
    assert step_after(LeaveRules(0, "submit"), before=0, now=1) == Step.WARN


@given(ACTIONS, NUMBERS, NUMBERS, NUMBERS)
def test_nothing_follows_from_what_is_tolerated_or_not_new(action, tolerance, before, now):
    step = step_after(LeaveRules(tolerance, action), before=before, now=now)
    if now <= max(before, tolerance):
        assert step == Step.NONE
    assert (step == Step.SUBMIT) == (action == "submit" and now > before > tolerance)


def test_very_short_leaves_do_not_count():
    assert not counts(Decimal("1.9"), at_least=Decimal(2))
    assert counts(Decimal(2), at_least=Decimal(2))
    assert counts(None, at_least=Decimal(2))
