"""What an exam is for one person at one moment (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class ExamState(StrEnum):
    """In the order in which a person's way leads through them."""

    NOT_OPEN = "not_open"
    PREREQUISITE = "prerequisite"  # a course must be completed first
    CAN_START = "can_start"
    CAN_RESUME = "can_resume"
    CHECK_IN = "check_in"  # a proctor must let the person in first
    AWAITING = "awaiting"  # handed in, the result is not released yet or people still have to mark
    PASSED = "passed"
    RETRY = "retry"  # failed, attempts left
    COOLING = "cooling"  # failed, the time between two attempts is not over
    RETRAIN = "retrain"  # failed so often that training comes first
    USED_UP = "used_up"
    CLOSED = "closed"  # the window is over, not passed
    MARKER = "marker"  # marked other people's answers, so knows the expected points


ADMISSION_LASTS = timedelta(hours=12)
STARTABLE = frozenset({ExamState.CAN_START, ExamState.RETRY})
# Nothing is left to prepare: the person may start now, or goes to the proctor.
DUE = STARTABLE | {ExamState.CHECK_IN}
TO_SIT = DUE | frozenset(
    {
        ExamState.CAN_RESUME, ExamState.COOLING, ExamState.RETRAIN, ExamState.PREREQUISITE, ExamState.NOT_OPEN,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Window:
    """The rules of an exam that decide about starting."""

    published: bool
    opens_at: datetime
    closes_at: datetime
    attempts_allowed: int
    release_after_window: bool
    awaits_approval: bool = False
    cooling: timedelta = timedelta(0)
    retrain_after: int = 0  # failures after which training comes before the next try; 0: never

    def released(self, now: datetime) -> bool:
        """Whether results, keys and explanations may be shown."""
        if self.awaits_approval:
            return False
        return not self.release_after_window or now >= self.closes_at


@dataclass(frozen=True, slots=True)
class Sitting:
    """One attempt as far as it matters here; a voided one does not count and is left out."""

    submitted: bool
    over: bool = False  # its time has run out, grace included
    passed: bool = False
    graded: bool = True  # False while people still have to mark
    ended_at: datetime | None = None


def state_of(
    window: Window,
    sittings: Sequence[Sitting],
    *,
    prerequisite_met: bool,
    now: datetime,
    retrained_at: datetime | None = None,
    admitted: bool = True,
) -> ExamState:
    """The one state; an open attempt comes before everything, an unreleased result hides passing and failing.

    `admitted`: False while a proctor still has to let the person in. `retrained_at`: when the person last completed the
    course, or was confirmed to have been trained again.
    """
    running = [sitting for sitting in sittings if not sitting.submitted]
    if running:
        return ExamState.AWAITING if all(sitting.over for sitting in running) else ExamState.CAN_RESUME
    if sittings and not window.released(now):
        return ExamState.AWAITING
    if any(sitting.passed for sitting in sittings):
        return ExamState.PASSED
    if any(sitting.submitted and not sitting.graded for sitting in sittings):
        return ExamState.AWAITING
    if len(sittings) >= window.attempts_allowed:
        return ExamState.USED_UP
    if now < window.opens_at:
        return ExamState.NOT_OPEN
    if now >= window.closes_at or not window.published:
        return ExamState.CLOSED
    if not prerequisite_met:
        return ExamState.PREREQUISITE
    state = next_try(window, sittings, retrained_at, now=now)
    return state if admitted or state not in STARTABLE else ExamState.CHECK_IN


def next_try(window: Window, sittings: Sequence[Sitting], retrained_at: datetime | None, *, now: datetime) -> ExamState:
    """What stands before another attempt where one is left."""
    if not sittings:
        return ExamState.CAN_START
    if must_retrain(window, sittings, retrained_at):
        return ExamState.RETRAIN
    return ExamState.COOLING if window.cooling and now < cooled_at(window, sittings) else ExamState.RETRY


def must_retrain(window: Window, sittings: Sequence[Sitting], retrained_at: datetime | None) -> bool:
    """Whether training comes first: after every so many failures, unless it came after the last of them."""
    if not window.retrain_after or len(sittings) % window.retrain_after:
        return False
    last = max((sitting.ended_at for sitting in sittings if sitting.ended_at), default=None)
    return retrained_at is None or (last is not None and retrained_at <= last)


def admission_holds(admitted_at: datetime | None, last_start: datetime | None, *, now: datetime) -> bool:
    """Whether a proctor's leave counts now: it is for one start, on the day on which the person stood there."""
    if admitted_at is None or now - admitted_at > ADMISSION_LASTS:
        return False
    return last_start is None or admitted_at > last_start


def cooled_at(window: Window, sittings: Sequence[Sitting]) -> datetime:
    """From when on the next attempt may begin."""
    ended = [sitting.ended_at for sitting in sittings if sitting.ended_at]
    return max(ended) + window.cooling if ended else window.opens_at
