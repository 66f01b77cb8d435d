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
