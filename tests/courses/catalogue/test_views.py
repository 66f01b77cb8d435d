"""Staff pages: who sees and changes what."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from courses.catalogue.models import AssignmentRule
from lms.jobs.models import Job
from lms.kit.sheets import read_rows
from tests.conftest import Characters
from tests.factories.courses import AssignmentRuleFactory, CourseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ClientOf = Callable[[object], Client]

READERS = {
    "own_manager",
    "other_manager",
    "team_leader",
    "trainer",
    "town_supervisor",
    "other_town_supervisor",
    "sector_supervisor",
    "other_sector_supervisor",
    "auditor",
    "administrator",
}
ASSIGNERS = READERS - {"team_leader", "auditor"}


def test_who_may_open_which_page(characters: Characters, client_of: ClientOf) -> None:
    course = CourseFactory()
    rule = AssignmentRuleFactory(course=course)
    pages = {
        reverse("courses:manage"): READERS,
        reverse("courses:rules"): READERS,
        reverse("courses:rule", args=[rule.pk]): READERS,
        reverse("courses:course_people", args=[course.code]): READERS,
        reverse("courses:assign"): ASSIGNERS,
        reverse("courses:find_people"): ASSIGNERS,
    }
    for name, person in characters.everybody.items():
        browser = client_of(person)
        got = {address: browser.get(address).status_code for address in pages}
        assert got == {address: 200 if name in may else 403 for address, may in pages.items()}, name


def test_manager_assigns_inside_the_own_enterprise(characters: Characters, client_of: ClientOf) -> None:
    course = CourseFactory()
    browser = client_of(characters.own_manager)
    response = browser.post(
        reverse("courses:assign"),
        {
            "course": course.pk,
            "target": "category",
            "category": characters.category.pk,
            "due_on": "2026-12-20",
            "required": "on",
        },
        follow=True,
    )
    rule = AssignmentRule.objects.get()
    assert (rule.enterprise, rule.category, rule.due_on, rule.created_by) == (
        characters.enterprise,
        characters.category,
        date(2026, 12, 20),
        characters.own_manager,
    )
    assert "已安排，现在有 5 人要学。" in response.content.decode()


@pytest.mark.parametrize(
    "forged",
    [
        lambda c: {"enterprise": c.other_enterprise.pk, "target": "all"},
        lambda c: {"target": "people", "persons": [c.other_learner.pk]},
        lambda c: {"target": "people"},
        lambda c: {"target": "category"},
        lambda c: {"target": "all", "due_on": "2026-11-23"},
        lambda c: {"target": "town"},
    ],
)
def test_manager_cannot_reach_beyond_the_own_enterprise_or_leave_things_out(
    characters: Characters, client_of: ClientOf, forged
) -> None:
    body = {"course": CourseFactory().pk, "required": "on"} | forged(characters)
    response = client_of(characters.own_manager).post(reverse("courses:assign"), body)
    assert (response.status_code, AssignmentRule.objects.count()) == (200, 0)


def test_named_people_get_one_rule_each(characters: Characters, client_of: ClientOf) -> None:
    people = [characters.own_learner.pk, characters.trainer.pk]
    client_of(characters.trainer).post(
        reverse("courses:assign"),
        {
            "course": CourseFactory().pk,
            "target": "people",
            "persons": people,
            "required": "on",
        },
    )
    assert set(AssignmentRule.objects.values_list("person_id", flat=True)) == set(people)


def test_supervisor_assigns_in_the_own_area_only(characters: Characters, client_of: ClientOf) -> None:
    c = characters
    course = CourseFactory()

    def sent(person, area: str) -> int:
        return (
            client_of(person)
            .post(
                reverse("courses:assign"),
                {
                    "course": course.pk,
                    "area": area,
                    "industry": c.industry.pk,
                    "required": "on",
                },
            )
            .status_code
        )

    assert sent(c.town_supervisor, f"region-{c.region.pk}") == 302
    assert sent(c.sector_supervisor, f"committee-{c.committee.pk}") == 302
    refused = [
        sent(c.town_supervisor, f"region-{c.other_region.pk}"),
        sent(c.town_supervisor, "town"),
        sent(c.sector_supervisor, f"committee-{c.other_committee.pk}"),
        sent(c.sector_supervisor, f"region-{c.region.pk}"),
    ]
    assert refused == [200] * 4
    assert sent(c.administrator, "town") == 302
    made = [(rule.region, rule.committee, rule.industry) for rule in AssignmentRule.objects.order_by("pk")]
    assert made == [(c.region, None, c.industry), (None, c.committee, c.industry), (None, None, c.industry)]


def test_search_finds_people_of_the_own_enterprise_only_and_keeps_those_ticked(
    characters: Characters, client_of: ClientOf
) -> None:
    address = reverse("courses:find_people")
    browser = client_of(characters.own_manager)
    picked = [characters.own_learner.pk, characters.other_learner.pk]
    shown = browser.get(address, {"q": "初", "persons": picked}).content.decode()
    assert ("薛桂芬" in shown, "初少华" in shown, "綦明阳" in shown) == (True, True, False)
    assert "綦明阳" not in browser.get(address, {"q": "綦"}).content.decode()


def test_ending_a_rule_of_ones_own(characters: Characters, client_of: ClientOf) -> None:
    c = characters
    own = AssignmentRuleFactory(enterprise=c.enterprise)
    foreign = [AssignmentRuleFactory(), AssignmentRuleFactory(enterprise=c.other_enterprise)]
    browser = client_of(c.own_manager)
    assert browser.get(reverse("courses:end_rule", args=[own.pk])).status_code == 405
    assert [browser.post(reverse("courses:end_rule", args=[rule.pk])).status_code for rule in foreign] == [404, 404]
    assert client_of(c.team_leader).post(reverse("courses:end_rule", args=[own.pk])).status_code == 403
    assert client_of(c.auditor).post(reverse("courses:end_rule", args=[own.pk])).status_code == 403
    assert browser.post(reverse("courses:end_rule", args=[own.pk])).status_code == 302
    assert list(AssignmentRule.objects.filter(valid_until=None).order_by("pk")) == foreign


def test_names_of_other_enterprises_are_never_shown(characters: Characters, client_of: ClientOf) -> None:
    c = characters
    rule = AssignmentRuleFactory()
    foreign = AssignmentRuleFactory(enterprise=c.other_enterprise, course=rule.course)
    browser = client_of(c.own_manager)
    assert browser.get(reverse("courses:rule", args=[foreign.pk])).status_code == 404
    for address in [reverse("courses:rule", args=[rule.pk]), reverse("courses:course_people", args=[rule.course.code])]:
        shown = browser.get(address).content.decode()
        assert ("薛桂芬" in shown, "綦明阳" in shown, "鞠传海" in shown) == (True, False, False)
    shown = client_of(c.team_leader).get(reverse("courses:course_people", args=[rule.course.code])).content.decode()
    assert ("薛桂芬" in shown, "初少华" in shown) == (True, False)


def test_export_holds_exactly_the_rows_seen(
    characters: Characters, client_of: ClientOf, django_capture_on_commit_callbacks
) -> None:
    rule = AssignmentRuleFactory(enterprise=characters.enterprise)
    address = reverse("courses:export_people", args=[rule.course.code])
    with django_capture_on_commit_callbacks(execute=True):
        client_of(characters.own_manager).post(f"{address}?q=初&page=3")
    job = Job.objects.get()
    rows = list(read_rows(job.result_file.open("rb")))
    assert rows[1][:2] == ["姓名", "工号"]
    assert [(row[0], row[6]) for row in rows[2:]] == [("初少华", "没开始")]


@pytest.mark.parametrize("rows", [1, 3])
def test_staff_pages_cost_the_same_whatever_the_number_of_rows(
    characters: Characters, client_of: ClientOf, queries_of, rows: int
) -> None:
    courses = [
        AssignmentRuleFactory(enterprise=characters.enterprise, person=person).course
        for person in [characters.own_learner, characters.trainer, characters.team_leader][:rows]
    ]
    for person in [characters.own_learner, characters.trainer, characters.team_leader][:rows]:
        AssignmentRuleFactory(course=courses[0], enterprise=characters.enterprise, person=person)
    browser = client_of(characters.own_manager)
    counts = [
        queries_of(lambda address=address: browser.get(address))
        for address in [
            reverse("courses:manage"),
            reverse("courses:rules"),
            reverse("courses:course_people", args=[courses[0].code]),
        ]
    ]
    assert counts == STAFF_QUERIES


STAFF_QUERIES = [8, 9, 13]
