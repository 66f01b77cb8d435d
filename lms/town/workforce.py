"""Writing people: accounts, employments, categories, roles, declared licences."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import TypeVar

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from lms.access.models import RoleAssignment
from lms.access.roles import Role
from lms.kit.crypto import lookup_hash
from lms.organisations.models import Enterprise
from lms.people.models import Employment, EmploymentCategory, LicenceDeclaration, PersonnelCategory, User
from lms.people.numbering import staff_number
from lms.town.blueprint import HISTORY_STARTS, EnterprisePlan
from lms.town.characters import cast
from lms.town.geography import Places, write_places
from lms.town.names import citizen_id, phone
from lms.town.people import Job, Person
from lms.town.profiles import Profile
from lms.town.roster import RosterMaker
from lms.town.streams import Streams

T = TypeVar("T")
ENTERPRISES_AT_ONCE = 40
ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Staffed:
    """An enterprise with everybody who works or worked there."""

    plan: EnterprisePlan
    enterprise: Enterprise
    jobs: list[Job]

    def on(self, day: date) -> list[Job]:
        """The jobs in force on a day."""
        return [job for job in self.jobs if job.on(day)]


def portions(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most `size`."""
    source = iter(rows)
    while portion := list(islice(source, size)):
        yield portion


class Workforce:
    """Writes the people of the town, some enterprises at a time."""

    def __init__(self, streams: Streams, *, today: date, password: str) -> None:
        self.streams, self.today, self.password = streams, today, password
        self.categories = {row.code: row.pk for row in PersonnelCategory.objects.all()}
        self.next_number = 1
        self.leaver: Job | None = None

    def write(self, plans: Sequence[EnterprisePlan], enterprises: Sequence[Enterprise]) -> list[Staffed]:
        """Everybody; returns them with their primary keys."""
        town: list[Staffed] = []
        for portion in portions(zip(plans, enterprises, strict=True), ENTERPRISES_AT_ONCE):
            staffed = [Staffed(plan, enterprise, self.jobs(plan)) for plan, enterprise in portion]
            self.write_portion(staffed)
            town += staffed
        return town

    def jobs(self, plan: EnterprisePlan) -> list[Job]:
        """The people of one enterprise, cast and numbered; one or the other came from the enterprise before."""
        maker = RosterMaker(plan, self.streams, first_number=self.next_number, today=self.today)
        jobs = maker.make()
        self.next_number = maker.next_number
        cast(plan.code, jobs, today=self.today)
        number_staff(plan.code, [job.person for job in jobs])
        self.move_somebody(jobs)
        return jobs

    def move_somebody(self, jobs: list[Job]) -> None:
        """Who left the enterprise before starts here some weeks later: one account, two employments."""
        if self.leaver is not None and self.leaver.ended is not None:
            start = self.leaver.ended + timedelta(days=24)
            model = next(
                (job for job in jobs if job.manual and job.team and job.type == "own" and not job.licence), None
            )
            if model is not None and start < self.today:
                jobs.append(follow(self.leaver.person, model, start))
        self.leaver = next((job for job in jobs if job.ended and job.manual and not job.licence), None)

    def write_portion(self, staffed: Sequence[Staffed]) -> None:
        """Places, accounts, employments and what hangs on them."""
        places = write_places([(row.enterprise, row.jobs) for row in staffed])
        fresh = {job.person.number: job.person for row in staffed for job in row.jobs if not job.person.pk}
        write_accounts(list(fresh.values()), password=self.password)
        for row in staffed:
            own = (job.person.staff_number.rpartition("-") for job in row.jobs)
            row.enterprise.last_staff_number = max(int(tail) for code, _, tail in own if code == row.plan.code)
        Enterprise.objects.bulk_update([row.enterprise for row in staffed], ["last_staff_number"])
        pairs = [(row.enterprise, job) for row in staffed for job in row.jobs]
        write_employments(pairs, places)
        EmploymentCategory.objects.bulk_create(
            (
                EmploymentCategory(
                    employment_id=job.pk,
                    category_id=self.categories[spell.category],
                    valid_from=spell.start,
                    valid_until=spell.until,
                )
                for _, job in pairs
                for spell in job.spells
            ),
            batch_size=ROWS,
        )
        RoleAssignment.objects.bulk_create(role_rows(pairs, places), batch_size=ROWS)
        for row in staffed:
            chance = self.streams.of("licences", row.plan.code)
            LicenceDeclaration.objects.bulk_create(licence_rows(row, chance, today=self.today))


