"""Editor of hotspots: regions of a picture in percent of its width and height."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from exams.bank.bodies import (
    ELLIPSE,
    HOTSPOT,
    POLYGON,
    RECT,
    SCALE,
    USUAL_PENALTY,
    USUAL_TOLERANCE,
    Hotspot,
    Region,
    plain,
)
from exams.bank.editing.editors import Editor
from exams.bank.editing.rows import Posted, Row, Rows, number_from
from exams.bank.problems import Problem, ProblemKind
from exams.bank.soundness import MOST_REGIONS, region_is_drawn

SHAPES = (RECT, ELLIPSE, POLYGON)
BOX = ("x", "y", "width", "height")
FRESH = {"x": "40", "y": "40", "width": "20", "height": "20"}
FRESH_CORNERS = "50,38 62,60 38,60"
BETWEEN = re.compile(r"[\s;；]+")
COMMA = re.compile(r"[,，]")


@dataclass(frozen=True, slots=True)
class Settings:
    """Tolerance and penalty as typed, in percent."""

    tolerance: str
    penalty: str


class HotspotEditor(Editor):
    """Regions by name, shape and place; tolerance and penalty for all of them."""

    template = "exams/bank/editing/_hotspot.html"

    def __init__(self, type_: str = HOTSPOT, prefix: str = "") -> None:
        super().__init__(type_, prefix)
        self.regions = Rows(
            f"{prefix}region", ("shape", "label", *BOX, "corners"), most=MOST_REGIONS, usual={"shape": RECT}
        )
        self.settings = Settings(percent(USUAL_TOLERANCE), plain(USUAL_PENALTY * 100))
        self.setting_errors: dict[str, str] = {}

    def sets(self) -> Sequence[Rows]:
        return (self.regions,)

    @property
    def blanks(self) -> list[Row]:
        """A fresh region of each shape, for the script to clone."""
        return [self.regions.row("__row__", fresh(shape)) for shape in SHAPES]

    def fill(self, body: Hotspot) -> None:
        self.regions.fill(fields_of(region) for region in body.regions)
        self.settings = Settings(percent(body.tolerance), plain(body.penalty * 100))

    def read(self, data: Posted) -> None:
        self.regions.read(data)
        for row in self.regions:
            if row.values["shape"] not in SHAPES:
                row.values["shape"] = RECT
        self.settings = Settings(*(read_setting(data, f"{self.prefix}{name}") for name in ("tolerance", "penalty")))

    def act(self, verb: str, rows: Rows, argument: str) -> None:
        if verb == "add":
            rows.add(fresh(argument if argument in SHAPES else RECT))
        else:
            super().act(verb, rows, argument)

    def body(self) -> Hotspot:
        tolerance, penalty = number_from(self.settings.tolerance), number_from(self.settings.penalty)
        return Hotspot(
            tuple(region_of(row) for row in self.regions),
            -1 if tolerance is None else ten_thousandths(tolerance),
            Decimal(-1) if penalty is None else penalty / 100,
        )

    def place(self, problem: Problem) -> None:
        if problem.kind != ProblemKind.BAD_REGION:
            self.complain(problem)
            return
        body = self.body()
        for row, region in zip(self.regions, body.regions, strict=True):
            if not region.label:
                row.complain(_("请写出这里是什么隐患。"), "label")
            if not region_is_drawn(Region(region.shape, region.coords, "-")):
                row.complain(_("这个区域要有大小，并且整个在图片里（0–100%）。"), "place")
        if not 0 <= body.tolerance <= SCALE // 10:
            self.setting_errors["tolerance"] = _("容差要在 0 到 10 之间。")
        if not 0 <= body.penalty <= 1:
            self.setting_errors["penalty"] = _("错点扣分要在 0 到 100 之间。")

    @property
    def has_errors(self) -> bool:
        return bool(self.setting_errors) or super().has_errors


def read_setting(data: Posted, name: str) -> str:
    """A setting as typed."""
    return (data.get(name) or "").strip()


def fresh(shape: str) -> dict[str, str]:
    """A region in the middle of the picture."""
    return {"shape": shape, "corners": FRESH_CORNERS} if shape == POLYGON else {"shape": shape, **FRESH}


def percent(value: int) -> str:
    """Ten-thousandths as percent."""
    return plain(Decimal(value) / 100)


def ten_thousandths(number: Decimal) -> int:
    """Percent as ten-thousandths."""
    return int((number * 100).quantize(Decimal(1), ROUND_HALF_UP))


def fields_of(region: Region) -> dict[str, str]:
    """A region's fields."""
    values = {"shape": region.shape, "label": region.label}
    if region.shape == POLYGON:
        pairs = zip(region.coords[::2], region.coords[1::2], strict=True)
        return {**values, "corners": " ".join(f"{percent(x)},{percent(y)}" for x, y in pairs)}
    left, top, right, bottom = region.coords
    box = (left, top, right - left, bottom - top)
    return {**values, **{name: percent(value) for name, value in zip(BOX, box, strict=True)}}


def region_of(row: Row) -> Region:
    """The region as typed; without coordinates when something in it is no number."""
    shape, label = row.values["shape"], row.values["label"]
    if shape == POLYGON:
        return Region(shape, corners_in(row.values["corners"]), label)
    numbers = [number_from(row.values[name]) for name in BOX]
    known = [number for number in numbers if number is not None]
    if len(known) < len(BOX):
        return Region(shape, (), label)
    x, y, width, height = known
    return Region(shape, tuple(ten_thousandths(value) for value in (x, y, x + width, y + height)), label)


def corners_in(text: str) -> tuple[int, ...]:
    """`12.5,30 40,22` → ten-thousandths of each corner; empty when something in it is no number."""
    coords: list[int] = []
    for corner in filter(None, BETWEEN.split(text)):
        numbers = [number_from(part) for part in COMMA.split(corner)]
        known = [number for number in numbers if number is not None]
        if len(numbers) != 2 or len(known) != 2:
            return ()
        coords.extend(ten_thousandths(number) for number in known)
    return tuple(coords)
