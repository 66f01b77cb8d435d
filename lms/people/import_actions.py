"""Writing the good rows of a staff file, one chunk per transaction.

Running a chunk again changes nothing: the rows are planned against the register as it is, so what
an interrupted run has written is met as unchanged.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from lms.audit.actions import record
from lms.kit.crypto import lookup_hash
from lms.organisations.actions import ensure_places
from lms.organisations.models import Enterprise, Post, Team, Workshop
from lms.people.actions import allocate_staff_numbers, set_categories
from lms.people.import_plan import Plan
from lms.people.models import (
    Employment,
    EmploymentCategory,
    EmploymentType,
    LicenceDeclaration,
    PersonnelCategory,
    User,
)

Places = tuple[Workshop | None, Team | None, Post | None]


class PlaceBook:
    """Workshops, teams and posts by name, so that each is looked up once per file."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, str, str, str], Places] = {}
        self.enterprises: dict[int, Enterprise] = {}

    def enterprise(self, pk: int) -> Enterprise:
        """The row of an enterprise."""
        if pk not in self.enterprises:
            self.enterprises[pk] = Enterprise.objects.get(pk=pk)
        return self.enterprises[pk]

    def places(self, plan: Plan) -> Places:
        """What the row names, made where it is missing."""
        row = plan.row
        key = (row.enterprise_id, row.workshop, row.team, row.post)
        if key not in self.known:
            self.known[key] = ensure_places(
                enterprise=self.enterprise(row.enterprise_id),
                workshop=row.workshop,
                team=row.team,
                post=row.post,
                trade=row.trade,
            )
        return self.known[key]


@transaction.atomic
def write_chunk(
    *, plans: Sequence[Plan], book: PlaceBook, job_id: int, by: User, now: datetime, today: date
) -> dict[int, str]:
    """Write the rows of a chunk; returns the staff number by row number."""
    people = create_people(plans)
    numbers = dict(people_numbers(plans))
    numbers.update({row: person.username for row, person in people.items()})
    ids = {plan.row.number: people[plan.row.number].pk if plan.person is None else plan.person.pk for plan in plans}
    start_employments([plan for plan in plans if plan.kind in ("new", "joins")], ids, book, today)
    for plan in plans:
        if plan.kind == "changed":
            change_known(plan, book, today)
        elif plan.kind == "joins" and plan.person and not plan.keep_phone and plan.person.phone_hash != plan.phone_hash:
            change_phone(plan)
    declare_licences(plans, ids, today)
    written = [plan for plan in plans if plan.kind != "same"]
    if written:
        record(
            action="people.imported",
            by=by,
            now=now,
            enterprise_id=written[0].row.enterprise_id
            if len({plan.row.enterprise_id for plan in written}) == 1
            else None,
            detail={
                "job": job_id,
                "rows": [plans[0].row.number, plans[-1].row.number],
                **{kind: sum(plan.kind == kind for plan in plans) for kind in ("new", "joins", "changed", "same")},
            },
        )
    return numbers


def create_people(plans: Sequence[Plan]) -> dict[int, User]:
    """Accounts without a password for the new people, by row number."""
    fresh = [plan for plan in plans if plan.person is None]
    by_place: dict[int, list[Plan]] = {}
    for plan in fresh:
        by_place.setdefault(plan.row.enterprise_id, []).append(plan)
    made: dict[int, User] = {}
    taken = taken_emails(fresh)
    for enterprise_id, group in sorted(by_place.items()):
        numbers = allocate_staff_numbers(enterprise_id=enterprise_id, count=len(group))
        for plan, number in zip(group, numbers, strict=True):
            row = plan.row
            person = User(
                username=number,
                name=row.name,
                id_type=row.id_type,
                id_number=row.id_number,
                phone=row.phone,
                id_hash=plan.id_hash,
                phone_hash=plan.phone_hash,
            )
            if row.email and row.email not in taken:
                person.email = row.email
                taken.add(row.email)
            person.set_unusable_password()
            made[row.number] = person
    User.objects.bulk_create(made.values())
    return made


