"""The score of an attempt (pure, exact decimals); what one response earns is `exams.bank.grading`."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from exams.bank.grading import CENT, ZERO

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Item:
    """What grading needs of one question: its type, its key as stored, its points."""

    position: int
    type: str
    key: Any
    points: Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """Points earned of points possible; `percent` never rounds up over a pass mark."""

    earned: Decimal
    possible: Decimal

    @property
    def percent(self) -> Decimal:
        """0–100 with two places, rounded down; 0 for a paper without points."""
        if not self.possible:
            return ZERO
        return (self.earned * HUNDRED / self.possible).quantize(CENT, ROUND_DOWN)

    def reaches(self, pass_percent: Decimal) -> bool:
        """Whether the exact share, not the rounded one, reaches the pass mark."""
        return self.possible > 0 and self.earned * HUNDRED >= pass_percent * self.possible


def total(items: Iterable[Item], points: Iterable[Decimal]) -> Score:
    """The score of a whole paper."""
    return Score(earned=sum(points, ZERO), possible=sum((item.points for item in items), ZERO))
