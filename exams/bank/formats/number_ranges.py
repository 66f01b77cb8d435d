"""Accepted forms that are numbers or ranges, as value and tolerance, which is how question files say them (pure)."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from exams.bank.bodies import plain
from exams.bank.responses import RANGE

NUMBER = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,9})?")


def value_and_tolerance(form: str) -> tuple[str, str] | None:
    """`20±0.5` → ("20", "0.5"), `19.5..23.5` → ("21.5", "2"), `18` → ("18", "0"); None for what is no number."""
    match = RANGE.match(unicodedata.normalize("NFKC", form))
    if not match:
        return (form, "0") if NUMBER.fullmatch(form) and form.isascii() else None
    if not NUMBER.fullmatch(match[1]) or not NUMBER.fullmatch(match[3]):
        return None
    first, last = Decimal(match[1]), Decimal(match[3])
    if match[2] == "±":
        return (match[1], match[3]) if last >= 0 else None
    return (plain((first + last) / 2), plain((last - first) / 2)) if first <= last else None


def form_from(value: str, tolerance: str, spellings: Iterable[str] = ()) -> str | None:
    """The accepted form for a value with its tolerance, in one of the `spellings` that mean it; None for no number."""
    value, tolerance = value.strip(), tolerance.strip() or "0"
    if not NUMBER.fullmatch(value) or not NUMBER.fullmatch(tolerance) or tolerance.startswith("-"):
        return None
    for spelling in spellings:
        if value_and_tolerance(spelling) == (value, tolerance):
            return spelling
    return value if Decimal(tolerance) == 0 else f"{value}±{tolerance}"
