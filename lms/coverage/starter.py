"""Reading the starter file of requirements (pure apart from the file)."""

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

STARTER_FILE = Path(__file__).resolve().parent.parent / "starter" / "requirements.toml"


@dataclass(frozen=True, slots=True)
class RuleRow:
    """What satisfies a requirement for a category."""

    category: str
    subjects: tuple[str, ...]
    label: str


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A share to be reached by a day."""

    due_on: date
    percent: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """A requirement of one year."""

    code: str
    name: str
    kind: str
    year: int
    scheme: str
    industries: tuple[str, ...]
    outcome_kind: str
    counts_from: date
    counts_until: date
    source: str
    rules: tuple[RuleRow, ...]
    targets: tuple[TargetRow, ...]


def starter_requirements(path: Path = STARTER_FILE) -> list[RequirementRow]:
    """The rows of `lms/starter/requirements.toml`, one for each year; raises KeyError where a field is lacking."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["requirement"]
    return [requirement_row(entry, year) for entry in entries for year in entry["years"]]


def requirement_row(entry: dict[str, Any], year: int) -> RequirementRow:
    """One entry for one of its years."""

    def text(value: str) -> str:
        return value.replace("{year}", str(year))

    return RequirementRow(
        code=text(entry["code"]),
        name=text(entry["name"]),
        kind=entry["kind"],
        year=year,
        scheme=entry.get("scheme", ""),
        industries=tuple(entry.get("industries", ())),
        outcome_kind=entry["outcome_kind"],
        counts_from=date.fromisoformat(text(entry["counts_from"])),
        counts_until=date.fromisoformat(text(entry["counts_until"])),
        source=entry["source"],
        rules=tuple(RuleRow(row["category"], tuple(row["subjects"]), row["label"]) for row in entry["rules"]),
        targets=tuple(
            TargetRow(date.fromisoformat(text(row["due_on"])), Decimal(str(row["percent"])), row["source"])
            for row in entry["targets"]
        ),
    )
