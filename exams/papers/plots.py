"""Geometry of the report's drawings: numbers and words for SVG attributes, nothing else (pure).

Every drawing comes on a wide and on a narrow canvas, of which the style sheet shows one; the heat map has one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import groupby

from exams.papers.report import PaperFigures, Report

WIDTHS = (500, 336)
LEFT, RIGHT, TOP, FOOT = 40, 12, 18, 30
MOST_BARS = 20


@dataclass(frozen=True, slots=True)
class Tick:
    """A figure beside an axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class HeatClass:
    """All cells of a class as one path of horizontal strokes of width 1. `pairs`: how many pairs of papers."""

    style: str
    path: str
    low: int
    high: int
    pairs: int


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Papers × papers, one unit a cell; families are parted by `borders`."""

    size: int
    scale: float
    classes: tuple[HeatClass, ...]
    over: int
    itself: str
    borders: str
    ticks: tuple[Tick, ...]


HEAT_SIDE, HEAT_EDGE = 360, 34


def heat_classes(limit: int) -> list[tuple[str, int, int]]:
    """Style, least and most shared questions of each class; all but the last are within the limit."""
    bounds = sorted({0, -(-limit // 3), -(-limit * 2 // 3), limit})
    styles = ["h6", "h5", "h4", "h3"][: len(bounds)]
    lows = [0, *(bound + 1 for bound in bounds[:-1])]
    return [*zip(styles, lows, bounds, strict=True), ("h1", limit + 1, 10**6)]


def heat_map(report: Report, *, limit: int) -> HeatMap:
    """The overlaps; `limit`: questions that two papers may share."""
    size = len(report.papers)
    bounds = heat_classes(limit)
    of_value = {
        value: place for value in report.pairs for place, (_, low, high) in enumerate(bounds) if low <= value <= high
    }
    runs: list[list[str]] = [[] for _ in bounds]
    for row, values in enumerate(report.shared):
        for place, first, length in strokes(values, row, of_value):
            runs[place].append(f"M{first} {row}.5h{length}")
    pairs = [sum(times for value, times in report.pairs.items() if of_value[value] == n) for n in range(len(bounds))]
    classes = tuple(
        HeatClass(style, "".join(runs[place]), low, high, pairs[place])
        for place, (style, low, high) in enumerate(bounds)
    )
    numbers = [paper.number for paper in report.papers]
    every = max(1, -(-size // 10))
    return HeatMap(
        size=size,
        scale=round(HEAT_SIDE / max(1, size), 4),
        classes=classes,
        over=classes[-1].pairs,
        itself="".join(f"M{row} {row}.5h1" for row in range(size)),
        borders=family_borders(report.papers),
        ticks=tuple(
            Tick(round((place + 0.5) * HEAT_SIDE / size, 1), str(number))
            for place, number in enumerate(numbers)
            if place % every == 0
        ),
    )


def strokes(values: Sequence[int], row: int, of_value: Mapping[int, int]) -> Iterator[tuple[int, int, int]]:
    """Runs of cells of one class in a row: class, first cell, number; the paper itself is left out."""
    kinds = (-1 if column == row else of_value[value] for column, value in enumerate(values))
    column = 0
    for place, run in groupby(kinds):
        length = sum(1 for _ in run)
        if place >= 0:
            yield place, column, length
        column += length


def family_borders(papers: Sequence[PaperFigures]) -> str:
    """Lines between the families, across and down."""
    size = len(papers)
    places = [n for n in range(1, size) if papers[n].family != papers[n - 1].family]
    return "".join(f"M0 {n}H{size}M{n} 0V{size}" for n in places)


@dataclass(frozen=True, slots=True)
class Canvas:
    """The room of a drawing with its axes."""

    width: int
    height: int

    @property
    def right(self) -> int:
        """Right edge of the drawing."""
        return self.width - RIGHT

    @property
    def base(self) -> int:
        """Bottom edge of the drawing."""
        return self.height - FOOT

    @property
    def label_y(self) -> int:
        """Base line of the words below the axis."""
        return self.height - 10

    def x(self, share: float) -> float:
        """A place between the left (0) and the right edge (1)."""
        return round(LEFT + share * (self.right - LEFT), 1)

    def y(self, share: float) -> float:
        """A place between the bottom (0) and the top (1)."""
        return round(self.base - share * (self.base - TOP), 1)

    @property
    def axis(self) -> str:
        """The line at the bottom."""
        return f"M{LEFT} {self.base}H{self.right}"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with its figure and, below the axis, its label ("" where there is no room)."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    figure: str
    over: bool


@dataclass(frozen=True, slots=True)
class Exposure:
    """How many questions are in so many papers; `limit_x`: the most papers that a question may be in."""

    canvas: Canvas
    bars: tuple[Bar, ...]
    limit_x: float
    limit_left: bool


def exposure_limit(papers: int, most_percent: int) -> int:
    """The most papers that one question may be in; every question may be in one."""
    return max(1, papers * most_percent // 100)


def exposure_bins(exposure: Mapping[int, int], papers: int) -> list[tuple[int, int, int]]:
    """First and last number of papers of a bin, and how many questions are in so many papers."""
    width = max(1, -(-papers // MOST_BARS))
    most = max(exposure.values(), default=1)
    last = min(papers, max(most + 1, 5))
    bins = [(low, min(low + width - 1, papers)) for low in range(1, last + 1, width)]
    return [(low, high, sum(low <= value <= high for value in exposure.values())) for low, high in bins]


def exposure_chart(report: Report, *, limit: int, width: int) -> Exposure:
    """The histogram."""
    canvas = Canvas(width, 210)
    bins = exposure_bins(report.exposure, len(report.papers))
    most = max((count for *_, count in bins), default=0) or 1
    step = (canvas.right - LEFT) / len(bins)
    every = max(1, -(-len(bins) * 34 // (canvas.right - LEFT)))
    bars = []
    for place, (low, high, count) in enumerate(bins):
        height = round(count / most * (canvas.base - TOP), 1)
        middle = LEFT + (place + 0.5) * step
        bars.append(
            Bar(
                x=round(middle - step * 0.4, 1),
                y=round(canvas.base - height, 1),
                width=round(step * 0.8, 1),
                height=height,
                middle=round(middle, 1),
                label=("" if place % every else str(low) if low == high else f"{low}–{high}"),
                figure=str(count) if count and step > 24 else "",
                over=low > limit,
            )
        )
    last = next((n for n, (low, high, _) in enumerate(bins) if low <= limit <= high), None)
    limit_x = round(LEFT + (last + 1) * step, 1) if last is not None else 0.0
    return Exposure(canvas, tuple(bars), limit_x, limit_x > canvas.right - 90)


@dataclass(frozen=True, slots=True)
class Dots:
    """Difficulty of every paper on the scale from `ticks`; the band is what the blueprint allows."""

    canvas: Canvas
    points: tuple[tuple[float, float], ...]
    radius: float
    ticks: tuple[Tick, ...]
    grid: str
    band_y: float
    band_height: float
    target_y: float


def dots(
    values: Sequence[Decimal], *, target: Decimal | None, tolerance: Decimal, scale: Sequence[Decimal], width: int
) -> Dots:
    """The papers from left to right; `scale`: the figures at the axis, lowest first."""
    canvas = Canvas(width, 170)
    low, high = scale[0], scale[-1]

    def place(value: Decimal) -> float:
        return canvas.y(min(1.0, max(0.0, float((value - low) / (high - low)))))

    step = (canvas.right - LEFT) / max(1, len(values))
    top, bottom = (place(target + tolerance), place(target - tolerance)) if target is not None else (0.0, 0.0)
    return Dots(
        canvas=canvas,
        points=tuple((round(LEFT + (n + 0.5) * step, 1), place(value)) for n, value in enumerate(values)),
        radius=round(max(1.5, min(4.0, step * 0.4)), 1),
        ticks=tuple(Tick(place(figure), f"{figure.normalize():f}") for figure in scale),
        grid="".join(f"M{LEFT} {place(figure)}H{canvas.right}" for figure in scale),
        band_y=top,
        band_height=round(bottom - top, 1),
        target_y=place(target) if target is not None else 0.0,
    )


WHOLE_SCALE = [Decimal(1), Decimal(2), Decimal(3), Decimal(4), Decimal(5)]


def close_scale(values: Sequence[Decimal]) -> list[Decimal]:
    """Four steps round the values, none smaller than 0.01: to tell papers apart that are all but equal."""
    low, high = min(values), max(values)
    step = next(
        step
        for step in (Decimal("0.01"), Decimal("0.02"), Decimal("0.05"), Decimal("0.1"), Decimal("0.25"), Decimal(1))
        if step * 4 >= (high - low) * Decimal("1.2") or step == 1
    )
    middle = ((low + high) / 2 / step).to_integral_value() * step
    first = min(max(Decimal(1), middle - 2 * step), Decimal(5) - 4 * step)
    return [first + n * step for n in range(5)]


@dataclass(frozen=True, slots=True)
class Shares:
    """Share of criterion questions of every paper as bars; `required_y`: what every paper must reach."""

    canvas: Canvas
    bars: str
    below: str
    ticks: tuple[Tick, ...]
    grid: str
    required_y: float
    numbers: tuple[Tick, ...]


def share_chart(papers: Sequence[PaperFigures], *, needed_percent: Decimal, width: int) -> Shares:
    """The bars, all of a kind in one path; from 0 to 100 %."""
    canvas = Canvas(width, 190)
    step = (canvas.right - LEFT) / max(1, len(papers))
    bars: dict[bool, list[str]] = {False: [], True: []}
    for place, paper in enumerate(papers):
        x, y = LEFT + place * step, canvas.y(float(paper.criterion_percent) / 100)
        below = paper.criterion < criterion_needed(paper.questions, needed_percent)
        bars[below].append(f"M{x + step * 0.12:.1f} {canvas.base}V{y}h{step * 0.76:.1f}V{canvas.base}z")
    every = max(1, -(-len(papers) * 26 // (canvas.right - LEFT)))
    return Shares(
        canvas=canvas,
        bars="".join(bars[False]),
        below="".join(bars[True]),
        ticks=tuple(Tick(canvas.y(mark / 100), f"{mark}%") for mark in (0, 50, 100)),
        grid="".join(f"M{LEFT} {canvas.y(mark)}H{canvas.right}" for mark in (0.5, 1.0)),
        required_y=canvas.y(float(needed_percent) / 100),
        numbers=tuple(
            Tick(round(LEFT + (place + 0.5) * step, 1), str(paper.number))
            for place, paper in enumerate(papers)
            if place % every == 0
        ),
    )


def criterion_needed(questions: int, needed_percent: Decimal) -> int:
    """Criterion questions that a paper of so many must hold."""
    return int((questions * needed_percent / 100).to_integral_value(ROUND_CEILING))


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a stacked bar of width 100."""

    x: float
    width: float
    style: str
    label: str
    percent: Decimal


def stack(shares: Sequence[tuple[str, str, Decimal]]) -> tuple[Segment, ...]:
    """Pieces side by side; `shares`: style, label, percent."""
    pieces, x = [], 0.0
    for style, label, share in shares:
        width = round(float(share), 2)
        pieces.append(Segment(round(x, 2), width, style, label, share))
        x += width
    return tuple(pieces)
