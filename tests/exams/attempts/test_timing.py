from datetime import UTC, date, datetime, timedelta

import pytest

from exams.attempts.timing import Clock, Phase, months_later

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("after_deadline", "phase", "left"),
    [
        (-10 * SECOND, Phase.RUNNING, 10),
        (0 * SECOND, Phase.RUNNING, 0),
        (timedelta(microseconds=1), Phase.GRACE, 0),
        (30 * SECOND, Phase.GRACE, 0),
        (30 * SECOND + timedelta(microseconds=1), Phase.OVER, 0),
    ],
)
def test_phases(after_deadline, phase, left):
    clock = Clock(START, START + timedelta(minutes=60), 30 * SECOND)
    now = clock.deadline_at + after_deadline
    assert (clock.phase(now), clock.seconds_left(now)) == (phase, left)


def test_grace_is_not_writing_time():
    clock = Clock(START, START + timedelta(minutes=60), 30 * SECOND)
    assert clock.seconds_used(clock.deadline_at + 20 * SECOND) == 3600
    assert clock.seconds_used(START + 48 * 60 * SECOND + 20 * SECOND) == 2900


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 24), 12, date(2027, 11, 24)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 1, 31), 13, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 8, 31), 3, date(2026, 11, 30)),
    ],
)
def test_months_later(day, months, expected):
    assert months_later(day, months) == expected
