"""Geometry of the drawings: numbers for SVG attributes, nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lms.coverage.tally import Goal, Tally


@dataclass(frozen=True, slots=True)
class Bar:
    """One year of the bar chart. `tall` bars carry their figure inside."""

    x: int
    y: float
    height: float
    middle: int
    label: str
    figure: str
    counts: str
    figure_y: float
    tall: bool
    goal_y: float
    goal_text: str
    address: str

    @property
    def goal_inside(self) -> bool:
        """Whether the target's line runs over the bar, where it needs a lighter colour."""
        return self.goal_y > self.y

    @property
    def goal_text_y(self) -> float:
        """Base line of the target's figure."""
        return self.goal_y + 4


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars on a canvas `WIDTH` × 232 with the zero line at `BASE`."""

    bars: Sequence[Bar]
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class YearNumber:
    """What one bar shows."""

    label: str
    tally: Tally
    goal: Goal | None
    address: str


BASE, TOP, BAR_WIDTH, LEFT, STEP = 186, 36, 52, 54, 106
TALL = 30


def height_of(percent: Decimal | int | None) -> float:
    """Pixels above the zero line for a share in percent."""
    return round(float(percent or 0) * (BASE - TOP) / 100, 1)


def plain(percent: Decimal) -> str:
    """`100.00` → `100`."""
    return f"{percent.normalize():f}"


def bar_chart(years: Sequence[YearNumber], *, title: str, summary: str) -> BarChart:
    """Up to three years side by side, each against its own target."""
    bars = []
    for number, year in enumerate(years[-3:]):
        height = height_of(year.tally.percent)
        x = LEFT + number * STEP
        tall = height > TALL
        bars.append(
            Bar(
                x=x,
                y=round(BASE - height, 1),
                height=height,
                middle=x + BAR_WIDTH // 2,
                label=year.label,
                figure="—" if year.tally.whole is None else f"{year.tally.whole}%",
                counts=f"{year.tally.covered} / {year.tally.eligible}",
                figure_y=round(BASE - height + (21 if tall else -8), 1),
                tall=tall,
                goal_y=round(BASE - height_of(year.goal.percent), 1) if year.goal else 0.0,
                goal_text=f"{plain(year.goal.percent)}%" if year.goal else "",
                address=year.address,
            )
        )
    return BarChart(bars, title, summary)


def spark(tallies: Sequence[Tally], *, width: int = 84, height: int = 26, edge: int = 4) -> tuple[str, float, float]:
    """Path of a small line from 0 to 100 % and its last point; months without anybody are left out."""
    step = (width - 2 * edge) / max(1, len(tallies) - 1)
    points = [
        (round(edge + number * step, 1), round(height - edge - float(tally.percent) / 100 * (height - 2 * edge), 1))
        for number, tally in enumerate(tallies)
        if tally.percent is not None
    ]
    if not points:
        return "", 0, 0
    return "M" + " ".join(f"{x} {y}" for x, y in points), *points[-1]


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One month of the line."""

    x: float
    y: float
    label: str
    figure: str
    show_label: bool
    last: bool

    @property
    def figure_y(self) -> float:
        """Base line of the figure: above the point, below it where the target's line would run through."""
        return self.y + 20 if self.y < 46 else self.y - 9


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure at the left edge."""

    y: float
    text: str


@dataclass(frozen=True, slots=True)
class TrendChart:
    """A line with its area and the target, as attributes of an SVG of `width` × `height`."""

    width: int
    height: int
    grid: str
    axis: str
    marks: Sequence[Mark]
    line: str
    area: str
    points: Sequence[TrendPoint]
    goal: str
    goal_text: str
    goal_text_x: int
    goal_text_y: float
    label_y: int
    summary: str


LEFT_EDGE, RIGHT_EDGE, TOP_EDGE, FOOT = 34, 44, 20, 28


def trend_chart(
    months: Sequence[tuple[str, Tally]], goal: Goal | None, *, width: int, height: int, labels: int
) -> TrendChart:
    """Month by month; about `labels` of the points carry month and figure, the last one always."""
    base, right = height - FOOT, width - RIGHT_EDGE
    step = (right - LEFT_EDGE - 32) / max(1, len(months) - 1)
    every = max(1, -(-len(months) // labels))

    def y_of(percent: Decimal | int) -> float:
        return round(base - float(percent) * (base - TOP_EDGE) / 100, 1)

    points = [
        TrendPoint(
            x=round(LEFT_EDGE + 16 + number * step, 1),
            y=y_of(tally.percent),
            label=label,
            figure=f"{tally.whole}%",
            show_label=(len(months) - 1 - number) % every == 0,
            last=number == len(months) - 1,
        )
        for number, (label, tally) in enumerate(months)
        if tally.percent is not None
    ]
    line = " ".join(f"{point.x} {point.y}" for point in points)
    return TrendChart(
        width=width,
        height=height,
        grid="".join(f"M{LEFT_EDGE} {y_of(mark)}H{right}" for mark in (50, 100)),
        axis=f"M{LEFT_EDGE} {base}H{right}",
        marks=[Mark(y_of(mark) + 4, str(mark)) for mark in (100, 50, 0)],
        line=f"M{line}" if points else "",
        area=f"M{points[0].x} {base}L{line}L{points[-1].x} {base}Z" if points else "",
        points=points,
        goal=f"M{LEFT_EDGE} {y_of(goal.percent)}H{right}" if goal else "",
        goal_text=f"{plain(goal.percent)}%" if goal else "",
        goal_text_x=right + 4,
        goal_text_y=y_of(goal.percent) + 4 if goal else 0,
        label_y=height - 8,
        summary="，".join(f"{point.label} {point.figure}" for point in points),
    )
