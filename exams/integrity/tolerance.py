"""What follows from leaving the page, by the rules of the exam (pure).

Calls, messages and pop-ups take people away too, so very short leaves do not count, some are free, and nothing is
ended before the candidate has been warned.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from exams.papers.sitting import LeaveAction


class Step(StrEnum):
    """What the caller does now."""

    NONE = "none"
    WARN = "warn"
    TELL_PROCTOR = "tell_proctor"  # and warn the candidate
    SUBMIT = "submit"


@dataclass(frozen=True, slots=True)
class LeaveRules:
    """From the exam: how many are free, and what beyond."""

    tolerance: int
    action: str


def counts(seconds: Decimal | None, *, at_least: Decimal) -> bool:
    """Whether a leave counts; one of unknown length does."""
    return seconds is None or seconds >= at_least


def step_after(rules: LeaveRules, *, before: int, now: int) -> Step:
    """What follows when the leaves that count went from `before` to `now`.

    "Submit" warns once first: however many leaves arrive together, the first beyond the tolerance only warns.
    """
    if now <= before or now <= rules.tolerance:
        return Step.NONE
    if rules.action == LeaveAction.WARN:
        return Step.WARN
    if rules.action == LeaveAction.PROCTOR:
        return Step.TELL_PROCTOR
    if rules.action == LeaveAction.SUBMIT:
        return Step.SUBMIT if before > rules.tolerance else Step.WARN
    return Step.NONE
