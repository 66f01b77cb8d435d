"""Who is counted and who is covered, on any day: examples worked by hand."""

from datetime import date

import pytest

from lms.coverage.counting import Cut, enterprise_trends, heat_map, ranking, tallies
from lms.coverage.monthends import month_ends
from lms.coverage.queries import idle_enterprises
from lms.coverage.tally import Tally
from lms.coverage.yardstick import Cell
from lms.organisations.scope import NOTHING, Scope
from lms.people.models import EmploymentType
from tests.factories.lms import TeamFactory, UserFactory, WorkshopFactory

TOWN = Scope(region_paths=("/bailing/",))


def test_covered_from_the_day_of_the_certificate(register, share):
    job = register.employ(register.enterprise("金石木业"), register.principal)
    register.certify(job.person, "principals", "05-12")
    assert [share("05-11"), share("05-12"), share("12-31")] == [(0, 1), (1, 1), (1, 1)]


def test_another_subject_another_kind_or_another_year_does_not_count(register, share):
    place = register.enterprise("金石木业")
    jobs = [register.employ(place, register.principal) for _ in range(3)]
    register.certify(jobs[0].person, "safety-managers", "03-01")
    register.certify(jobs[1].person, "principals", "03-01", kind="course_completed")
    register.certify(jobs[2].person, "principals", "2025-12-31", valid_until="2026-12-30")
    assert share("06-30") == (0, 3)


def test_an_expired_certificate_counts_through_its_last_day(register, share):
    job = register.employ(register.enterprise("金石木业"), register.principal)
    register.certify(job.person, "principals", "02-01", valid_until="05-31")
    assert [share("05-31"), share("06-01")] == [(1, 1), (0, 1)]


def test_a_withdrawn_certificate_still_counts_for_earlier_days(register, share):
    job = register.employ(register.enterprise("金石木业"), register.principal)
    register.certify(job.person, "principals", "02-01", withdrawn_on="05-31")
    assert [share("05-30"), share("05-31"), share("11-24")] == [(1, 1), (0, 1), (0, 1)]


def test_employed_from_the_first_to_the_last_day(register, share):
    register.employ(register.enterprise("金石木业"), register.principal, since="03-10", until="06-30")
    assert [share(day) for day in ("03-09", "03-10", "06-30", "07-01")] == [(0, 0), (0, 1), (0, 1), (0, 0)]


def test_an_achievement_after_leaving_changes_no_number(register, share):
    job = register.employ(register.enterprise("金石木业"), register.principal, until="06-30")
    register.certify(job.person, "principals", "08-01")
    assert [share("06-30"), share("08-01")] == [(0, 1), (0, 0)]


def test_a_new_employer_takes_over_what_was_achieved_before(register, share):
    first = register.employ(register.enterprise("金石木业"), register.principal, until="06-30")
    register.certify(first.person, "principals", "05-01")
    register.employ(register.enterprise("兴隆饲料"), register.principal, person=first.person, since="07-15")
    assert [share("06-30"), share("07-10"), share("07-15")] == [(1, 1), (0, 0), (1, 1)]


def test_a_changed_category_changes_what_is_asked(register, share):
    job = register.employ(register.enterprise("金石木业"))
    register.classify(job, register.principal, since="2024-01-01", until="05-31")
    register.classify(job, register.manager, since="06-01")
    register.certify(job.person, "principals", "03-01")
    found = heat_map(register.definition().yardstick, on=date(2026, 6, 1), scope=TOWN)
    assert [share("05-31"), share("06-01")] == [(1, 1), (0, 1)]
    assert found.categories == {register.manager.pk: Tally(1, 0)}


def test_a_closed_enterprise_leaves_the_denominator_on_the_day_it_closes(register, share):
    place = register.enterprise("金石木业", closed_on=date(2026, 9, 1))
    register.employ(place, register.principal)
    assert [share("08-31"), share("09-01")] == [(0, 1), (0, 0)]


def test_an_enterprise_counts_from_its_registration(register, share):
    place = register.enterprise("金石木业")
    place.registered_on = date(2026, 4, 1)
    place.save(update_fields=["registered_on"])
    register.employ(place, register.principal)
    assert [share("03-31"), share("04-01")] == [(0, 0), (0, 1)]


