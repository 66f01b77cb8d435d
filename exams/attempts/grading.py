"""The score of an attempt (pure, exact decimals); what one response earns is `exams.bank.grading`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from typing import Any

from exams.bank.bodies import CASE, SHORT_ANSWER
from exams.bank.grading import CENT, ZERO, part_points
from exams.bank.responses import is_answered, responses_by_part

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Item:
    """What grading needs of one question: its type, its key as stored, its points.

    `correction` names what a person decided about the question since (0: nothing); `full`: everybody earns all;
    `dropped`: the question counts for nothing.
    """

    position: int
    type: str
    key: Any
    points: Decimal
    version_id: int = 0
    correction: int = 0
    full: bool = False
    dropped: bool = False

    @property
    def worth(self) -> Decimal:
        """The points that count for the question."""
        return ZERO if self.dropped else self.points

    @property
    def counts(self) -> bool:
        """Whether what was answered matters."""
        return not self.full and not self.dropped


def corrected(item: Item, correction: int, kind: str, key: Any) -> Item:
    """An item as a correction lets it count; `key` replaces its own where the kind says so."""
    if kind == "key":
        return replace(item, correction=correction, key=key)
    if kind == "full":
        return replace(item, correction=correction, full=True)
    if kind == "drop":
        return replace(item, correction=correction, dropped=True)
    return replace(item, correction=correction)


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
    return Score(earned=sum(points, ZERO), possible=sum((item.worth for item in items), ZERO))


def open_parts(item: Item, response: Sequence[str]) -> dict[str, Decimal]:
    """The points that people decide about, by sub-question ("" for the question itself); unanswered: none."""
    if not item.counts:
        return {}
    if item.type == SHORT_ANSWER:
        return {"": item.points.quantize(CENT)} if is_answered(response) else {}
    if item.type != CASE:
        return {}
    worth, answers = part_points(item.key, item.points), responses_by_part(response)
    return {
        part["id"]: worth[part["id"]]
        for part in item.key
        if part["type"] == SHORT_ANSWER and worth[part["id"]] and is_answered(answers.get(part["id"], ()))
    }
