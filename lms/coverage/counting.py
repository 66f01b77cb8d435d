"""Coverage numbers, counted by the database: one statement whatever the number of people.

The rosters come from `lms.coverage.roster` (compiled querysets); only the grouping is written out in SQL, because
several groupings of one roster are wanted at once and the ORM has no common table expressions. Covered is
everybody who lacks nothing: who belongs to two categories of a cell is covered there when both are satisfied.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from lms.coverage.roster import COLUMNS, register, roster_values
from lms.coverage.tally import Tally
from lms.coverage.yardstick import WHOLE, Cell, Yardstick
from lms.organisations.models import Enterprise
from lms.organisations.scope import Scope

ROSTER_COLUMNS = ", ".join(COLUMNS)
# Persons of a group, and how many of them lack something.
PERSONS = "COUNT(DISTINCT roster.person_id), COUNT(DISTINCT CASE WHEN roster.met = 0 THEN roster.person_id END)"
INDUSTRIES = Enterprise.industries.through._meta.db_table
HEAT_GROUPINGS = f"""
SELECT 'total', 0, 0, {PERSONS} FROM roster
UNION ALL
SELECT 'category', roster.category_id, 0, {PERSONS} FROM roster GROUP BY roster.category_id
UNION ALL
SELECT 'industry', 0, place.industry_id, {PERSONS}
FROM roster JOIN {INDUSTRIES} place ON place.enterprise_id = roster.enterprise_id GROUP BY place.industry_id
UNION ALL
SELECT 'cell', roster.category_id, place.industry_id, {PERSONS}
FROM roster JOIN {INDUSTRIES} place ON place.enterprise_id = roster.enterprise_id
GROUP BY roster.category_id, place.industry_id
"""  # noqa: S608 – constants only
SORTS = {
    "worst": "covered_share, missing DESC, code",
    "best": "covered_share DESC, missing, code",
    "missing": "missing DESC, covered_share, code",
    "eligible": "eligible DESC, code",
    "name": "short_name, code",
}


@dataclass(frozen=True, slots=True)
class Cut:
    """One number wanted: a yardstick on a day within a part of the register, under a key of the asker's choice."""

    key: str
    yardstick: Yardstick
    day: date
    cell: Cell = WHOLE


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Tallies of one roster: whole, by category, by industry, by category × industry."""

    total: Tally
    categories: Mapping[int, Tally]
    industries: Mapping[int, Tally]
    cells: Mapping[tuple[int, int], Tally]


@dataclass(frozen=True, slots=True)
class EnterpriseTally:
    """An enterprise with its number."""

    enterprise_id: int
    tally: Tally


# Stands for the day in statements that are compiled once and used for every day.
ANY_DAY = date(1, 1, 1)
Statement = tuple[str, tuple[Any, ...]]


def compiled(rows: QuerySet[Any, Any]) -> Statement | None:
    """SQL and parameters of a queryset, None when it can hold nothing."""
    try:
        sql, params = rows.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return None
    return sql, tuple(params)


@lru_cache(maxsize=1024)
def roster_of_any_day(yardstick: Yardstick, scope: Scope, cell: Cell) -> Statement | None:
    """The roster compiled; building it through the ORM costs more than many a count."""
    return compiled(roster_values(yardstick, on=ANY_DAY, scope=scope, cell=cell))


@lru_cache(maxsize=1024)
def register_of_any_day(yardstick: Yardstick, scope: Scope, cell: Cell) -> Statement | None:
    """The enterprises looked at, compiled."""
    places = register(yardstick, on=ANY_DAY, scope=scope, cell=cell)
    return compiled(places.order_by().values_list("pk", "code", "short_name"))


def on_day(statement: Statement | None, day: date) -> Statement | None:
    """A compiled statement for one day."""
    if statement is None:
        return None
    mark, value = connection.ops.adapt_datefield_value(ANY_DAY), connection.ops.adapt_datefield_value(day)
    return statement[0], tuple(value if param == mark else param for param in statement[1])


def fetch(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def tally_of(eligible: int, lacking: int) -> Tally:
    """From the two counts of `PERSONS`."""
    return Tally(eligible, eligible - lacking)


def heat_map(yardstick: Yardstick, *, on: date, scope: Scope, cell: Cell = WHOLE) -> HeatMap:
    """All tallies of the overview; one statement that reads the roster once."""
    roster = on_day(roster_of_any_day(yardstick, scope, cell), on)
    rows: list[tuple[Any, ...]] = []
    if roster is not None:
        rows = fetch(f"WITH roster({ROSTER_COLUMNS}) AS MATERIALIZED ({roster[0]}) {HEAT_GROUPINGS}", roster[1])
    return HeatMap(
        total=next((tally_of(*row[3:]) for row in rows if row[0] == "total"), Tally()),
        categories={row[1]: tally_of(*row[3:]) for row in rows if row[0] == "category"},
        industries={row[2]: tally_of(*row[3:]) for row in rows if row[0] == "industry"},
        cells={(row[1], row[2]): tally_of(*row[3:]) for row in rows if row[0] == "cell"},
    )


def tallies(cuts: Sequence[Cut], *, scope: Scope) -> dict[str, Tally]:
    """Several numbers (years, programmes, points of a trend) in one statement; keys without anybody give 0 / 0."""
    rows = fetch_cuts(cuts, scope=scope, group="roster.cut")
    found = {cuts[row[0]].key: tally_of(*row[1:]) for row in rows}
    return {cut.key: found.get(cut.key, Tally()) for cut in cuts}


def enterprise_trends(cuts: Sequence[Cut], enterprise_ids: Sequence[int], *, scope: Scope) -> dict[int, list[Tally]]:
    """For the enterprises of one page: a tally for each cut, in the order of the cuts; one statement."""
    if not enterprise_ids:
        return {}
    shown = [replace(cut, cell=replace(cut.cell, enterprise_ids=tuple(enterprise_ids))) for cut in cuts]
    rows = fetch_cuts(shown, scope=scope, group="roster.enterprise_id, roster.cut")
    trends = {pk: [Tally()] * len(cuts) for pk in enterprise_ids}
    for pk, cut, *counts in rows:
        trends[pk][cut] = tally_of(*counts)
    return trends


def fetch_cuts(cuts: Sequence[Cut], *, scope: Scope, group: str) -> list[tuple[Any, ...]]:
    """Rows (group …, eligible, lacking) over the rosters of all cuts."""
    parts: list[str] = []
    numbers: list[str] = []
    values: list[Any] = []
    for number, cut in enumerate(cuts):
        roster = on_day(roster_of_any_day(cut.yardstick, scope, cut.cell), cut.day)
        if roster is not None:
            parts.append(f"part{number}({ROSTER_COLUMNS}) AS ({roster[0]})")
            numbers.append(f"SELECT {number} AS cut, part{number}.* FROM part{number}")  # noqa: S608
            values.extend(roster[1])
    if not parts:
        return []
    sql = (
        f"WITH {', '.join(parts)}, roster AS ({' UNION ALL '.join(numbers)}) "  # noqa: S608
        f"SELECT {group}, {PERSONS} FROM roster GROUP BY {group}"
    )
    return fetch(sql, values)


def ranking(
    yardstick: Yardstick, *, on: date, scope: Scope, cell: Cell = WHOLE, sort: str = "worst", first: int, size: int
) -> list[EnterpriseTally]:
    """A slice of the register by coverage, the worst first; who has nobody to be trained comes last. One statement."""
    roster = on_day(roster_of_any_day(yardstick, scope, cell), on)
    places = on_day(register_of_any_day(yardstick, scope, cell), on)
    if roster is None or places is None:
        return []
    sql = f"""
    WITH roster({ROSTER_COLUMNS}) AS ({roster[0]}),
    place(enterprise_id, code, short_name) AS ({places[0]}),
    tally AS (SELECT roster.enterprise_id AS enterprise_id, {PERSONS} FROM roster GROUP BY roster.enterprise_id),
    numbered(enterprise_id, eligible, missing) AS (SELECT * FROM tally)
    SELECT place.enterprise_id, COALESCE(eligible, 0) AS eligible, COALESCE(missing, 0) AS missing,
        (eligible - missing) * 1.0 / eligible AS covered_share, code, short_name
    FROM place LEFT JOIN numbered ON numbered.enterprise_id = place.enterprise_id
    ORDER BY CASE WHEN eligible > 0 THEN 0 ELSE 1 END, {SORTS[sort]}
    LIMIT %s OFFSET %s
    """  # noqa: S608 – SORTS is a constant
    rows = fetch(sql, [*roster[1], *places[1], size, first])
    return [EnterpriseTally(row[0], tally_of(row[1], row[2])) for row in rows]
