"""Writing people: categories, accounts, employments."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from lms.audit.actions import record
from lms.kit.db import StaleState
from lms.organisations.models import Enterprise, Post, Team, Workshop
from lms.people.models import (
    Employment,
    EmploymentCategory,
    EmploymentType,
    PersonnelCategory,
    PersonnelScheme,
    User,
)
from lms.people.numbering import staff_number
from lms.people.starter import CategoryRow, SchemeRow


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is; numbers in the clear, they are encrypted when saved."""

    name: str
    id_type: str
    id_number: str
    phone: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an enterprise somebody works, and how."""

    enterprise: Enterprise
    workshop: Workshop | None = None
    team: Team | None = None
    post: Post | None = None
    trade: str = ""
    employment_type: str = EmploymentType.OWN
    employer_name: str = ""


@transaction.atomic
def load_categories(*, categories: Iterable[CategoryRow], schemes: Iterable[SchemeRow]) -> int:
    """Add the categories and schemes that are missing; edited ones stay. Returns the number added."""
    added = 0
    for row in categories:
        added += PersonnelCategory.objects.get_or_create(
            code=row.code, defaults={"name": row.name, "position": row.position}
        )[1]
    for scheme_row in schemes:
        scheme, created = PersonnelScheme.objects.get_or_create(
            code=scheme_row.code,
            defaults={
                "name": scheme_row.name,
                "source": scheme_row.source,
                "effective_from": scheme_row.effective_from,
            },
        )
        if created:
            scheme.categories.set(PersonnelCategory.objects.filter(code__in=scheme_row.categories))
            added += 1
    return added


def allocate_staff_numbers(*, enterprise_id: int, count: int) -> list[str]:
    """Take the next `count` free staff numbers of an enterprise; call inside a transaction, it locks the row."""
    enterprise = Enterprise.objects.select_for_update().get(pk=enterprise_id)
    found: list[str] = []
    while len(found) < count:
        start = enterprise.last_staff_number + 1
        wanted = [staff_number(enterprise.code, start + step) for step in range(count - len(found))]
        taken = set(User.objects.filter(username__in=wanted).values_list("username", flat=True))
        found += [number for number in wanted if number not in taken]
        enterprise.last_staff_number += len(wanted)
    enterprise.save(update_fields=["last_staff_number"])
    return found


@transaction.atomic
def employ(
    *,
    identity: Identity,
    place: Place,
    categories: Collection[PersonnelCategory],
    started_on: date,
    by: User | None,
    now: datetime,
) -> Employment:
    """Put somebody on the roster of an enterprise; makes the account when the ID number is new.

    A known person keeps the account; the unique constraint refuses a second open employment there.
    """
    fresh = User(name=identity.name, email=identity.email or None)
    fresh.set_identity(id_type=identity.id_type, id_number=identity.id_number, phone=identity.phone)
    person = User.objects.filter(id_hash=fresh.id_hash).first() if fresh.id_hash else None
    if person is None:
        person = fresh
        person.username = allocate_staff_numbers(enterprise_id=place.enterprise.pk, count=1)[0]
        person.set_unusable_password()
        person.save()
    employment = Employment.objects.create(
        person=person,
        enterprise=place.enterprise,
        workshop=place.workshop,
        team=place.team,
        post=place.post,
        trade=place.trade,
        employment_type=place.employment_type,
        employer_name=place.employer_name,
        started_on=started_on,
    )
    set_categories(employment=employment, categories=categories, from_day=started_on)
    record(
        action="employment.started",
        by=by,
        now=now,
        target=employment,
        enterprise_id=place.enterprise.pk,
        detail={"person": person.pk, "categories": sorted(category.code for category in categories)},
    )
    return employment


@transaction.atomic
def change_employment(
    *,
    employment: Employment,
    place: Place,
    categories: Collection[PersonnelCategory],
    from_day: date,
    by: User,
    now: datetime,
) -> None:
    """Move somebody inside the enterprise and change the categories from a day on."""
    wanted = {
        "workshop": place.workshop,
        "team": place.team,
        "post": place.post,
        "trade": place.trade,
        "employment_type": place.employment_type,
        "employer_name": place.employer_name,
    }
    changed = sorted(name for name, value in wanted.items() if getattr(employment, name) != value)
    for name in changed:
        setattr(employment, name, wanted[name])
    if changed:
        employment.save(update_fields=changed)
    moved = set_categories(employment=employment, categories=categories, from_day=from_day)
    if changed or moved:
        record(
            action="employment.changed",
            by=by,
            now=now,
            target=employment,
            enterprise_id=employment.enterprise_id,
            detail={"fields": changed, "categories": sorted(category.code for category in categories)},
        )


@transaction.atomic
def end_employment(*, employment: Employment, last_day: date, by: User, now: datetime, reason: str) -> None:
    """Note the last day; from the next day on the person is in no denominator. Records stay."""
    if last_day < employment.started_on:
        raise ValueError("the last day lies before the first")
    employment.ended_on = last_day
    employment.save(update_fields=["ended_on"])
    record(
        action="employment.ended",
        by=by,
        now=now,
        target=employment,
        enterprise_id=employment.enterprise_id,
        reason=reason,
        detail={"person": employment.person_id, "last_day": last_day.isoformat()},
    )


def set_categories(*, employment: Employment, categories: Collection[PersonnelCategory], from_day: date) -> bool:
    """Make `categories` the ones in force from a day on, keeping the history. Returns whether anything changed.

    Call inside a transaction.
    """
    wanted = {category.pk for category in categories}
    open_periods = list(employment.category_periods.filter(valid_until__isnull=True))
    ending = [period for period in open_periods if period.category_id not in wanted]
    for period in ending:
        period.valid_until = from_day - timedelta(days=1)
        period.save(update_fields=["valid_until"])
    adding = wanted - {period.category_id for period in open_periods}
    for category_id in adding:
        EmploymentCategory.objects.update_or_create(
            employment=employment, category_id=category_id, valid_from=from_day, defaults={"valid_until": None}
        )
    return bool(ending or adding)


@transaction.atomic
def correct_identity(*, person: User, identity: Identity, by: User, now: datetime, reason: str) -> None:
    """Correct name, numbers or e-mail; which ones is audited, their values are not."""
    changed = [
        name
        for name in ("name", "id_type", "id_number", "phone", "email")
        if (getattr(person, name) or "") != getattr(identity, name)
    ]
    if not changed:
        return
    person.name, person.email = identity.name, identity.email or None
    person.set_identity(id_type=identity.id_type, id_number=identity.id_number, phone=identity.phone)
    person.save(update_fields=["name", "email", "id_type", "id_number", "phone", "id_hash", "phone_hash"])
    record(action="person.corrected", by=by, now=now, target=person, reason=reason, detail={"fields": changed})


@transaction.atomic
def reveal_identity(*, person: User, by: User, now: datetime, reason: str) -> Identity:
    """The numbers in the clear, once; who looked and why is audited."""
    record(action="person.unmasked", by=by, now=now, target=person, reason=reason)
    return Identity(person.name, person.id_type, person.id_number, person.phone, person.email or "")


@transaction.atomic
def activate_account(*, person: User, password: str, now: datetime) -> None:
    """Set the first password of somebody who proved who they are; refuses an account that has one."""
    locked = User.objects.select_for_update().get(pk=person.pk)
    if not locked.awaits_activation:
        raise StaleState(f"account {person.pk} is already active")
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    record(action="account.activated", by=person, now=now, target=person)


@transaction.atomic
def reset_sign_in(*, person: User, by: User, now: datetime, reason: str) -> None:
    """Take the password away: the person chooses a new one by the facts of the roster. Ends all sessions."""
    person.set_unusable_password()
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    record(action="account.reset", by=by, now=now, target=person, reason=reason)
