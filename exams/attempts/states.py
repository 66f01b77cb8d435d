"""What an exam is for one person at one moment (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ExamState(StrEnum):
    """In the order in which a person's way leads through them."""

    NOT_OPEN = "not_open"
    PREREQUISITE = "prerequisite"  # a course must be completed first
    CAN_START = "can_start"
    CAN_RESUME = "can_resume"
    AWAITING = "awaiting"  # handed in, the result is not released yet or people still have to mark
    PASSED = "passed"
    RETRY = "retry"  # failed, attempts left
    USED_UP = "used_up"
    CLOSED = "closed"  # the window is over, not passed
    MARKER = "marker"  # marked other people's answers, so knows the expected points


STARTABLE = frozenset({ExamState.CAN_START, ExamState.RETRY})
TO_SIT = frozenset(
    {ExamState.CAN_RESUME, ExamState.CAN_START, ExamState.RETRY, ExamState.PREREQUISITE, ExamState.NOT_OPEN}
)


@dataclass(frozen=True, slots=True)
class Window:
    """The rules of an exam that decide about starting."""

    published: bool
    opens_at: datetime
    closes_at: datetime
    attempts_allowed: int
    release_after_window: bool
    awaits_approval: bool = False

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


def state_of(window: Window, sittings: Sequence[Sitting], *, prerequisite_met: bool, now: datetime) -> ExamState:
    """The one state; an open attempt comes before everything, an unreleased result hides passing and failing."""
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
    return ExamState.RETRY if sittings else ExamState.CAN_START
