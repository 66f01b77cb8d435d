"""The dated roster of a yardstick: who should on a day, and whether the person has.

One row per person, employment and category. The conditions are those of the tables' own querysets
(`on`, `registered_on`, `standing_on`, `within`), so they are written down once.
"""

from datetime import date
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from lms.coverage.models import Outcome
from lms.coverage.yardstick import ANY_CATEGORY, WHOLE, Cell, Yardstick
from lms.organisations.models import Enterprise
from lms.organisations.scope import Scope
from lms.people.models import Employment, EmploymentCategory

EVERYTHING = Scope(everything=True)
# Columns of `roster_values`, in this order; `met` is 1 or 0.
COLUMNS = ("person_id", "category_id", "enterprise_id", "met")


def register(yardstick: Yardstick, *, on: date, scope: Scope, cell: Cell = WHOLE) -> QuerySet[Enterprise]:
    """The enterprises that a yardstick looks at on a day."""
    found = Enterprise.objects.within(scope).registered_on(on)
    industries = Enterprise.industries.through.objects
    if yardstick.industry_ids:
        meant = industries.filter(industry_id__in=yardstick.industry_ids)
        found = found.filter(pk__in=meant.values("enterprise_id"))
    if cell.industry_id is not None:
        found = found.filter(pk__in=industries.filter(industry_id=cell.industry_id).values("enterprise_id"))
    if cell.enterprise_ids:
        found = found.filter(pk__in=cell.enterprise_ids)
    return found


def at_work(on: date, *, path: str = "") -> Q:
    """`Employment.objects.on(day)` as a condition on a joined employment: a join is read once, a subquery twice."""
    return Q(
        Q(**{f"{path}ended_on__isnull": True}) | Q(**{f"{path}ended_on__gte": on}), **{f"{path}started_on__lte": on}
    )


def meant(yardstick: Yardstick, *, on: date, scope: Scope, cell: Cell, path: str = "") -> Q:
    """The employments that are looked at on a day, as a condition; `path` leads to the employment."""
    # Teams are in view without their enterprise; everybody else's view is a set of enterprises, which is quicker.
    places = register(yardstick, on=on, scope=EVERYTHING if scope.team_ids else scope, cell=cell)
    condition = at_work(on, path=path) & Q(**{f"{path}enterprise__in": places})
    if scope.team_ids:
        own = Enterprise.objects.within(scope)
        condition &= Q(**{f"{path}enterprise__in": own}) | Q(**{f"{path}team_id__in": scope.team_ids})
    if yardstick.among:
        checked = Outcome.objects.filter(
            kind__in=yardstick.among,
            achieved_on__range=(yardstick.counts_from, yardstick.counts_until),
            achieved_on__lte=on,
        )
        condition &= Q(**{f"{path}person__in": checked.values("person_id")})
    return condition


def employments(yardstick: Yardstick, *, on: date, scope: Scope, cell: Cell = WHOLE) -> QuerySet[Employment]:
    """The employments in force on a day in the enterprises that are looked at."""
    return Employment.objects.filter(meant(yardstick, on=on, scope=scope, cell=cell))


def holders(yardstick: Yardstick, subjects: tuple[str, ...], *, on: date, cell: Cell = WHOLE) -> QuerySet[Outcome]:
    """The standing outcomes that satisfy a rule with these subjects on a day.

    For named enterprises only the ledger of their people is read.
    """
    found = Outcome.objects.standing_on(on).filter(
        kind__in=yardstick.kinds, achieved_on__range=(yardstick.counts_from, yardstick.counts_until)
    )
    if subjects:
        found = found.filter(subject__in=subjects)
    if cell.enterprise_ids:
        people = Employment.objects.filter(enterprise_id__in=cell.enterprise_ids)
        found = found.filter(person_id__in=people.values("person_id"))
    return found


def met(yardstick: Yardstick, *, on: date, cell: Cell, person: str, category: str) -> Case:
    """1 where the person has what the category asks for, else 0; `person`, `category` are field paths."""
    alike: dict[tuple[str, ...], list[int]] = {}
    for rule in yardstick.rules:
        alike.setdefault(rule.subjects, []).append(rule.category_id)
    cases = []
    for subjects, categories in alike.items():
        condition = Q(**{f"{person}__in": holders(yardstick, subjects, on=on, cell=cell).values("person_id")})
        if len(alike) > 1:
            condition = Q(**{f"{category}__in": categories}) & condition
        cases.append(When(condition, then=Value(1)))
    return Case(*cases, default=Value(0), output_field=IntegerField())


def roster_values(
    yardstick: Yardstick, *, on: date, scope: Scope, cell: Cell = WHOLE
) -> QuerySet[Any, tuple[int, int, int, int]]:
    """Rows (person, category, enterprise, met) of everybody who should on a day within a cell."""
    chosen = yardstick.only(cell.category_id)
    if not chosen.by_category:
        everybody = employments(chosen, on=on, scope=scope, cell=cell)
        column = met(chosen, on=on, cell=cell, person="person_id", category="pk")
        return everybody.annotate(category_id=Value(ANY_CATEGORY), met=column).order_by().values_list(*COLUMNS)
    periods = EmploymentCategory.objects.on(on).filter(
        meant(chosen, on=on, scope=scope, cell=cell, path="employment__"),
        category_id__in=[rule.category_id for rule in chosen.rules],
    )
    return (
        periods.annotate(
            person_id=F("employment__person_id"),
            enterprise_id=F("employment__enterprise_id"),
            met=met(chosen, on=on, cell=cell, person="employment__person_id", category="category_id"),
        )
        .order_by()
        .values_list(*COLUMNS)
    )
