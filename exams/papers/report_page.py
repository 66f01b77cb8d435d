"""The report of an exam's papers as its page shows it: figures, drawings, words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from exams.bank.models import QuestionType
from exams.papers.models import AssemblyMethod, Exam
from exams.papers.plots import (
    WHOLE_SCALE,
    WIDTHS,
    Dots,
    Exposure,
    HeatMap,
    Segment,
    Shares,
    close_scale,
    criterion_needed,
    dots,
    exposure_bins,
    exposure_chart,
    exposure_limit,
    heat_map,
    share_chart,
    stack,
)
from exams.papers.reasons import short
from exams.papers.report import Report, Spread
from exams.papers.report_queries import (
    Origin,
    Planned,
    TopicName,
    industry_names,
    most_shared,
    origin_of,
    planned_of,
    report_of,
    topic_names,
)


@dataclass(frozen=True, slots=True)
class Difficulty:
    """The difficulty of the papers on the whole scale and close up; `close_times`: how much closer."""

    whole: Sequence[Dots]
    close: Sequence[Dots]
    close_times: int
    low: Decimal
    high: Decimal
    gap: Decimal
    outside: int


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A type as planned and as it came out, in questions."""

    style: str
    name: str
    planned: int
    low: int
    high: int

    @property
    def met(self) -> bool:
        """Whether every paper has exactly what was planned."""
        return self.planned == self.low == self.high


@dataclass(frozen=True, slots=True)
class ShareRow:
    """Share of a topic or industry in the papers, in percent; `bounds`: what the blueprint allows."""

    name: str
    spread: Spread
    bounds: tuple[int, int] | None

    @property
    def kept(self) -> bool:
        """Whether every paper keeps the bounds."""
        return self.bounds is None or (self.bounds[0] <= self.spread.low and self.spread.high <= self.bounds[1])

    @property
    def reach(self) -> Decimal:
        """From the least to the most, for the thin line over the bar."""
        return self.spread.high - self.spread.low

    @property
    def room(self) -> int:
        """Width of the band that the blueprint allows."""
        return self.bounds[1] - self.bounds[0] if self.bounds else 0


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Everything on the page."""

    report: Report
    origin: Origin | None
    heat: HeatMap | None
    most_shared: int
    limited: bool
    exposures: Sequence[Exposure]
    bins: Sequence[tuple[int, int, int]]
    most_papers: int
    difficulty: Difficulty | None
    shares: Sequence[Shares]
    needed: int
    below: int
    types: Sequence[PlannedRow]
    stacks: Sequence[tuple[str, Sequence[Segment]]]
    topics: Sequence[ShareRow]
    industries: Sequence[ShareRow]


def report_page(exam: Exam) -> ReportPage:
    """The page; ten queries at most."""
    report, planned = report_of(exam), planned_of(exam)
    limit, count = most_shared(exam, planned.total), len(report.papers)
    limited = exam.method == AssemblyMethod.PARALLEL
    most_papers = exposure_limit(count, exam.max_exposure_percent) if limited else count
    needed = criterion_needed(planned.total, exam.min_criterion_percent)
    industries = industry_names(list(planned.industry_bounds))
    types = type_rows(report, planned)
    return ReportPage(
        report=report,
        origin=origin_of(exam),
        heat=heat_map(report, limit=limit) if count > 1 else None,
        most_shared=limit,
        limited=limited,
        exposures=[exposure_chart(report, limit=most_papers, width=width) for width in WIDTHS],
        bins=exposure_bins(report.exposure, count),
        most_papers=most_papers,
        difficulty=difficulty_of(exam, report),
        shares=[share_chart(report.papers, needed_percent=exam.min_criterion_percent, width=w) for w in WIDTHS],
        needed=needed,
        below=sum(paper.criterion < needed for paper in report.papers),
        types=types,
        stacks=stacks_of(types, planned.total),
        topics=topic_rows(report, planned, topic_names()),
        industries=[
            ShareRow(industries[pk], report.industries.get(pk, NONE), bounds)
            for pk, bounds in planned.industry_bounds.items()
        ],
    )


NONE = Spread(Decimal(0), Decimal(0), Decimal(0))


def difficulty_of(exam: Exam, report: Report) -> Difficulty | None:
    """The drawings of the difficulty; None for papers that do not know theirs."""
    values = report.difficulties
    if not values:
        return None
    target = exam.target_difficulty if exam.method == AssemblyMethod.PARALLEL else None
    tolerance, low, high, scale = exam.difficulty_tolerance, min(values), max(values), close_scale(values)
    return Difficulty(
        whole=[dots(values, target=target, tolerance=tolerance, scale=WHOLE_SCALE, width=w) for w in WIDTHS],
        close=[dots(values, target=None, tolerance=tolerance, scale=scale, width=w) for w in WIDTHS],
        close_times=int(4 / (scale[-1] - scale[0])),
        low=low,
        high=high,
        gap=high - low,
        outside=0 if target is None else sum(abs(value - target) > tolerance for value in values),
    )


def type_rows(report: Report, planned: Planned) -> list[PlannedRow]:
    """Planned and got, type by type, in questions."""
    rows = []
    for place, kind in enumerate(kind for kind in QuestionType if kind in planned.types or kind in report.types):
        spread = report.types.get(kind, NONE)
        low, high = (round(share * planned.total / 100) for share in (spread.low, spread.high))
        rows.append(PlannedRow(f"k{place + 1}", str(kind.label), planned.types.get(kind, 0), low, high))
    return rows


def stacks_of(rows: Sequence[PlannedRow], total: int) -> list[tuple[str, Sequence[Segment]]]:
    """Two stacked bars: what was planned, and the mean of what came out."""
    if not total:
        return []
    planned = [(row.style, row.name, Decimal(row.planned * 100) / total) for row in rows]
    got = [(row.style, row.name, Decimal((row.low + row.high) * 50) / total) for row in rows]
    return [("planned", stack(planned)), ("got", stack(got))]


def topic_rows(report: Report, planned: Planned, names: Mapping[int, TopicName]) -> list[ShareRow]:
    """Topics in the papers or in the blueprint, in the bank's order; a parent only where it is asked for by itself."""
    asked = planned.topic_bounds
    parents = {name.parent_id for name in names.values()}
    return [
        ShareRow(short(name.name), report.topics.get(pk, NONE), asked.get(pk))
        for pk, name in names.items()
        if pk in asked or (pk in report.topics and pk not in parents)
    ]