def taken_emails(plans: Sequence[Plan]) -> set[str]:
    """Addresses that somebody has; a second holder goes without."""
    wanted = {plan.row.email for plan in plans if plan.row.email}
    if not wanted:
        return set()
    return {email for email in User.objects.filter(email__in=wanted).values_list("email", flat=True) if email}


def people_numbers(plans: Sequence[Plan]) -> list[tuple[int, str]]:
    """Row number and staff number of those who were known before."""
    rows = {plan.person.pk: plan.row.number for plan in plans if plan.person}
    known = User.objects.filter(pk__in=rows).values_list("pk", "username") if rows else []
    return [(rows[pk], username) for pk, username in known]


def start_employments(plans: Sequence[Plan], ids: dict[int, int], book: PlaceBook, today: date) -> None:
    """Employments and categories of the new and the joining."""
    made: list[tuple[Plan, Employment]] = []
    for plan in plans:
        workshop, team, post = book.places(plan)
        row = plan.row
        made.append(
            (
                plan,
                Employment(
                    person_id=ids[row.number],
                    enterprise_id=row.enterprise_id,
                    workshop=workshop,
                    team=team,
                    post=post,
                    trade=row.trade,
                    employment_type=row.employment_type or EmploymentType.OWN,
                    employer_name=row.employer_name,
                    started_on=row.started_on or today,
                ),
            )
        )
    Employment.objects.bulk_create([employment for _plan, employment in made])
    EmploymentCategory.objects.bulk_create(
        [
            EmploymentCategory(employment=employment, category_id=category_id, valid_from=employment.started_on)
            for plan, employment in made
            for category_id in plan.row.category_ids
        ]
    )


def change_known(plan: Plan, book: PlaceBook, today: date) -> None:
    """Change what the row says differently; categories from today on, with their history."""
    known = plan.employment
    if known is None:
        return
    workshop, team, post = book.places(plan)
    row = plan.row
    said = {
        "workshop": workshop,
        "team": team,
        "post": post,
        "trade": row.trade,
        "employment_type": row.employment_type,
        "employer_name": row.employer_name,
    }
    fields = {name: value for name, value in said.items() if name in plan.changes}
    if fields:
        if "workshop" in fields and not row.team:
            fields["team"] = None  # a team belongs to its workshop
        Employment.objects.filter(pk=known.pk).update(**fields)
    if "categories" in plan.changes:
        set_categories(
            employment=Employment.objects.get(pk=known.pk),
            categories=list(PersonnelCategory.objects.filter(pk__in=row.category_ids)),
            from_day=max(today, known.started_on),
        )
    if "phone" in plan.changes:
        change_phone(plan)


def change_phone(plan: Plan) -> None:
    """The phone of a known person."""
    if plan.person is not None:
        person = User.objects.get(pk=plan.person.pk)
        person.phone, person.phone_hash = plan.row.phone, plan.phone_hash
        person.save(update_fields=["phone", "phone_hash"])


def declare_licences(plans: Sequence[Plan], ids: dict[int, int], today: date) -> None:
    """Licences as declared; the same licence again only updates its date."""
    rows = [plan.row for plan in plans if plan.row.licence_category]
    if not rows:
        return
    known = {
        (licence.person_id, licence.trade_category, licence.number_hash): licence
        for licence in LicenceDeclaration.objects.filter(person_id__in=[ids[row.number] for row in rows]).defer(
            "number"
        )
    }
    fresh: list[LicenceDeclaration] = []
    for row in rows:
        number_hash = lookup_hash("licence", row.licence_number) if row.licence_number else ""
        found = known.get((ids[row.number], row.licence_category, number_hash))
        if found is None:
            fresh.append(
                LicenceDeclaration(
                    person_id=ids[row.number],
                    trade_category=row.licence_category,
                    number=row.licence_number,
                    number_hash=number_hash,
                    valid_until=row.licence_until,
                    declared_on=today,
                )
            )
        elif row.licence_until and found.valid_until != row.licence_until:
            LicenceDeclaration.objects.filter(pk=found.pk).update(valid_until=row.licence_until, declared_on=today)
    LicenceDeclaration.objects.bulk_create(fresh)
