"""People as the town plans them before they become rows (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date


@dataclass(slots=True)
class Person:
    """Somebody invented. `diligence` 0…1: the lower, the sooner they do what is assigned; `skill` on the logit scale.

    `activated`: signs in and studies; `first_login`: has the password but never used it.
    During the building of the history `done` remembers whether the course of a (subject, year) was finished,
    `sat` the papers used and `passed` the success.
    """

    number: int
    name: str
    female: bool
    born: date
    staff_number: str = ""
    skill: float = 0.0
    diligence: float = 0.5
    activated: bool = True
    scripted: bool = False
    first_login: bool = False
    pk: int = 0
    done: dict[tuple[str, int], bool] = field(default_factory=dict)
    sat: dict[tuple[str, int], list[int]] = field(default_factory=dict)
    passed: set[tuple[str, int]] = field(default_factory=set)


@dataclass(slots=True)
class Spell:
    """A personnel category from a day on, until a day."""

    category: str
    start: date
    until: date | None = None

    def on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.start <= day and (self.until is None or day <= self.until)


@dataclass(slots=True)
class Job:
    """An employment in an enterprise."""

    person: Person
    workshop: str
    post: str
    trade: str
    started: date
    team: str = ""
    ended: date | None = None
    type: str = "own"
    employer: str = ""
    licence: str = ""
    spells: list[Spell] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    pk: int = 0

    @property
    def manual(self) -> bool:
        """Whether this is work in a workshop (it has a trade), not management."""
        return bool(self.trade)

    def on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.started <= day and (self.ended is None or day <= self.ended)

    def categories(self, day: date) -> Iterator[str]:
        """The categories on a day."""
        return (spell.category for spell in self.spells if spell.on(day))

    def leave(self, day: date) -> None:
        """End the employment and its spells on a day."""
        self.ended = day
        self.spells = [spell for spell in self.spells if spell.start <= day]
        for spell in self.spells:
            spell.until = min(day, spell.until or day)