def number_staff(code: str, people: Sequence[Person]) -> None:
    """Staff numbers in order, around those that characters have already."""
    taken = {person.staff_number for person in people if person.staff_number}
    free = (number for number in (staff_number(code, running) for running in range(1, 10**6)) if number not in taken)
    for person in people:
        person.staff_number = person.staff_number or next(free)


def follow(person: Person, model: Job, start: date) -> Job:
    """A job like another one for somebody who comes from elsewhere."""
    job = Job(person, model.workshop, model.post, model.trade, start, team=model.team)
    job.spells = [type(model.spells[0])("frontline", start)]
    return job


def write_accounts(people: Sequence[Person], *, password: str) -> None:
    """Accounts with encrypted numbers; who never signed in has no password yet."""
    rows = []
    for person in people:
        user = User(
            username=person.staff_number,
            name=person.name,
            password=password if person.activated or person.first_login else unusable(person.number),
            must_change_password=person.first_login,
        )
        number, mobile = citizen_id(person.number, person.born, female=person.female), phone(person.number)
        user.set_identity(id_type=user.id_type, id_number=number, phone=mobile)
        rows.append(user)
    for person, user in zip(people, User.objects.bulk_create(rows, batch_size=ROWS), strict=True):
        person.pk = user.pk


def unusable(number: int) -> str:
    """What stands for a password where nobody has chosen one."""
    return f"{UNUSABLE_PASSWORD_PREFIX}{number:040d}"


def write_employments(pairs: Sequence[tuple[Enterprise, Job]], places: Places) -> None:
    """Employments with workshop, team and post."""
    rows = [
        Employment(
            person_id=job.person.pk,
            enterprise=enterprise,
            employment_type=job.type,
            employer_name=job.employer,
            workshop=places.workshops[enterprise.pk, job.workshop],
            team=places.teams[enterprise.pk, job.workshop, job.team] if job.team else None,
            post=places.posts[enterprise.pk, job.post],
            trade=job.trade,
            started_on=job.started,
            ended_on=job.ended,
        )
        for enterprise, job in pairs
    ]
    for (_, job), row in zip(pairs, Employment.objects.bulk_create(rows, batch_size=ROWS), strict=True):
        job.pk = row.pk


def role_rows(pairs: Sequence[tuple[Enterprise, Job]], places: Places) -> list[RoleAssignment]:
    """Roles as the jobs say; a leader of a team leads from the day on which the category begins."""
    rows = []
    for enterprise, job in pairs:
        for role in job.roles:
            since = next((spell.start for spell in job.spells if spell.category == role), job.started)
            team = places.teams[enterprise.pk, job.workshop, job.team] if role == Role.TEAM_LEADER else None
            rows.append(
                RoleAssignment(
                    person_id=job.person.pk,
                    role=role,
                    enterprise=enterprise,
                    team=team,
                    valid_from=max(since, HISTORY_STARTS),
                    valid_until=job.ended,
                )
            )
    return rows


def licence_rows(row: Staffed, chance: Random, *, today: date) -> list[LicenceDeclaration]:
    """Declared licences of the special operators: some expired, some about to, a few without a number."""
    return [
        licence(job, row.plan.profile, chance, today=today)
        for job in row.jobs
        if any(spell.category == "special_operator" for spell in job.spells)
    ]


def licence(job: Job, profile: Profile, chance: Random, *, today: date) -> LicenceDeclaration:
    """One declaration; the number is T and the ID number, as usual."""
    person = job.person
    draw = chance.random()
    if draw < profile.expired:
        valid_until = today - timedelta(days=chance.randint(3, 300))
    elif draw < profile.expired + 0.07:
        valid_until = today + timedelta(days=chance.randint(4, 88))
    else:
        valid_until = today + timedelta(days=chance.randint(120, 5 * 365))
    known = chance.random() > profile.expired / 3
    number = f"T{citizen_id(person.number, person.born, female=person.female)}" if known else ""
    return LicenceDeclaration(
        person_id=person.pk,
        trade_category=job.licence or "低压电工作业",
        number=number,
        number_hash=lookup_hash("licence", number) if number else "",
        valid_until=valid_until,
        declared_on=max(job.started, HISTORY_STARTS),
    )
