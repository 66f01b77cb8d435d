"""The table of enterprises: the worst first, one page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lms.coverage.board import Ask
from lms.coverage.chart import plain, spark
from lms.coverage.counting import Cut, EnterpriseTally, enterprise_trends, ranking
from lms.coverage.monthends import month_ends
from lms.coverage.queries import idle_enterprises, without_category
from lms.coverage.roster import register
from lms.coverage.tally import Tally, goal_for
from lms.organisations.models import Enterprise

PAGE = 10
MONTHS = 6
TRACK = 74  # width of the small bar


class Ranked:
    """The register in order of coverage, sliced by the database."""

    def __init__(self, ask: Ask, sort: str) -> None:
        self.ask, self.sort = ask, sort

    def count(self) -> int:
        """How many enterprises the register held that day, within the cell."""
        return self.places().count()

    def places(self) -> QuerySet[Enterprise]:
        """The enterprises without order."""
        return register(self.ask.definition.yardstick, on=self.ask.day, scope=self.ask.scope, cell=self.ask.cell)

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[EnterpriseTally]:
        start = part.start or 0
        return ranking(
            self.ask.definition.yardstick,
            on=self.ask.day,
            scope=self.ask.scope,
            cell=self.ask.cell,
            sort=self.sort,
            first=start,
            size=part.stop - start,
        )


@dataclass(frozen=True, slots=True)
class EnterpriseLine:
    """One line of the table."""

    number: int
    enterprise: Enterprise
    tally: Tally
    bar: float
    bar_style: str
    goal: float | None
    spark: str
    spark_x: float
    spark_y: float
    notes: Sequence[str]
    address: str
    people: str


@dataclass(frozen=True, slots=True)
class EnterpriseTable:
    """A page of the table."""

    page: Page[EnterpriseTally]
    lines: Sequence[EnterpriseLine]
    goal: str


def enterprise_table(ask: Ask, *, sort: str, page: str | None) -> EnterpriseTable:
    """Numbers, trend and what to look at for one page; six queries whatever the number of enterprises."""
    shown: Page[EnterpriseTally] = Paginator(Ranked(ask, sort), PAGE).get_page(page)  # type: ignore[arg-type]
    rows: list[EnterpriseTally] = list(shown.object_list)
    ids = [row.enterprise_id for row in rows]
    found = {row.pk: row for row in Enterprise.objects.filter(pk__in=ids).select_related("industry")}
    trends = trends_of(ask, ids)
    notes = attention(ask, ids)
    goal = goal_for(list(ask.definition.goals), ask.day)
    lines = []
    for offset, row in enumerate(rows):
        path, x, y = spark(trends[row.enterprise_id])
        share = float(row.tally.percent or 0)
        wanted = float(goal.percent) if goal else 100.0
        lines.append(
            EnterpriseLine(
                number=shown.start_index() + offset,
                enterprise=found[row.enterprise_id],
                tally=row.tally,
                bar=round(share * TRACK / 100, 1),
                bar_style="value" if share >= wanted else "value-warn" if share >= wanted * 0.75 else "value-bad",
                goal=round(min(wanted, 99.0) * TRACK / 100, 1) if goal else None,
                spark=path,
                spark_x=x,
                spark_y=y,
                notes=notes[row.enterprise_id],
                address=ask.enterprise_page(row.enterprise_id),
                people=ask.people(enterprise=row.enterprise_id),
            )
        )
    return EnterpriseTable(shown, lines, f"{plain(goal.percent)}%" if goal else "")


def trends_of(ask: Ask, ids: Sequence[int]) -> dict[int, list[Tally]]:
    """The last months of the enterprises of a page."""
    days = [day for day in month_ends(ask.day, MONTHS) if day >= ask.definition.yardstick.counts_from]
    cuts = [Cut(day.isoformat(), ask.definition.yardstick, day) for day in days]
    return enterprise_trends(cuts, ids, scope=ask.scope)


def attention(ask: Ask, ids: Sequence[int]) -> dict[int, list[str]]:
    """What else to look at: nobody learned anything, no principal named."""
    since = ask.day.replace(month=1, day=1)
    idle = set(idle_enterprises(ask.scope, since=since, on=ask.day).filter(pk__in=ids).values_list("pk", flat=True))
    nameless = without_category(ids, "principal", on=ask.day)
    return {
        pk: [text for text, said in ((_("零学习"), pk in idle), (_("没有主要负责人"), pk in nameless)) if said]
        for pk in ids
    }