def test_dispatched_and_contract_workers_are_counted_by_the_host(register):
    host, agency = register.enterprise("金石木业"), register.enterprise("鑫筑劳务")
    for kind in (EmploymentType.DISPATCHED, EmploymentType.CONTRACTOR, EmploymentType.FLEXIBLE):
        register.employ(host, register.manager, employment_type=kind, employer_name=agency.name)
    rows = ranking(register.definition().yardstick, on=date(2026, 6, 1), scope=TOWN, first=0, size=10)
    assert {row.enterprise_id: row.tally for row in rows} == {host.pk: Tally(3, 0), agency.pk: Tally(0, 0)}


def test_a_person_in_two_enterprises_is_one_person_in_every_sum(register):
    dusty, plain = register.enterprise("金石木业", register.light, register.dust), register.enterprise("兴隆饲料")
    person = UserFactory()
    for place in (dusty, plain):
        register.employ(place, register.principal, person=person)
    register.certify(person, "principals", "03-01")
    found = heat_map(register.definition().yardstick, on=date(2026, 6, 1), scope=TOWN)
    rows = ranking(register.definition().yardstick, on=date(2026, 6, 1), scope=TOWN, first=0, size=10)
    assert found.total == Tally(1, 1)
    assert found.industries == {register.light.pk: Tally(1, 1), register.dust.pk: Tally(1, 1)}
    assert found.cells[register.principal.pk, register.light.pk] == Tally(1, 1)
    assert {row.enterprise_id: row.tally for row in rows} == {dusty.pk: Tally(1, 1), plain.pk: Tally(1, 1)}


def test_two_categories_are_both_asked_for_but_the_person_is_counted_once(register):
    job = register.employ(register.enterprise("金石木业"), register.principal, register.manager)
    register.certify(job.person, "principals", "03-01")
    stick = register.definition().yardstick
    half = heat_map(stick, on=date(2026, 6, 1), scope=TOWN)
    assert half.categories == {register.principal.pk: Tally(1, 1), register.manager.pk: Tally(1, 0)}
    assert half.total == Tally(1, 0)
    register.certify(job.person, "safety-managers", "04-01")
    assert heat_map(stick, on=date(2026, 6, 1), scope=TOWN).total == Tally(1, 1)


def test_repeated_certificates_and_employments_count_once(register, share):
    place, person = register.enterprise("金石木业"), UserFactory()
    register.employ(place, register.principal, person=person, until="12-31")
    register.employ(place, register.principal, person=person, since="06-01")
    register.certify(person, "principals", "03-01")
    register.certify(person, "principals", "04-01")
    assert share("07-01") == (1, 1)


def test_a_requirement_for_industries_looks_only_at_them(register, share):
    register.employ(register.enterprise("金石木业", register.light, register.dust), register.principal)
    register.employ(register.enterprise("兴隆饲料"), register.principal)
    register.requirement.industries.add(register.dust)
    assert share("06-01") == (0, 1)


def test_a_view_counts_only_what_it_sees(register, share):
    here, there = register.enterprise("金石木业"), register.enterprise("兴源机械", region=register.other_region)
    team = TeamFactory(workshop=WorkshopFactory(enterprise=here))
    register.employ(here, register.principal)
    register.employ(here, register.manager, team=team)
    register.employ(there, register.principal)
    seen = {
        "town": TOWN,
        "everything": Scope(everything=True),
        "committee": Scope(committee_ids=(here.sector_committee_id,)),
        "enterprise": Scope(enterprise_ids=(there.pk,)),
        "team": Scope(team_ids=(team.pk,)),
        "nothing": NOTHING,
    }
    counted = {name: share("06-01", scope)[1] for name, scope in seen.items()}
    assert counted == {"town": 2, "everything": 3, "committee": 2, "enterprise": 1, "team": 1, "nothing": 0}


def test_a_cell_of_the_heat_map_is_counted_alone_as_in_the_map(register):
    dusty = register.enterprise("金石木业", register.light, register.dust)
    for certified in (True, False, False):
        job = register.employ(dusty, register.manager)
        if certified:
            register.certify(job.person, "safety-managers", "03-01")
    register.employ(register.enterprise("兴隆饲料"), register.manager)
    stick, day = register.definition().yardstick, date(2026, 6, 1)
    cell = Cell(category_id=register.manager.pk, industry_id=register.dust.pk)
    alone = tallies([Cut("cell", stick, day, cell)], scope=TOWN)["cell"]
    assert alone == heat_map(stick, on=day, scope=TOWN).cells[register.manager.pk, register.dust.pk] == Tally(3, 1)


