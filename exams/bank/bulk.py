"""A change that is made to many questions at once (pure).

Only where a question belongs, retirement and submission: contents make new versions, and approval is never done in
bulk, because four eyes must have read each question.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from exams.bank.states import TRANSITIONS

TOPIC, DIFFICULTY, COGNITIVE, ENEMIES, DATES = "topic", "difficulty", "cognitive", "enemies", "dates"
INDUSTRIES, CATEGORIES, RETIRE, SUBMIT = "industries", "categories", "retire", "submit"
# The column of the question's own row; dates are two.
COLUMN = {TOPIC: "topic_id", DIFFICULTY: "difficulty", COGNITIVE: "cognitive", ENEMIES: "enemy_group"}
SETS = (INDUSTRIES, CATEGORIES)
STEPS = (RETIRE, SUBMIT)
ADD, REMOVE, REPLACE = "add", "remove", "replace"


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `value`: what the column gets, `[from, to]` as ISO dates or null for dates, ids for sets.

    `mode` belongs to sets, `reason` to retirement.
    """

    what: str
    value: Any = None
    mode: str = ""
    reason: str = ""

    def after(self, before: Any) -> Any:
        """What a question has afterwards that had `before`; sets are sorted lists of ids."""
        if self.what not in SETS:
            return self.value
        had, named = set(before), set(self.value)
        result = had | named if self.mode == ADD else had - named if self.mode == REMOVE else named
        return sorted(result)

    def fits(self, status: str, *, has_version: bool) -> bool:
        """Whether a question of this status can be changed like this."""
        if self.what not in STEPS:
            return True
        return status in TRANSITIONS[self.what][0] and (self.what != SUBMIT or has_version)


@dataclass(frozen=True, slots=True)
class Group:
    """So many questions that go from one value to another, in plain data."""

    before: Any
    after: Any
    count: int

    @property
    def changes(self) -> bool:
        """Whether anything is different afterwards."""
        return bool(self.before != self.after)


def grouped(change: Change, befores: Iterable[tuple[Any, int]]) -> list[Group]:
    """What becomes of each value, most frequent first."""
    groups = [Group(before, change.after(before), count) for before, count in befores]
    return sorted(groups, key=lambda group: (not group.changes, -group.count, str(group.before)))


def dates_of(value: list[str | None]) -> tuple[date | None, date | None]:
    """The days of a change of dates."""
    first, last = (date.fromisoformat(text) if text else None for text in value)
    return first, last
