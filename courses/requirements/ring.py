"""The ring of the year's hours as SVG attributes (no style attribute is allowed on our pages)."""

import math
from dataclasses import dataclass

from courses.requirements.hours import YearlyHours

RADIUS = 52.0
CENTRE = 64.0
ROUND = 2 * math.pi * RADIUS


@dataclass(frozen=True, slots=True)
class Ring:
    """`dash` for stroke-dasharray, `tick` for the path of the mark that shows the even pace."""

    dash: str
    tick: str


def ring_of(hours: YearlyHours) -> Ring:
    """The ring for an account of hours; full when the requirement is met."""
    required = float(hours.required) or 1.0
    share = min(1.0, float(hours.credited) / required)
    angle = 2 * math.pi * min(1.0, float(hours.on_course) / required) - math.pi / 2
    points = [(CENTRE + reach * math.cos(angle), CENTRE + reach * math.sin(angle)) for reach in (43.0, 61.0)]
    (x1, y1), (x2, y2) = points
    return Ring(dash=f"{share * ROUND:.1f} {ROUND:.1f}", tick=f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}")
