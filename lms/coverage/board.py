"""The overview as data: what a page shows, ready for the template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from lms.coverage.chart import BarChart, YearNumber, bar_chart
from lms.coverage.counting import Cut, HeatMap, heat_map, tallies
from lms.coverage.models import Requirement
from lms.coverage.queries import begun
from lms.coverage.tally import Goal, Standing, State, Tally, standing
from lms.coverage.yardstick import WHOLE, Cell, Definition
from lms.organisations.scope import Scope


@dataclass(frozen=True, slots=True)
class Ask:
    """Which numbers: of what, as of when, of which part of the register, in whose view."""

    definition: Definition
    on: date
    scope: Scope
    cell: Cell = WHOLE

    @property
    def day(self) -> date:
        """The day counted on: a requirement that has ended keeps its last day."""
        return self.definition.yardstick.day(self.on)

    def people(self, **changes: Any) -> str:
        """Address of the named list behind a number of this page."""
        enterprise = self.cell.enterprise_ids[0] if self.cell.enterprise_ids else None
        return people_address(self.definition.code, self.on, **{"enterprise": enterprise, **changes})

    @property
    def missing_people(self) -> str:
        """Address of the list of those who lack something."""
        return self.people(show="missing")

    @property
    def all_people(self) -> str:
        """Address of the list of everybody who should."""
        return self.people(show="all")

    def enterprise_page(self, pk: int) -> str:
        """Address of an enterprise's own page, on the same day and scheme."""
        query = urlencode({"on": self.on.isoformat(), "scheme": self.definition.scheme_code})
        return f"{reverse('coverage:enterprise', args=[pk])}?{query}"


def people_address(code: str, on: date, **changes: Any) -> str:
    """Address of a named list; empty values are left out."""
    values = {"requirement": code, "on": on.isoformat(), **changes}
    return f"{reverse('coverage:people')}?{urlencode({k: v for k, v in values.items() if v not in (None, '')})}"


@dataclass(frozen=True, slots=True)
class Tile:
    """A stat tile: a share with its denominator, its state in shape and word, the list behind it."""

    label: str
    tally: Tally
    standing: Standing
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One cell; without `address` there is nobody."""

    category: str
    tally: Tally
    address: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One industry, or the foot of the table."""

    name: str
    cells: Sequence[HeatCell]


@dataclass(frozen=True, slots=True)
class Programme:
    """A special programme for principals."""

    name: str
    year: int
    tally: Tally
    style: str
    address: str
    running: bool


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that is above the table of enterprises."""

    total: Tally
    tiles: Sequence[Tile]
    columns: Sequence[str]
    rows: Sequence[HeatRow]
    chart: BarChart | None = None
    programmes: Sequence[Programme] = field(default_factory=tuple)


def standing_words(found: Standing) -> str:
    """The word beside the shape."""
    words: dict[State, str] = {
        "ok": _("已达目标"),
        "part": _("按进度，还差 %(n)d 人") % {"n": found.short},
        "warn": _("距目标差 %(n)d 人") % {"n": found.short},
        "bad": _("到期，差 %(n)d 人") % {"n": found.short},
        "off": "",
    }
    return words[found.state]


def tile(label: str, tally: Tally, ask: Ask, **cell: Any) -> Tile:
    """A tile of this page's requirement."""
    found = standing(tally, list(ask.definition.goals), day=ask.day, began_on=ask.definition.yardstick.counts_from)
    show = "missing" if tally.missing else "covered"
    return Tile(label, tally, found, standing_words(found), ask.people(show=show, **cell))


def heat_rows(found: HeatMap, ask: Ask, industries: Mapping[int, str]) -> list[HeatRow]:
    """Industries that have anybody, then the sums."""
    rules = ask.definition.yardstick.rules

    def cell(name: str, tally: Tally, **where: Any) -> HeatCell:
        show = "missing" if tally.missing else "covered"
        return HeatCell(name, tally, ask.people(show=show, **where) if tally.eligible else "")

    rows = [
        HeatRow(
            name,
            [
                *(
                    cell(
                        rule.name,
                        found.cells.get((rule.category_id, pk), Tally()),
                        category=rule.category_id,
                        industry=pk,
                    )
                    for rule in rules
                ),
                cell(_("合计"), found.industries[pk], industry=pk),
            ],
        )
        for pk, name in industries.items()
        if pk in found.industries
    ]
    sums = [
        cell(rule.name, found.categories.get(rule.category_id, Tally()), category=rule.category_id) for rule in rules
    ]
    return [*rows, HeatRow(_("合计"), [*sums, cell(_("合计"), found.total)])] if rows else []


