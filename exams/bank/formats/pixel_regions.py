"""Regions of a picture in pixels, as question files say them, and in ten-thousandths, as the bank does (pure)."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from exams.bank.bodies import ELLIPSE, POLYGON, RECT, SCALE, Region

CIRCLE, POLY = "circle", "poly"
CORNERS = 16  # of the polygon that stands for an ellipse where a format knows circles only
WHOLE = re.compile(r"[+-]?\d{1,6}")


@dataclass(frozen=True, slots=True)
class Zone:
    """An area in pixels.

    `circle`: centre x, y, radius; `ellipse`: centre x, y, radii; `rect`: left, top, right, bottom; `poly`: corners.
    """

    shape: str
    numbers: tuple[int, ...]


def zone_of(region: Region, width: int, height: int, *, ellipses: bool) -> Zone:
    """The area of a region in a picture of that size, at least one pixel wide; `ellipses`: the format knows them."""
    if region.shape == POLYGON:
        return Zone(
            POLY, tuple(pixels(value, height if place % 2 else width) for place, value in enumerate(region.coords))
        )
    left, top, right, bottom = region.coords
    if region.shape == RECT:
        x, y = pixels(left, width), pixels(top, height)
        return Zone(RECT, (x, y, max(x + 1, pixels(right, width)), max(y + 1, pixels(bottom, height))))
    centre = (pixels((left + right) / 2, width), pixels((top + bottom) / 2, height))
    radii = (max(1, pixels((right - left) / 2, width)), max(1, pixels((bottom - top) / 2, height)))
    if radii[0] == radii[1]:
        return Zone(CIRCLE, (*centre, radii[0]))
    if ellipses:
        return Zone(ELLIPSE, (*centre, *radii))
    turns = [2 * math.pi * step / CORNERS for step in range(CORNERS)]
    corners = [(round(centre[0] + radii[0] * math.cos(t)), round(centre[1] + radii[1] * math.sin(t))) for t in turns]
    return Zone(POLY, tuple(min(max(0, value), width if place == 0 else height)
                            for corner in corners for place, value in enumerate(corner)))  # fmt: skip


def pixels(value: float, extent: int) -> int:
    """Ten-thousandths of an extent in pixels."""
    return round(value * extent / SCALE)


def region_of(zone: Zone, width: int, height: int, label: str) -> Region | None:
    """The region in ten-thousandths, cut off at the edges of the picture; None when it is no area."""
    if width <= 0 or height <= 0:
        return None
    if zone.shape == POLY:
        if len(zone.numbers) < 6 or len(zone.numbers) % 2:
            return None
        corners = tuple(share(value, height if place % 2 else width) for place, value in enumerate(zone.numbers))
        return Region(POLYGON, corners, label)
    if len(zone.numbers) != (3 if zone.shape == CIRCLE else 4):
        return None
    if zone.shape == RECT:
        left, top, right, bottom = zone.numbers
    else:
        x, y, across = zone.numbers[:3]
        down = across if zone.shape == CIRCLE else zone.numbers[3]
        left, top, right, bottom = x - across, y - down, x + across, y + down
    coords = (share(left, width), share(top, height), share(right, width), share(bottom, height))
    if coords[0] >= coords[2] or coords[1] >= coords[3]:
        return None
    return Region(RECT if zone.shape == RECT else ELLIPSE, coords, label)


def share(value: int, extent: int) -> int:
    """Pixels of an extent in ten-thousandths, inside the picture."""
    return min(SCALE, max(0, round(value * SCALE / extent)))


def whole_numbers(texts: Sequence[str]) -> tuple[int, ...] | None:
    """Whole numbers from their texts; None when one is none."""
    stripped = [text.strip() for text in texts]
    return tuple(map(int, stripped)) if all(WHOLE.fullmatch(text) for text in stripped) else None


def exact_region(said: str, zone: Zone, width: int, height: int, label: str, *, ellipses: bool) -> Region | None:
    """A region that our own file says exactly (`ellipse 0,0,5000,5000`), if it is the zone that stands in the file."""
    shape, _, numbers = said.partition(" ")
    coords = whole_numbers(numbers.split(","))
    if not coords or shape not in (RECT, ELLIPSE, POLYGON) or any(not 0 <= value <= SCALE for value in coords):
        return None
    if (len(coords) != 4) if shape != POLYGON else (len(coords) < 6 or len(coords) % 2):
        return None
    region = Region(shape, coords, label)
    return region if zone_of(region, width, height, ellipses=ellipses) == zone else None


def said_exactly(region: Region) -> str:
    """What `exact_region` reads."""
    return f"{region.shape} {','.join(map(str, region.coords))}"
