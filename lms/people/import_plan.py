"""What an import would do with a row, given what is known (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _

from lms.people.importing import Problem, StaffRow

Kind = Literal["new", "joins", "changed", "same"]
KINDS: tuple[Kind, ...] = ("new", "joins", "changed", "same")


@dataclass(frozen=True, slots=True)
class KnownEmployment:
    """An open employment in one of the importer's enterprises, as the register has it."""

    pk: int
    enterprise_id: int
    workshop: str
    team: str
    post: str
    trade: str
    employment_type: str
    employer_name: str
    started_on: date
    category_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody whose ID number is registered."""

    pk: int
    name: str
    phone_hash: str | None
    employments: Mapping[int, KnownEmployment]
    """By enterprise, only those the importer keeps."""
    elsewhere: bool
    """Works elsewhere too, or holds a role there: then the phone is not the importer's to change."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the register says about the people of a chunk."""

    people: Mapping[str, KnownPerson]
    """By ID hash."""
    phones: Mapping[str, int]
    """Primary key of the holder by phone hash."""


@dataclass(slots=True)
class Seen:
    """What earlier rows of the same file said: row number by hash."""

    ids: dict[str, int] = field(default_factory=dict)
    phones: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """A row that will be imported, and as what."""

    row: StaffRow
    kind: Kind
    id_hash: str
    phone_hash: str
    person: KnownPerson | None
    changes: tuple[str, ...] = ()
    keep_phone: bool = False

    @property
    def employment(self) -> KnownEmployment | None:
        """The open employment that the row is about."""
        return self.person.employments.get(self.row.enterprise_id) if self.person else None


def plan_row(
    row: StaffRow, id_hash: str, phone_hash: str, known: Known, seen: Seen
) -> tuple[Plan | None, list[Problem]]:
    """Check a row against the register and the rows before it; (None, problems) when it cannot be imported."""
    problems = duplicates(row, id_hash, phone_hash, seen)
    person = known.people.get(id_hash)
    holder = known.phones.get(phone_hash)
    if holder is not None and (person is None or holder != person.pk):
        problems.append(complain(row, "phone", "phone", _("登记在别人名下，请核对号码。")))
    if person and person.name != row.name:
        problems.append(complain(row, "name", "name", _("这个证件号码登记的是另一个姓名，请核对姓名和号码。")))
    if any(problem.fatal for problem in problems):
        return None, problems
    seen.ids[id_hash] = row.number
    seen.phones[phone_hash] = row.number
    if person is None:
        return Plan(row, "new", id_hash, phone_hash, None), problems
    keep_phone = person.elsewhere and person.phone_hash != phone_hash
    if keep_phone:
        problems.append(
            complain(row, "phone", "phone", _("和系统里的不同；这个人在别处也有登记，手机号没有改。"), fatal=False)
        )
    employment = person.employments.get(row.enterprise_id)
    if employment is None:
        if person.elsewhere:
            problems.append(
                complain(
                    row,
                    "enterprise",
                    "elsewhere",
                    _("在别的单位也有在职登记，导入后两边都算在册；那边要自己办离职。"),
                    fatal=False,
                )
            )
        return Plan(row, "joins", id_hash, phone_hash, person, keep_phone=keep_phone), problems
    changes = changed_fields(row, employment)
    if person.phone_hash != phone_hash and not keep_phone:
        changes = ("phone", *changes)
    kind: Kind = "changed" if changes else "same"
    return Plan(row, kind, id_hash, phone_hash, person, changes, keep_phone), problems


def duplicates(row: StaffRow, id_hash: str, phone_hash: str, seen: Seen) -> list[Problem]:
    """The same person or the same phone earlier in the file."""
    if id_hash in seen.ids:
        return [
            complain(row, "id_number", "duplicate", _("和第 %(n)d 行是同一个人，只留一行。") % {"n": seen.ids[id_hash]})
        ]
    if phone_hash in seen.phones:
        return [complain(row, "phone", "duplicate", _("和第 %(n)d 行的手机号相同。") % {"n": seen.phones[phone_hash]})]
    return []


def complain(row: StaffRow, key: str, kind: str, reason: str, *, fatal: bool = True) -> Problem:
    """A problem of a row that could be read; the value is left out, it says nothing here."""
    return Problem(row.number, row.name, key, "", reason, kind, fatal)


def changed_fields(row: StaffRow, known: KnownEmployment) -> tuple[str, ...]:
    """What the row says differently. An empty cell says nothing, so it changes nothing."""
    said = {
        "workshop": row.workshop,
        "team": row.team,
        "post": row.post,
        "trade": row.trade,
        "employment_type": row.employment_type,
        "employer_name": row.employer_name,
    }
    changes = [name for name, value in said.items() if value and value != getattr(known, name)]
    if row.category_ids and row.category_ids != known.category_ids:
        changes.append("categories")
    return tuple(changes)
