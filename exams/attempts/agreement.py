"""What the marks of one open answer come to (pure): one marker, or two who agree, or a third person who decides.

Double marking as the big examinations do it (双评、仲裁): two people mark the same answer without knowing of each
other. Where they lie close together the mean counts; where not, a third one sees both and decides alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from exams.bank.grading import CENT

FIRST, SECOND, ADJUDICATION = 1, 2, 3


@dataclass(frozen=True, slots=True)
class MarkingRule:
    """`tolerance_percent`: by how much of the possible points two markers may differ."""

    double: bool = False
    tolerance_percent: int = 0


@dataclass(frozen=True, slots=True)
class StagedMark:
    """A mark as far as it counts here, in the order in which marks were given."""

    stage: int
    marker_id: int
    points: Decimal


def by_stage(marks: Sequence[StagedMark]) -> dict[int, StagedMark]:
    """The mark that counts of each stage: the newest."""
    return {mark.stage: mark for mark in marks}


def decided(points: Mapping[int, Decimal], rule: MarkingRule, *, possible: Decimal) -> Decimal | None:
    """The points that count, by the points of each stage; None while somebody still has to mark."""
    if ADJUDICATION in points:
        return points[ADJUDICATION]
    if FIRST not in points:
        return None
    if not rule.double:
        return points[FIRST]
    if SECOND not in points or not close(points[FIRST], points[SECOND], rule, possible=possible):
        return None
    return ((points[FIRST] + points[SECOND]) / 2).quantize(CENT, ROUND_HALF_UP)


def close(one: Decimal, other: Decimal, rule: MarkingRule, *, possible: Decimal) -> bool:
    """Whether two marks lie within the tolerance; at the border they do."""
    return abs(one - other) * 100 <= rule.tolerance_percent * possible


def stage_for(marker_id: int, marks: Sequence[StagedMark], rule: MarkingRule, *, possible: Decimal) -> int | None:
    """Which mark somebody may give now; None when it is not theirs to give.

    One marker: any colleague may give a better mark. Two: each changes the own mark only until the other one is
    there, and a third person decides only where the two lie apart.
    """
    if not rule.double:
        return FIRST
    present = by_stage(marks)
    own = next((stage for stage, mark in present.items() if mark.marker_id == marker_id), None)
    if own is not None:
        return own if own == max(present) and own != SECOND else None
    if len(present) < SECOND:
        return SECOND if FIRST in present else FIRST
    points = {stage: mark.points for stage, mark in present.items()}
    return ADJUDICATION if decided(points, rule, possible=possible) is None else None
