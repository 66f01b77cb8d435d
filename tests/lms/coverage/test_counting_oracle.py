"""The database's counting against a plain reading of the definition, on random registers."""

import random
from datetime import date, timedelta

import pytest

from lms.coverage.counting import heat_map, ranking
from lms.coverage.models import Outcome
from lms.coverage.named import NamedAsk, named_people
from lms.coverage.tally import Tally
from lms.coverage.yardstick import Cell
from lms.organisations.models import Enterprise
from lms.organisations.scope import Scope
from lms.people.models import EmploymentCategory
from tests.factories.lms import UserFactory

TOWN = Scope(region_paths=("/bailing/",))
DAYS = [date(2026, month, 15) for month in (2, 5, 8, 11)]


def some_day(chance: random.Random, first: date, last: date) -> str:
    return (first + timedelta(days=chance.randrange((last - first).days + 1))).isoformat()


def build(register, chance: random.Random) -> None:
    """Twelve people in five enterprises, with everything that can go wrong."""
    places = [
        register.enterprise(
            name,
            *chance.sample([register.light, register.dust], chance.choice([1, 2])),
            closed_on=date(2026, 7, 1) if chance.random() < 0.3 else None,
            region=register.other_region if chance.random() < 0.2 else register.region,
        )
        for name in ("甲", "乙", "丙", "丁", "戊")
    ]
    for person in UserFactory.create_batch(12):
        for place in chance.sample(places, chance.choice([1, 1, 2])):
            since = some_day(chance, date(2025, 6, 1), date(2026, 6, 1))
            until = some_day(chance, date(2026, 6, 2), date(2026, 12, 31)) if chance.random() < 0.3 else None
            job = register.employ(place, person=person, since=since, until=until)
            first, second = chance.sample([register.principal, register.manager], 2)
            change = some_day(chance, date(2026, 6, 2), date(2026, 10, 1))
            register.classify(job, first, since=since, until=change if chance.random() < 0.4 else None)
            if chance.random() < 0.4:
                register.classify(job, second, since=change)
        for _ in range(chance.choice([0, 1, 2])):
            on = some_day(chance, date(2025, 11, 1), date(2026, 11, 1))
            later = (date.fromisoformat(on) + timedelta(days=chance.choice([0, 30, 200]))).isoformat()
            register.certify(
                person,
                chance.choice(["principals", "safety-managers", "confined-space"]),
                on,
                valid_until=later if chance.random() < 0.4 else None,
                withdrawn_on=later if chance.random() < 0.3 else None,
            )


def plain_reading(definition, day: date, enterprises) -> list[tuple[int, int, int, bool]]:
    """(person, category, enterprise, has it) of everybody concerned on a day, read row by row."""
    stick = definition.yardstick
    subjects = {rule.category_id: rule.subjects for rule in stick.rules}
    found = []
    for period in EmploymentCategory.objects.select_related("employment"):
        job = period.employment
        place = next((row for row in enterprises if row.pk == job.enterprise_id), None)
        if place is None or place.registered_on > day or (place.closed_on and place.closed_on <= day):
            continue
        if job.started_on > day or (job.ended_on and job.ended_on < day):
            continue
        if period.valid_from > day or (period.valid_until and period.valid_until < day):
            continue
        if period.category_id not in subjects:
            continue
        has = any(
            row.kind in stick.kinds
            and row.subject in subjects[period.category_id]
            and stick.counts_from <= row.achieved_on <= min(day, stick.counts_until)
            and (row.valid_until is None or row.valid_until >= day)
            and (row.withdrawn_on is None or row.withdrawn_on > day)
            for row in Outcome.objects.filter(person_id=job.person_id)
        )
        found.append((job.person_id, period.category_id, job.enterprise_id, has))
    return found


def tally(rows) -> Tally:
    people, lacking = {row[0] for row in rows}, {row[0] for row in rows if not row[3]}
    return Tally(len(people), len(people) - len(lacking))


@pytest.mark.parametrize("seed", range(6))
def test_counting_agrees_with_a_plain_reading_of_the_definition(register, seed):
    build(register, random.Random(seed))
    definition = register.definition()
    enterprises = list(Enterprise.objects.filter(region=register.region).prefetch_related("industries"))
    industries = {row.pk: {industry.pk for industry in row.industries.all()} for row in enterprises}
    for day in DAYS:
        rows = plain_reading(definition, day, enterprises)
        found = heat_map(definition.yardstick, on=day, scope=TOWN)
        assert found.total == tally(rows)
        assert found.categories == {pk: tally([row for row in rows if row[1] == pk]) for pk in {row[1] for row in rows}}
        for (category, industry), counted in found.cells.items():
            cell = [row for row in rows if row[1] == category and industry in industries[row[2]]]
            assert counted == tally(cell)
            for show, number in (("missing", counted.missing), ("covered", counted.covered), ("all", counted.eligible)):
                ask = NamedAsk(definition, day, Cell(category, industry), TOWN, show)
                assert named_people(ask).count() == number
        listed = ranking(definition.yardstick, on=day, scope=TOWN, first=0, size=99)
        assert {row.enterprise_id: row.tally for row in listed if row.tally.eligible} == {
            pk: tally([row for row in rows if row[2] == pk]) for pk in {row[2] for row in rows}
        }
