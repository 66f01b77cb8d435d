"""The names behind a number: who should, who has, who has not, and on what evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db.models import Q, QuerySet

from lms.coverage.evidence import Achievement, Evidence, evidence
from lms.coverage.models import Outcome
from lms.coverage.roster import employments, roster_values
from lms.coverage.yardstick import Cell, Definition
from lms.organisations.scope import Scope
from lms.people.models import Employment, User

Show = Literal["missing", "covered", "all"]


@dataclass(frozen=True, slots=True)
class NamedAsk:
    """Which list: of what, when, of which part of the register, within whose view."""

    definition: Definition
    on: date
    cell: Cell
    scope: Scope
    show: Show = "missing"
    text: str = ""

    @property
    def day(self) -> date:
        """The day counted on."""
        return self.definition.yardstick.day(self.on)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person of the list. `places` are the employments that make the person count."""

    person: User
    places: Sequence[Employment]
    evidence: Sequence[Evidence]

    @property
    def met(self) -> bool:
        """Whether nothing is lacking."""
        return all(row.met for row in self.evidence)


def named_people(ask: NamedAsk) -> QuerySet[User]:
    """The people of a list, in order of staff numbers."""
    rows = roster_values(ask.definition.yardstick, on=ask.day, scope=ask.scope, cell=ask.cell)
    found = User.objects.order_by("username")
    if ask.show in ("missing", "all"):
        wanted = rows.filter(met=0) if ask.show == "missing" else rows
        found = found.filter(pk__in=wanted.values("person_id"))
    else:
        found = found.filter(pk__in=rows.values("person_id")).exclude(pk__in=rows.filter(met=0).values("person_id"))
    if ask.text:
        at = meant_employments(ask).filter(
            Q(enterprise__name__icontains=ask.text) | Q(enterprise__short_name__icontains=ask.text)
        )
        found = found.filter(
            Q(name__icontains=ask.text) | Q(username__icontains=ask.text) | Q(pk__in=at.values("person_id"))
        )
    return found


def meant_employments(ask: NamedAsk) -> QuerySet[Employment]:
    """The employments that the list looks at, whatever the category."""
    return employments(ask.definition.yardstick, on=ask.day, scope=ask.scope, cell=ask.cell)


def person_lines(people: Sequence[User], ask: NamedAsk) -> list[PersonLine]:
    """What a list says about these people; three queries whatever their number."""
    ids = [person.pk for person in people]
    stick = ask.definition.yardstick
    rows: QuerySet[Any, Any] = roster_values(stick, on=ask.day, scope=ask.scope, cell=ask.cell)
    meant = set(rows.filter(person_id__in=ids).values_list("person_id", "category_id", "enterprise_id"))
    places = meant_employments(ask).filter(person_id__in=ids).select_related("enterprise", "team", "post")
    subjects = {subject for rule in stick.rules for subject in rule.subjects}
    ledger = Outcome.objects.filter(person_id__in=ids, kind__in=stick.kinds, achieved_on__lte=ask.day)
    if subjects:
        ledger = ledger.filter(subject__in=subjects)
    achieved: dict[int, list[Achievement]] = {pk: [] for pk in ids}
    columns = ("person_id", "subject", "title", "achieved_on", "valid_until", "withdrawn_on")
    for person_id, *values in ledger.order_by().values_list(*columns):
        achieved[person_id].append(Achievement(*values))
    at: dict[int, list[Employment]] = {pk: [] for pk in ids}
    for place in places.order_by("started_on"):
        if any((place.person_id, rule.category_id, place.enterprise_id) in meant for rule in stick.rules):
            at[place.person_id].append(place)
    held_categories = {(person_id, category_id) for person_id, category_id, _ in meant}
    return [
        PersonLine(
            person=person,
            places=at[person.pk],
            evidence=[
                evidence(achieved[person.pk], rule, stick, on=ask.day)
                for rule in stick.rules
                if (person.pk, rule.category_id) in held_categories
            ],
        )
        for person in people
    ]
