"""Reading the starter file of industries, schemes and categories (pure apart from the file)."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lms.organisations.actions import IndustryRow

STARTER_FILE = Path(__file__).resolve().parent.parent / "starter" / "register.toml"


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A personnel category."""

    code: str
    name: str
    position: int


@dataclass(frozen=True, slots=True)
class SchemeRow:
    """A personnel scheme with the codes of its categories."""

    code: str
    name: str
    source: str
    effective_from: date
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """Everything in the starter file."""

    industries: tuple[IndustryRow, ...]
    categories: tuple[CategoryRow, ...]
    schemes: tuple[SchemeRow, ...]


def starter_register(path: Path = STARTER_FILE) -> Register:
    """The rows of `lms/starter/register.toml`; raises KeyError for a row that lacks a field."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Register(
        industries=tuple(
            IndustryRow(
                code=row["code"],
                name=row["name"],
                kind=row.get("kind", "sector"),
                high_risk_hours=row.get("high_risk_hours", False),
                high_risk_assessment=row.get("high_risk_assessment", False),
                position=position,
            )
            for position, row in enumerate(data["industry"], start=1)
        ),
        categories=tuple(
            CategoryRow(row["code"], row["name"], position) for position, row in enumerate(data["category"], start=1)
        ),
        schemes=tuple(
            SchemeRow(row["code"], row["name"], row["source"], row["effective_from"], tuple(row["categories"]))
            for row in data["scheme"]
        ),
    )
