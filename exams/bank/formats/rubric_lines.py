"""Points of a rubric as lines that people read: `先通风（2 分）` (pure)."""

import re
from collections.abc import Iterable
from decimal import Decimal

from exams.bank.bodies import RubricPoint, plain

WEIGHT = re.compile(r"\s*[（(]\s*(\d{1,3}(?:\.\d{1,4})?)\s*分\s*[)）]$")


def rubric_line(point: RubricPoint) -> str:
    """A point with its weight."""
    return f"{point.text}（{plain(point.weight)} 分）"


def rubric_from(lines: Iterable[str]) -> tuple[RubricPoint, ...]:
    """Points from lines; one without a weight weighs 1."""
    points = []
    for line in lines:
        match = WEIGHT.search(line)
        text = (line[: match.start()] if match else line).strip()
        if text:
            points.append(RubricPoint(text, Decimal(match[1]) if match else Decimal(1)))
    return tuple(points)