def test_the_worst_come_first_and_who_has_nobody_comes_last(register):
    places = [register.enterprise(name) for name in ("甲", "乙", "丙", "丁")]
    wanted = [(0, 1), (1, 2), (1, 1)]  # certified, employed; the fourth has nobody
    for place, (certified, employed) in zip(places, wanted, strict=False):
        for number in range(employed):
            job = register.employ(place, register.manager)
            if number < certified:
                register.certify(job.person, "safety-managers", "03-01")

    def order(sort, first=0, size=10):
        stick = register.definition().yardstick
        rows = ranking(stick, on=date(2026, 6, 1), scope=TOWN, sort=sort, first=first, size=size)
        return [next(place.short_name for place in places if place.pk == row.enterprise_id) for row in rows]

    assert order("worst") == ["甲", "乙", "丙", "丁"]
    assert order("best") == ["丙", "乙", "甲", "丁"]
    assert order("eligible") == ["乙", "甲", "丙", "丁"]
    assert order("worst", first=1, size=2) == ["乙", "丙"]


def test_a_trend_shows_every_month_as_it_was(register):
    place = register.enterprise("金石木业")
    first, second = (register.employ(place, register.manager) for _ in range(2))
    register.employ(place, register.manager, since="05-10")
    register.certify(first.person, "safety-managers", "03-15")
    register.certify(second.person, "safety-managers", "04-02", withdrawn_on="05-20")
    stick, days = register.definition().yardstick, month_ends(date(2026, 6, 15), 5)
    cuts = [Cut(day.isoformat(), stick, day) for day in days]
    by_hand = [Tally(2, 0), Tally(2, 1), Tally(2, 2), Tally(3, 1), Tally(3, 1)]  # end of 2, 3, 4, 5; 06-15
    assert list(tallies(cuts, scope=TOWN).values()) == by_hand
    assert enterprise_trends(cuts, [place.pk], scope=TOWN) == {place.pk: by_hand}


def test_idle_enterprises_are_those_of_the_register_where_nobody_learned(register):
    busy, idle, gone = (register.enterprise(name) for name in ("甲", "乙", "丙"))
    register.enterprise("丁", closed_on=date(2026, 2, 1))  # closed: not in the register any more
    empty = register.enterprise("戊")  # nobody employed: nobody learned
    learner, sleeper = register.employ(busy), register.employ(idle)
    leaver = register.employ(gone, until="03-31")
    register.certify(learner.person, "confined-space", "05-01", kind="course_completed")
    register.certify(sleeper.person, "confined-space", "2025-05-01", kind="course_completed")  # last year
    register.certify(leaver.person, "confined-space", "04-05", kind="exam_passed")  # after leaving
    found = idle_enterprises(TOWN, since=date(2026, 1, 1), on=date(2026, 6, 1))
    assert set(found.values_list("short_name", flat=True)) == {idle.short_name, gone.short_name, empty.short_name}
    before = idle_enterprises(TOWN, since=date(2026, 1, 1), on=date(2026, 1, 15))
    assert before.count() == 5


def test_learning_counts_for_every_enterprise_of_the_person(register):
    first, second = register.enterprise("甲"), register.enterprise("乙")
    person = UserFactory()
    for place in (first, second):
        register.employ(place, person=person)
    register.certify(person, "confined-space", "05-01", kind="course_completed")
    assert idle_enterprises(TOWN, since=date(2026, 1, 1), on=date(2026, 6, 1)).count() == 0


def test_withdrawn_learning_is_no_activity(register):
    job = register.employ(register.enterprise("甲"))
    register.certify(job.person, "confined-space", "02-01", kind="exam_passed", withdrawn_on="05-01")
    days = (date(2026, 4, 30), date(2026, 5, 1))
    assert [idle_enterprises(TOWN, since=date(2026, 1, 1), on=day).count() for day in days] == [0, 1]


@pytest.mark.parametrize("people", [1, 3])
def test_counting_costs_one_statement_whatever_the_number(register, people, django_assert_num_queries):
    place = register.enterprise("金石木业")
    for _ in range(people):
        job = register.employ(place, register.manager)
        register.certify(job.person, "safety-managers", "03-01")
    stick, day = register.definition().yardstick, date(2026, 6, 1)
    with django_assert_num_queries(1):
        heat_map(stick, on=day, scope=TOWN)
    with django_assert_num_queries(1):
        tallies([Cut(str(month), stick, month) for month in month_ends(day, 12)], scope=TOWN)
    with django_assert_num_queries(1):
        ranking(stick, on=day, scope=TOWN, first=0, size=10)
