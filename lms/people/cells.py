"""Reading single cells of a spreadsheet (pure)."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from lms.people.identity import tidy_number

EXCEL_DAY_ZERO = date(1899, 12, 30)
SERIAL_DAYS = range(20_000, 80_000)  # 1954 to 2119
WRITTEN_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:00:00(?::00)?)?")
COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")


def text_of(cell: Any) -> str:
    """A cell as trimmed text; whole numbers without a decimal point, dates in ISO form."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if (cell.hour, cell.minute) == (0, 0) else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return re.sub(r"\s+", " ", str(cell)).strip()


def code_of(cell: Any) -> str:
    """A cell that holds a number or code: no spaces, no full-width characters, upper case."""
    return tidy_number(text_of(cell))


def is_number(cell: Any) -> bool:
    """Whether the cell holds a number: an 18-digit number kept so has lost its last digits."""
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def day_of(cell: Any) -> date | None:
    """The date in a cell, None when there is no readable one."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if is_number(cell) and int(cell) in SERIAL_DAYS:
        return EXCEL_DAY_ZERO + timedelta(days=int(cell))
    text = tidy_number(text_of(cell))
    found = WRITTEN_DATE.fullmatch(text) or COMPACT_DATE.fullmatch(text)
    if not found:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None
