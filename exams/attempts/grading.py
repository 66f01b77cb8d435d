"""Points for responses to objective questions, and the score of an attempt (pure, exact decimals)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
HUNDRED = Decimal(100)

SINGLE, MULTIPLE, TRUE_FALSE = "single", "multiple", "true_false"
ALL_OR_NOTHING, HALF = "all_or_nothing", "half"


@dataclass(frozen=True, slots=True)
class Item:
    """What grading needs of one question: its type, the ids of the right options, its points."""

    position: int
    type: str
    key: frozenset[str]
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


def points_for(item: Item, response: Collection[str], *, multiple_rule: str) -> Decimal:
    """Points of one response.

    Single choice and true/false: full points for exactly the right option. Multiple choice: full points for
    exactly the right set; under the rule `half`, half the points (rounded half up to a hundredth) for a
    non-empty proper subset without a wrong tick. Everything else, an unknown option included, earns nothing.
    Raises ValueError for an unknown type or rule, or for an item without a key.
    """
    if item.type not in (SINGLE, MULTIPLE, TRUE_FALSE):
        raise ValueError(f"type {item.type!r} is not graded by key")
    if multiple_rule not in (ALL_OR_NOTHING, HALF):
        raise ValueError(f"unknown rule {multiple_rule!r}")
    if not item.key:
        raise ValueError(f"item {item.position} has no key")
    chosen = frozenset(response)
    if chosen == item.key:
        return item.points.quantize(CENT)
    if item.type == MULTIPLE and multiple_rule == HALF and chosen and chosen < item.key:
        return (item.points / 2).quantize(CENT, ROUND_HALF_UP)
    return ZERO


def total(items: Iterable[Item], points: Iterable[Decimal]) -> Score:
    """The score of a whole paper."""
    return Score(earned=sum(points, ZERO), possible=sum((item.points for item in items), ZERO))
