"""What is measured: who should have which outcome, achieved between which days."""

from dataclasses import dataclass
from datetime import date

from lms.coverage.tally import Goal

ANY_CATEGORY = 0


@dataclass(frozen=True, slots=True)
class CategoryRule:
    """A personnel category (ANY_CATEGORY: whoever is employed) and the subjects that satisfy it (none: any)."""

    category_id: int
    subjects: tuple[str, ...]
    code: str = ""
    name: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A requirement in the form that counting needs.

    Met by a person for a category when an outcome of one of `kinds` with one of the category's subjects was
    achieved between `counts_from` and `counts_until` and stands on the day asked about.
    `industry_ids` empty: every industry. `among` limits the persons to those who have, in the same period,
    an outcome of one of these kinds (mastery among the persons who were spot-checked).
    """

    rules: tuple[CategoryRule, ...]
    kinds: tuple[str, ...]
    counts_from: date
    counts_until: date
    industry_ids: tuple[int, ...] = ()
    among: tuple[str, ...] = ()

    @property
    def by_category(self) -> bool:
        """Whether categories decide, or everybody who is employed is meant."""
        return all(rule.category_id != ANY_CATEGORY for rule in self.rules)

    def day(self, asked: date) -> date:
        """The day to count on: a requirement that has ended keeps the figures of its last day."""
        return min(asked, self.counts_until)

    def only(self, category_id: int | None) -> "Yardstick":
        """The same for one category."""
        kept = tuple(rule for rule in self.rules if category_id in (None, rule.category_id))
        return Yardstick(kept, self.kinds, self.counts_from, self.counts_until, self.industry_ids, self.among)


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of the register; None, or no enterprise named, means all of it."""

    category_id: int | None = None
    industry_id: int | None = None
    enterprise_ids: tuple[int, ...] = ()


WHOLE = Cell()


@dataclass(frozen=True, slots=True)
class Definition:
    """A requirement with everything that is printed beside its number and drawn against it."""

    code: str
    name: str
    year: int
    kind: str
    scheme_code: str
    scheme_name: str
    outcome: str
    source: str
    yardstick: Yardstick
    goals: tuple[Goal, ...]
    industry_names: tuple[str, ...]

    @property
    def short_name(self) -> str:
        """The scheme's name without its bracket, else the requirement's own."""
        return self.scheme_name.split("（")[0] or self.name

    @property
    def list_name(self) -> str:
        """Name in a list of all requirements."""
        return f"{self.year} {self.name}" if self.kind == "programme" else self.name

    def rule_of(self, category_code: str) -> CategoryRule | None:
        """Its rule for a category, None when it has none."""
        return next((rule for rule in self.yardstick.rules if rule.code == category_code), None)

    def category_name(self, category_id: int) -> str:
        """Name of one of its categories, empty for another one."""
        return next((rule.name for rule in self.yardstick.rules if rule.category_id == category_id), "")
