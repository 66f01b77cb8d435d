"""The pages: who may look, what they say, what they link to, what they cost."""

from datetime import date
from io import BytesIO

import pytest
from django.core.management import call_command

from lms.access.roles import Role
from lms.audit.models import AuditEntry
from lms.jobs.models import Job
from lms.kit.sheets import read_rows
from lms.people.models import PersonnelCategory
from tests.factories.lms import RegionFactory, RoleAssignmentFactory, TeamFactory, UserFactory, WorkshopFactory

DAY = "2026-06-01"


@pytest.fixture
def town(register):
    """Two enterprises of the town, one elsewhere, and their readers."""
    register.mine = register.enterprise("金石木业", register.light, register.dust)
    register.near = register.enterprise("兴隆饲料")
    register.far = register.enterprise("兴源机械", region=register.other_region)
    for place in (register.mine, register.near, register.far):
        for number in range(2):
            job = register.employ(place, register.manager, person=UserFactory(name=f"{place.short_name}{number}"))
            if number:
                register.certify(job.person, "safety-managers", "03-01")
    register.supervisor = UserFactory(name="林致远")
    RoleAssignmentFactory(person=register.supervisor, role=Role.TOWN_SUPERVISOR, region=register.region)
    register.keeper = UserFactory(name="乔雨桐")
    RoleAssignmentFactory(person=register.keeper, role=Role.SAFETY_MANAGER, enterprise=register.mine)
    return register


@pytest.fixture
def supervisor(town, client_of):
    return client_of(town.supervisor)


@pytest.fixture
def keeper(town, client_of):
    return client_of(town.keeper)


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_the_heading_carries_the_fact(supervisor):
    assert "柏岭镇三类人员覆盖 50%" in text(supervisor.get(f"/coverage/?on={DAY}"))


def test_the_same_address_says_the_same_later(town, supervisor):
    before = supervisor.get(f"/coverage/?on={DAY}").context["board"].total
    for job in town.mine.employments.all():
        town.certify(job.person, "safety-managers", "07-01")
    assert supervisor.get(f"/coverage/?on={DAY}").context["board"].total == before
    assert supervisor.get("/coverage/?on=2026-07-01").context["board"].total.covered == before.covered + 1


def test_a_day_to_come_is_refused_in_words_and_today_is_shown(supervisor):
    assert "还没到这一天，按今天算。" in text(supervisor.get("/coverage/?on=2999-01-01"))


def test_nonsense_in_the_address_is_dropped_in_words(supervisor):
    page = text(supervisor.get("/coverage/?on=kein&industry=x&sort=y&page=zz"))
    assert "日期看不懂，按今天算。" in page
    assert "有一个筛选条件不认识，没有用上。" in page


def test_before_the_plan_there_is_nothing_to_show(supervisor):
    assert "那时还没有培训要求" in text(supervisor.get("/coverage/?on=2023-06-01"))


def test_every_number_opens_the_names_behind_it(town, supervisor):
    board = supervisor.get(f"/coverage/?on={DAY}").context["board"]
    cells = [cell for row in board.rows for cell in row.cells if cell.address]
    assert cells
    for tile in [*board.tiles, *cells]:
        if tile.tally.eligible:
            listed = supervisor.get(tile.address).context
            assert listed["total"] == tile.tally
            assert listed["page"].paginator.count == (tile.tally.missing or tile.tally.covered)


def test_the_list_names_who_lacks_and_why(town, supervisor):
    page = text(supervisor.get(f"/coverage/people/?on={DAY}&enterprise={town.mine.pk}"))
    assert "金石木业0" in page
    assert "金石木业1" not in page
    assert "没有记录" in page


def test_the_list_shows_on_what_it_rests(town, supervisor):
    page = text(supervisor.get(f"/coverage/people/?on={DAY}&enterprise={town.mine.pk}&show=covered"))
    assert "培训合格证明 · 2026-03-01" in page


def test_numbers_of_persons_are_masked(town, supervisor):
    person = town.mine.employments.first().person
    page = text(supervisor.get(f"/coverage/people/?on={DAY}&show=all"))
    assert person.masked_id in page
    assert person.id_number not in page