def read_board(ask: Ask, definitions: Sequence[Definition], industries: Mapping[int, str]) -> Board:
    """Tiles, heat map, years and programmes; two statements."""
    stick = ask.definition.yardstick
    found = heat_map(stick, on=ask.day, scope=ask.scope, cell=ask.cell)
    points = year_points(ask, definitions)
    programmes = [] if ask.cell.enterprise_ids else begun(definitions, Requirement.Kind.PROGRAMME, on=ask.on)
    cuts = [point.cut for point in points] + [
        Cut(row.code, row.yardstick, row.yardstick.day(ask.on), ask.cell) for row in programmes
    ]
    numbers = tallies(cuts, scope=ask.scope)
    return Board(
        total=found.total,
        tiles=[
            tile(rule.name, found.categories.get(rule.category_id, Tally()), ask, category=rule.category_id)
            for rule in stick.rules
        ],
        columns=[rule.name for rule in stick.rules],
        rows=heat_rows(found, ask, industries),
        chart=year_chart(points, numbers),
        programmes=[programme(row, numbers[row.code], ask) for row in programmes if numbers[row.code].eligible],
    )


@dataclass(frozen=True, slots=True)
class YearPoint:
    """One bar before it is counted."""

    label: str
    who: str
    cut: Cut
    goal: Goal
    address: str


def year_points(ask: Ask, definitions: Sequence[Definition]) -> list[YearPoint]:
    """The target days of a scheme so far, and the running year: of the principals where the scheme has them."""
    points = []
    for row in begun(definitions, Requirement.Kind.SCHEME, on=ask.on):
        if row.scheme_code != ask.definition.scheme_code:
            continue
        principal = row.rule_of("principal")
        category = principal.category_id if principal else None
        for number, goal in enumerate(sorted(row.goals, key=lambda goal: goal.due_on)):
            before = sorted(row.goals, key=lambda goal: goal.due_on)[number - 1].due_on if number else None
            if before is not None and before >= ask.on:
                continue
            day = row.yardstick.day(min(goal.due_on, ask.on))
            year = str(goal.due_on.year)
            label = _("%(year)s 至今") % {"year": year} if goal.due_on > ask.on else year
            cut = Cut(f"{row.code}@{day}", row.yardstick, day, Cell(category, None, ask.cell.enterprise_ids))
            enterprise = ask.cell.enterprise_ids[0] if ask.cell.enterprise_ids else None
            address = people_address(row.code, day, category=category, enterprise=enterprise)
            points.append(YearPoint(label, principal.name if principal else "", cut, goal, address))
    return points[-3:]


def year_chart(points: Sequence[YearPoint], numbers: Mapping[str, Tally]) -> BarChart | None:
    """The bars with a sentence that says the same."""
    years = [YearNumber(point.label, numbers[point.cut.key], point.goal, point.address) for point in points]
    if not any(year.tally.eligible for year in years):
        return None
    said = _("；").join(
        _("%(year)s：%(covered)d / %(eligible)d，目标 %(goal)s%%")
        % {
            "year": year.label,
            "covered": year.tally.covered,
            "eligible": year.tally.eligible,
            "goal": f"{year.goal.percent.normalize():f}" if year.goal else "",
        }
        for year in years
    )
    return bar_chart(years, title=points[-1].who, summary=said)


def programme(row: Definition, tally: Tally, ask: Ask) -> Programme:
    """A programme with the colour of its bar."""
    day = row.yardstick.day(ask.on)
    found = standing(tally, list(row.goals), day=day, began_on=row.yardstick.counts_from)
    return Programme(
        name=row.name,
        year=row.year,
        tally=tally,
        style={"bad": "bar-bad", "warn": "bar-warn"}.get(found.state, ""),
        address=people_address(row.code, ask.on, show="missing" if tally.missing else "covered"),
        running=row.yardstick.counts_until >= ask.on,
    )
