"""The town before it is written: sizes, people, sittings. No database."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from exams.attempts.grading import Item
from exams.bank.grading import verdict
from lms.kit.identifiers import id_number_error, is_mobile, is_uscc
from lms.town.blueprint import Size, plan_enterprises
from lms.town.calendar import next_quarter, seasons
from lms.town.names import citizen_id, credit_code, phone
from lms.town.roster import RosterMaker
from lms.town.sittings import Task, copied, exact_score, right, timeline, wrong
from lms.town.streams import Streams, whole_parts

TODAY = date(2026, 11, 24)


def task(
    position: int, type_: str, points: int, key: set[str], options: tuple[str, ...] = ("a", "b", "c", "d")
) -> Task:
    lures = tuple(name for name in options if name not in key)
    return Task(Item(position, type_, list(key), Decimal(points)), 2, options, lures)


TASKS = [task(n, "single", 4, {"a"}) for n in range(1, 17)] + [
    *(task(n, "multiple", 4, {"a", "b"}) for n in range(17, 23)),
    *(task(n, "true_false", 2, {"true"}, ("true", "false")) for n in range(23, 29)),
]


def test_streams_do_not_depend_on_one_another():
    streams = Streams(5)
    assert streams.of("a").random() == Streams(5).of("a").random()
    assert streams.of("a").random() != streams.of("b").random()
    assert streams.of("a").random() != Streams(6).of("a").random()


@pytest.mark.parametrize(("total", "weights"), [(10, [1, 1, 1]), (2000, [190, 110, 75]), (7, [5, 0, 1])])
def test_parts_add_up(total, weights):
    assert sum(whole_parts(total, weights)) == total


def test_numbers_of_people_are_unique_and_right():
    ids = {citizen_id(number, date(1980, 2, 29), female=number % 2 == 0) for number in range(2000)}
    assert len(ids) == 2000
    assert {id_number_error(number) for number in ids} == {None}
    assert len({phone(number) for number in range(5000)}) == 5000
    assert all(is_mobile(phone(number)) for number in (0, 1, 99_999_999))
    assert is_uscc(credit_code(3000))


@pytest.mark.parametrize("scale", [1, 10])
def test_a_scale_multiplies_enterprises_and_people(scale):
    plans = plan_enterprises(Size.of_scale(scale), Streams(1))
    assert len(plans) == 30 * scale
    assert sum(plan.people for plan in plans) == 2000 * scale
    for unique in ("code", "name", "uscc"):
        assert len({getattr(plan, unique) for plan in plans}) == len(plans)


def test_the_town_has_twelve_industries_the_special_fields_and_every_profile():
    plans = plan_enterprises(Size.of_scale(1), Streams(1))
    assert len({plan.industry for plan in plans}) >= 12
    assert {code for plan in plans for code in plan.special} == {"dust", "ammonia", "confined-space"}
    assert {plan.profile.code for plan in plans} == {"exemplary", "steady", "average", "lagging", "fake", "zero"}


def test_a_roster_has_the_people_that_were_planned_and_all_forms_of_employment():
    plans = plan_enterprises(Size.of_scale(1), Streams(1))
    jobs = [job for plan in plans for job in RosterMaker(plan, Streams(1), first_number=1, today=TODAY).make()]
    assert len(jobs) == 2000
    assert {job.type for job in jobs} == {"own", "dispatched", "flexible", "contractor"}
    assert all(job.employer for job in jobs if job.type in ("dispatched", "contractor"))
    assert all(job.ended is None or job.ended >= job.started for job in jobs)
    assert all(spell.start >= job.started for job in jobs for spell in job.spells)


def test_seasons_follow_one_another_up_to_yesterday():
    found = seasons(TODAY)
    assert found[0].first == date(2024, 11, 1)
    assert found[-1].last == date(2026, 11, 23)
    assert all(next_quarter(a.first) == b.first for a, b in pairwise(found))
    assert all(season.first <= row.opens for season in found for row in season.rounds)


def test_exactly_so_many_points_are_lost():
    given = exact_score(TASKS, 26, Streams(1).of("x"))
    items = [task.item for task in TASKS]
    earned = sum(
        verdict(i.type, i.key, given[i.position], points=i.points, multiple_rule="all_or_nothing").earned for i in items
    )
    assert earned == 100 - 26


def test_wrong_is_never_right():
    chance = Streams(1).of("wrong")
    assert all(set(wrong(t, chance)) != set(t.item.key) and wrong(t, chance) for t in TASKS for _ in range(50))


def test_copied_answers_share_their_mistakes():
    streams = Streams(3)
    sheets = [copied(TASKS, streams.of("sheet"), streams.of("person", n)) for n in range(20)]
    mistakes = [frozenset(t.item.position for t in TASKS if sheet[t.item.position] != right(t)) for sheet in sheets]
    shared = frozenset.intersection(*mistakes)
    assert len(shared) == 2


def test_a_sitting_ends_within_its_time_with_the_given_answers():
    given = {t.item.position: right(t) for t in TASKS}
    marks = timeline(TASKS, given, seed=9, seconds=600, chance=Streams(1).of("t"))
    assert marks[-1].second < 600
    assert [mark.second for mark in marks] == sorted(mark.second for mark in marks)
    assert {mark.position: mark.response for mark in marks} == given