def test_the_list_searches_names_and_enterprises(supervisor):
    def found(words):
        return {
            line.person.name
            for line in supervisor.get("/coverage/people/", {"on": DAY, "show": "all", "q": words}).context["lines"]
        }

    assert found("金石") == {"金石木业0", "金石木业1"}
    assert found("兴隆饲料0") == {"兴隆饲料0"}
    assert found("兴源") == set()


def test_a_foreign_enterprise_is_not_there(town, supervisor, keeper):
    for client, place in ((supervisor, town.far), (keeper, town.near), (keeper, town.far)):
        assert client.get(f"/coverage/enterprises/{place.pk}/").status_code == 404
        assert client.get(f"/coverage/people/?enterprise={place.pk}").status_code == 404
        assert client.post(f"/coverage/people/export/?enterprise={place.pk}").status_code == 404


def test_an_unknown_requirement_is_not_there(supervisor):
    assert supervisor.get("/coverage/people/?requirement=nothing").status_code == 404


def test_a_keeper_sees_only_the_own_enterprise(town, keeper):
    page = text(keeper.get(f"/coverage/own/?on={DAY}"))
    assert "金石木业三类人员覆盖 50%" in page
    assert "金石木业0" in page
    assert "兴隆饲料" not in page
    listed = keeper.get(f"/coverage/people/?on={DAY}&show=all")
    assert {line.person.name for line in listed.context["lines"]} == {"金石木业0", "金石木业1"}


def test_a_keeper_is_led_from_the_overview_to_the_own_page(keeper):
    assert keeper.get("/coverage/").headers["Location"] == "/coverage/own/"


def test_supervision_pages_are_closed_to_keepers(keeper):
    assert [keeper.get(f"/coverage/{page}/").status_code for page in ("trend", "idle")] == [403, 403]
    assert keeper.post("/coverage/enterprises/export/").status_code == 403


def test_a_team_leader_sees_only_the_team(town, client_of):
    team = TeamFactory(workshop=WorkshopFactory(enterprise=town.mine))
    town.employ(town.mine, town.manager, person=UserFactory(name="甲班人"), team=team)
    leader = UserFactory()
    RoleAssignmentFactory(person=leader, role=Role.TEAM_LEADER, enterprise=town.mine, team=team)
    client = client_of(leader)
    page = client.get(f"/coverage/own/?on={DAY}")
    assert page.context["board"].total.eligible == 1
    assert "甲班人" in text(page)
    assert client.get(f"/coverage/enterprises/{town.mine.pk}/").status_code == 404


def test_learners_and_strangers_are_turned_away(town, client, client_of):
    learner = client_of(town.mine.employments.first().person)
    for address in ("/coverage/", "/coverage/own/", "/coverage/people/", "/coverage/idle/"):
        assert learner.get(address).status_code == 403
        assert client.get(address).headers["Location"].startswith("/accounts/login/")


def test_idle_enterprises_are_named(town, supervisor):
    town.enterprise("百味居餐饮")
    page = text(supervisor.get(f"/coverage/idle/?on={DAY}"))
    assert "1 家企业 2026 年没有人学" in page
    assert "柏岭百味居餐饮有限公司" in page


def test_the_table_is_filtered_by_industry_and_sorted(town, supervisor):
    def names(**query):
        page = supervisor.get("/coverage/", {"on": DAY, **query})
        return [line.enterprise.short_name for line in page.context["table"].lines]

    assert names(industry=town.dust.pk) == ["金石木业"]
    assert sorted(names()) == ["兴隆饲料", "金石木业"]
    assert names(sort="name") == sorted(names(), key=str)


def test_an_ended_requirement_says_that_it_stands_still(town, supervisor):
    town.require(2027, counts_from=date(2026, 1, 2), counts_until=date(2026, 5, 31))
    town.requirement.delete()
    page = text(supervisor.get(f"/coverage/?on={DAY}"))
    assert "2026-05-31 截止，数字停在那一天" in page


def test_a_programme_shows_who_is_missing(town, supervisor):
    programme = town.require(2026, code="programme-2026", name="涉爆粉尘", kind="programme", scheme=None)
    programme.category_rules.filter(category=town.manager).delete()
    programme.industries.add(town.dust)
    town.employ(town.mine, town.principal)
    page = text(supervisor.get(f"/coverage/?on={DAY}"))
    assert "涉爆粉尘还有 <b>1 人</b>没有取得证明" in page


