"""Reading the starter file of rule values (pure apart from the file)."""

import tomllib
from decimal import Decimal
from pathlib import Path

from lms.regulations.actions import RuleRow

STARTER_FILE = Path(__file__).resolve().parent.parent / "starter" / "rules.toml"


def starter_rules(path: Path = STARTER_FILE) -> list[RuleRow]:
    """The rows of `lms/starter/rules.toml`; raises KeyError for a row that lacks a field."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
    return [
        RuleRow(
            code=entry["code"],
            name=entry["name"],
            value=Decimal(str(entry["value"])),
            unit=entry["unit"],
            source=entry["source"],
            effective_from=entry["effective_from"],
            effective_to=entry.get("effective_to"),
        )
        for entry in entries
    ]
