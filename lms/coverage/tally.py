"""Coverage as a number: how many of how many, the colour class, what is missing to a target."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal

State = Literal["ok", "part", "warn", "bad", "off"]

# Lower bounds of the heat classes 2…6, in percent; below the first bound it is class 1, the worst.
HEAT_BOUNDS = (60, 75, 85, 95, 100)
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Tally:
    """Persons who should and persons who have; nobody is counted twice."""

    eligible: int = 0
    covered: int = 0

    @property
    def missing(self) -> int:
        """Persons who should and have not."""
        return self.eligible - self.covered

    @property
    def percent(self) -> Decimal | None:
        """Share in percent with one decimal, rounded down: 100 means everybody. None without anybody."""
        if not self.eligible:
            return None
        return (Decimal(self.covered * 100) / self.eligible).quantize(TENTH, ROUND_FLOOR)

    @property
    def whole(self) -> int | None:
        """Share in whole percent, rounded down."""
        return self.covered * 100 // self.eligible if self.eligible else None

    @property
    def heat(self) -> int:
        """Class of the heat map: 0 nobody, 1 below 60 … 6 everybody."""
        if not self.eligible:
            return 0
        return 1 + sum(self.covered * 100 >= bound * self.eligible for bound in HEAT_BOUNDS)


@dataclass(frozen=True, slots=True)
class Goal:
    """A share to be reached by a day."""

    percent: Decimal
    due_on: date
    source: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a number stands against its target: state for the badge, persons short of the target."""

    state: State
    short: int
    goal: Goal | None


def goal_for(goals: list[Goal], day: date) -> Goal | None:
    """The target that matters on a day: the next one due, after the last one the last."""
    ahead = [goal for goal in goals if goal.due_on >= day]
    return min(ahead, key=lambda goal: goal.due_on) if ahead else max(goals, key=lambda goal: goal.due_on, default=None)


def persons_short(tally: Tally, percent: Decimal) -> int:
    """How many persons more make the share reach `percent`."""
    wanted = (Decimal(tally.eligible) * percent / 100).to_integral_value(ROUND_CEILING)
    return max(0, int(wanted) - tally.covered)


def standing(tally: Tally, goals: list[Goal], *, day: date, began_on: date) -> Standing:
    """Compare with the target that matters.

    `ok` reached, `part` on schedule (a straight line from the first day, or from the target before, to the
    day it is due), `warn` behind it, `bad` due and not reached, `off` when there is nobody or no target.
    """
    goal = goal_for(goals, day)
    if goal is None or not tally.eligible:
        return Standing("off", 0, goal)
    short = persons_short(tally, goal.percent)
    if not short:
        return Standing("ok", 0, goal)
    if day >= goal.due_on:
        return Standing("bad", short, goal)
    earlier = [other for other in goals if other.due_on < goal.due_on]
    before = max(earlier, key=lambda other: other.due_on) if earlier else Goal(Decimal(0), began_on)
    span = (goal.due_on - before.due_on).days or 1
    passed = Decimal((day - before.due_on).days) / span
    on_schedule = before.percent + (goal.percent - before.percent) * passed
    return Standing("part" if persons_short(tally, on_schedule) == 0 else "warn", short, goal)
