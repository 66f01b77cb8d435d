"""Where a question belongs as pairs of a field and a value, for files that have tags or keywords (pure)."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from exams.bank.formats.exchange import FilingNames

# field in the file → field of FilingNames
SEVERAL = {"industry": "industries", "category": "categories", "clause": "clauses"}
ONE = {
    "difficulty": "difficulty", "cognitive": "cognitive", "enemy": "enemy_group", "from": "effective_from",
    "to": "effective_to", "topic": "topic",
}  # fmt: skip


def pairs_of(names: FilingNames) -> list[tuple[str, str]]:
    """Every name with its field, in a fixed order."""
    pairs = [(word, getattr(names, field)) for word, field in ONE.items() if getattr(names, field)]
    return pairs + [(word, value) for word, field in SEVERAL.items() for value in getattr(names, field)]


def names_from(pairs: Iterable[tuple[str, str]]) -> tuple[FilingNames, dict[str, str]]:
    """The filing that the pairs say, and the pairs that say something else (the first of each field)."""
    one: dict[str, Any] = {}
    several: dict[str, list[str]] = {field: [] for field in SEVERAL.values()}
    others: dict[str, str] = {}
    for word, value in pairs:
        if word in SEVERAL:
            several[SEVERAL[word]].append(value)
        elif word in ONE:
            one.setdefault(ONE[word], value)
        else:
            others.setdefault(word, value)
    lists: dict[str, Any] = {field: tuple(dict.fromkeys(values)) for field, values in several.items()}
    return replace(FilingNames(**lists), **one), others
