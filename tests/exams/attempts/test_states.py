from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from exams.attempts.states import ExamState, Sitting, Window, state_of

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
OPEN = Window(published=True, opens_at=NOW - DAY, closes_at=NOW + DAY, attempts_allowed=2, release_after_window=False)
LATER = replace(OPEN, opens_at=NOW + DAY, closes_at=NOW + 2 * DAY)
OVER = replace(OPEN, closes_at=NOW)
SEALED = replace(OPEN, release_after_window=True)
PASSED, FAILED = Sitting(submitted=True, passed=True), Sitting(submitted=True)
RUNNING, RUN_OUT = Sitting(submitted=False), Sitting(submitted=False, over=True)


@pytest.mark.parametrize(
    ("window", "sittings", "met", "state"),
    [
        (OPEN, [], True, ExamState.CAN_START),
        (OPEN, [], False, ExamState.PREREQUISITE),
        (LATER, [], True, ExamState.NOT_OPEN),
        (LATER, [], False, ExamState.NOT_OPEN),
        (OVER, [], True, ExamState.CLOSED),
        (replace(OPEN, published=False), [], True, ExamState.CLOSED),
        (OPEN, [RUNNING], False, ExamState.CAN_RESUME),
        (OVER, [RUNNING], True, ExamState.CAN_RESUME),
        (OPEN, [RUN_OUT], True, ExamState.AWAITING),
        (OPEN, [FAILED, RUNNING], True, ExamState.CAN_RESUME),
        (OPEN, [FAILED], True, ExamState.RETRY),
        (OPEN, [FAILED], False, ExamState.PREREQUISITE),
        (OPEN, [FAILED, FAILED], True, ExamState.USED_UP),
        (OPEN, [PASSED], True, ExamState.PASSED),
        (OPEN, [FAILED, PASSED], False, ExamState.PASSED),
        (OVER, [FAILED], True, ExamState.CLOSED),
        (OVER, [PASSED], True, ExamState.PASSED),
        (SEALED, [PASSED], True, ExamState.AWAITING),
        (SEALED, [FAILED], True, ExamState.AWAITING),
        (replace(SEALED, closes_at=NOW), [PASSED], True, ExamState.PASSED),
        (replace(SEALED, closes_at=NOW), [FAILED], True, ExamState.CLOSED),
    ],
)
def test_state(window, sittings, met, state):
    assert state_of(window, sittings, prerequisite_met=met, now=NOW) is state


HOUR = timedelta(hours=1)


def failed(hours_ago):
    return Sitting(submitted=True, ended_at=NOW - hours_ago * HOUR)


COOLED = replace(OPEN, attempts_allowed=9, cooling=24 * HOUR)
STRICT = replace(OPEN, attempts_allowed=9, retrain_after=2)


@pytest.mark.parametrize(
    ("window", "sittings", "retrained", "state"),
    [
        (COOLED, [failed(23)], None, ExamState.COOLING),
        (COOLED, [failed(24)], None, ExamState.RETRY),
        (COOLED, [failed(48), failed(1)], None, ExamState.COOLING),
        (COOLED, [], None, ExamState.CAN_START),
        (STRICT, [failed(5)], None, ExamState.RETRY),
        (STRICT, [failed(5), failed(3)], None, ExamState.RETRAIN),
        (STRICT, [failed(5), failed(3)], NOW - 4 * HOUR, ExamState.RETRAIN),
        (STRICT, [failed(5), failed(3)], NOW - 2 * HOUR, ExamState.RETRY),
        (STRICT, [failed(5), failed(3), failed(1)], NOW - 2 * HOUR, ExamState.RETRY),
        (STRICT, [failed(9), failed(8), failed(3), failed(1)], NOW - 5 * HOUR, ExamState.RETRAIN),
        (replace(STRICT, attempts_allowed=2), [failed(5), failed(3)], None, ExamState.USED_UP),
        (replace(STRICT, cooling=24 * HOUR), [failed(5), failed(3)], NOW, ExamState.COOLING),
        (replace(STRICT, retrain_after=0), [failed(5), failed(3)], None, ExamState.RETRY),
    ],
)
def test_the_way_to_the_next_try(window, sittings, retrained, state):
    assert state_of(window, sittings, prerequisite_met=True, now=NOW, retrained_at=retrained) is state