def test_the_trend_comes_as_a_part_or_as_a_page(supervisor):
    part = text(supervisor.get(f"/coverage/trend/?on={DAY}", headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert "<svg" in part
    assert "<html" in text(supervisor.get(f"/coverage/trend/?on={DAY}"))


def test_pages_carry_no_inline_style_or_script(town, supervisor):
    for address in ("/coverage/", "/coverage/people/", f"/coverage/enterprises/{town.mine.pk}/", "/coverage/idle/"):
        page = text(supervisor.get(address))
        assert " style=" not in page
        assert "<script>" not in page


@pytest.mark.parametrize(
    "page", ["/coverage/", "/coverage/people/?show=all", "/coverage/enterprises/{}/", "/coverage/own/"]
)
def test_pages_cost_the_same_for_one_and_three(town, client_of, django_assert_num_queries, page):
    person = town.keeper if "own" in page else town.supervisor
    address = page.format(town.mine.pk)
    client = client_of(person)

    def cost():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    cost()
    before = cost()
    for number in range(3):
        place = town.enterprise(f"新厂{number}", town.dust)
        for where in (place, town.mine):
            job = town.employ(where, town.manager, town.principal)
            town.certify(job.person, "principals", "03-01")
    assert cost() == before


def exported(client, address) -> list[list]:
    response = client.post(address)
    assert response.status_code == 302
    job = Job.objects.latest("pk")
    assert job.status == "done", job.message
    return list(read_rows(BytesIO(job.result_file.read())))


@pytest.mark.django_db(transaction=True)
def test_the_export_holds_exactly_what_is_seen_under_its_definition(town, supervisor):
    rows = exported(supervisor, f"/coverage/people/export/?on={DAY}&enterprise={town.mine.pk}&q=金石")
    header = next(number for number, row in enumerate(rows) if row[0] == "姓名")
    assert rows[0][0].startswith("导出名单 · 2026 年三类人员培训")
    assert rows[1][0].startswith(f"截至 {DAY}")
    assert any(str(row[0]).startswith("覆盖率 = ") for row in rows[:header])
    assert [row[0] for row in rows[header + 1 :]] == ["金石木业0"]
    assert rows[header + 1][2].count("*") > 5
    entry = AuditEntry.objects.get(action="export")
    assert entry.actor == town.supervisor
    assert entry.enterprise_id == town.mine.pk
    assert "金石" not in str(entry.detail)


@pytest.mark.django_db(transaction=True)
def test_the_table_of_enterprises_is_exported_in_its_order(town, supervisor):
    town.certify(town.near.employments.first().person, "safety-managers", "04-01")
    rows = exported(supervisor, f"/coverage/enterprises/export/?on={DAY}")
    header = next(number for number, row in enumerate(rows) if row[0] == "#")
    assert [row[1] for row in rows[header + 1 :]] == ["柏岭金石木业有限公司", "柏岭兴隆饲料有限公司"]
    assert [row[3:7] for row in rows[header + 1 :]] == [[2, 1, 1, 50], [2, 2, 0, 100]]


def test_the_workbench_strip_counts_own_people_and_links_to_their_names(town, keeper):
    person = town.mine.employments.first().person
    from lms.kit.clock import current_date

    town.certify(person, "confined-space", current_date().isoformat(), kind="course_completed")
    page = keeper.get("/workbench/")
    assert "真训" in text(page)
    numbers = next(card for card in page.context["cards"] if "strip" in card.template).context["numbers"]
    assert [(row["tally"].covered, row["tally"].eligible) for row in numbers] == [(1, 2), (0, 2), (0, 0)]
    listed = keeper.get(numbers[0]["address"] + "&show=covered")
    assert [line.person for line in listed.context["lines"]] == [person]


def test_everything_stands_with_the_starter_data(db, client_of):
    call_command("load_register", verbosity=0)
    call_command("load_requirements", verbosity=0)
    person = UserFactory()
    RoleAssignmentFactory(person=person, role=Role.TOWN_SUPERVISOR, region=RegionFactory(code="bailing"))
    client = client_of(person)
    assert PersonnelCategory.objects.exists()
    for scheme in ("clause-11", "clause-12", "construction"):
        assert client.get(f"/coverage/?scheme={scheme}").status_code == 200
    assert client.get("/coverage/people/").status_code == 200
