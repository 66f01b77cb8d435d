"""From an address to a question: which requirement, day, part of the register, and in whose view."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.http import Http404
from django.shortcuts import get_object_or_404

from lms.coverage.board import Ask
from lms.coverage.counting import Cut, tallies
from lms.coverage.forms import OverviewForm, PeopleForm
from lms.coverage.models import Requirement
from lms.coverage.named import NamedAsk
from lms.coverage.queries import begun, current, definitions, industry_names, staff_measures
from lms.coverage.tally import Goal, Tally, goal_for
from lms.coverage.yardstick import ANY_CATEGORY, WHOLE, Cell, Definition
from lms.organisations.models import Enterprise
from lms.organisations.scope import Scope

DEFAULT_SCHEME = "clause-11"


@dataclass(frozen=True, slots=True)
class Scheme:
    """One of the meanings of 三类人员 to choose from."""

    code: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """An overview address, understood. `ask` is None while nothing is required of anybody."""

    form: OverviewForm
    ask: Ask | None
    definitions: Sequence[Definition]
    industries: Mapping[int, str]
    schemes: Sequence[Scheme]


def workplace(scope: Scope) -> Scope:
    """The part of a scope that the workbench shows: one's own enterprises and teams."""
    if scope.everything:
        return scope
    return Scope(person_id=scope.person_id, enterprise_ids=scope.enterprise_ids, team_ids=scope.team_ids)


def open_overview(params: Mapping[str, str], scope: Scope, *, today: date, cell: Cell = WHOLE) -> Opened:
    """Read the address of an overview; six queries."""
    found, industries = definitions(), industry_names()
    form = OverviewForm(params, today=today, industries=industries)
    form.is_valid()
    chosen = current(found, on=form.day, scheme=form.get("scheme") or DEFAULT_SCHEME) or current(found, on=form.day)
    names = {row.scheme_code: row.scheme_name for row in begun(found, Requirement.Kind.SCHEME, on=form.day)}
    schemes = [Scheme(code, name, chosen is not None and code == chosen.scheme_code) for code, name in names.items()]
    ask = Ask(chosen, form.day, scope, cell) if chosen else None
    return Opened(form, ask, found, industries, sorted(schemes, key=lambda row: (row.code != DEFAULT_SCHEME, row.code)))


def table_ask(opened: Opened) -> Ask | None:
    """The question of the table of enterprises: filtered by industry."""
    if opened.ask is None:
        return None
    return replace(opened.ask, cell=replace(opened.ask.cell, industry_id=opened.form.get("industry")))


@dataclass(frozen=True, slots=True)
class OpenedPeople:
    """A list's address, understood."""

    form: PeopleForm
    ask: NamedAsk
    definitions: Sequence[Definition]
    industries: Mapping[int, str]
    categories: Mapping[int, str]
    enterprise: Enterprise | None

    @property
    def goal(self) -> Goal | None:
        """The target of the day."""
        return goal_for(list(self.ask.definition.goals), self.ask.day)

    @property
    def where(self) -> str:
        """What the list is of: requirement × enterprise × industry × category."""
        cell = self.ask.cell
        parts = [
            self.ask.definition.list_name,
            self.enterprise.short_name if self.enterprise else "",
            self.industries.get(cell.industry_id or 0, ""),
            self.categories.get(cell.category_id or 0, ""),
        ]
        return " × ".join(part for part in parts if part)

    def total(self) -> Tally:
        """The number that the list stands behind, whatever part of it is shown."""
        ask = self.ask
        return tallies([Cut("all", ask.definition.yardstick, ask.day, ask.cell)], scope=ask.scope)["all"]


def open_people(params: Mapping[str, str], scope: Scope, *, today: date) -> OpenedPeople:
    """Read the address of a named list; an unknown requirement or a foreign enterprise is a 404."""
    found, industries = definitions(), industry_names()
    categories = {rule.category_id: rule.name for row in found for rule in row.yardstick.rules}
    form = PeopleForm(params, today=today, industries=industries, categories=categories)
    form.is_valid()
    choices = [*found, *staff_measures(on=form.day)]
    wanted = form.get("requirement")
    chosen = (
        next((row for row in choices if row.code == wanted), None)
        if wanted
        else current(found, on=form.day, scheme=DEFAULT_SCHEME)
    )
    if chosen is None:
        raise Http404
    enterprise = None
    if form.get("enterprise"):
        enterprise = get_object_or_404(Enterprise.objects.within(scope), pk=form.get("enterprise"))
    cell = Cell(form.get("category"), form.get("industry"), (enterprise.pk,) if enterprise else ())
    ask = NamedAsk(chosen, form.day, cell, scope, form.get("show") or "missing", form.get("q") or "")
    own = {rule.category_id: rule.name for rule in chosen.yardstick.rules if rule.category_id != ANY_CATEGORY}
    return OpenedPeople(form, ask, choices, industries, own, enterprise)
