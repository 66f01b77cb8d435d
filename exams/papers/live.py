"""What the panel beside the editor says: can the bank fill this blueprint, and what is missing (pure)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from exams.papers.blueprint import Blueprint, SectionRow
from exams.papers.checks import Check, blocking


@dataclass(frozen=True, slots=True)
class SectionBar:
    """A part: questions needed for one paper against those in stock; `filled`: percent of the need, at most 100."""

    title: str
    needed: int
    stock: int

    @property
    def missing(self) -> int:
        """How many are lacking for one paper."""
        return max(0, self.needed - self.stock)

    @property
    def filled(self) -> int:
        """How far the stock fills one paper."""
        return min(100, self.stock * 100 // self.needed)


@dataclass(frozen=True, slots=True)
class LivePanel:
    """The panel. `state` is "idle" before the first check, "unsound" while something is not filled in well."""

    state: Literal["idle", "unsound", "ok", "warn", "bad"]
    questions: int = 0
    points: Decimal = Decimal(0)
    bars: Sequence[SectionBar] = ()
    checks: Sequence[Check] = ()
    problems: Sequence[str] = ()

    @property
    def lacks(self) -> Sequence[Check]:
        """The lines that forbid publication."""
        return blocking(self.checks)

    @property
    def remarks(self) -> Sequence[Check]:
        """The lines worth a look."""
        return [check for check in self.checks if check.state == "warn"]


IDLE = LivePanel("idle")


def sized(blueprint: Blueprint) -> tuple[int, Decimal]:
    """Questions and points of one paper."""
    if blueprint.method == "fixed":
        return len(blueprint.fixed), sum((row.points for row in blueprint.fixed), Decimal(0))
    return (
        sum(row.count for row in blueprint.sections),
        sum((row.count * row.points for row in blueprint.sections), Decimal(0)),
    )


def live_panel(
    blueprint: Blueprint,
    checks: Sequence[Check],
    *,
    title: Callable[[SectionRow], str],
    stock: Callable[[SectionRow], int],
) -> LivePanel:
    """The panel for a sound blueprint. `title` and `stock` name a part and count what the bank has for it."""
    questions, points = sized(blueprint)
    states = {check.state for check in checks}
    return LivePanel(
        state="bad" if "bad" in states else "warn" if "warn" in states else "ok",
        questions=questions,
        points=points,
        bars=[SectionBar(title(row), row.count, stock(row)) for row in blueprint.sections],
        checks=checks,
    )


def unsound_panel(problems: Iterable[str]) -> LivePanel:
    """The panel while there is something to mend first; each problem once."""
    return LivePanel("unsound", problems=list(dict.fromkeys(problems)))
