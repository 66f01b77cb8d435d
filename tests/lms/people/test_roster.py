"""Roster and person file: who sees whom, what is shown, what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.audit.models import AuditEntry
from lms.jobs.models import Job
from lms.kit.sheets import read_rows
from tests.conftest import Characters
from tests.factories.lms import EmploymentCategoryFactory, EmploymentFactory, OutcomeFactory, RoleAssignmentFactory

pytestmark = pytest.mark.django_db
ROSTER = "/workbench/people/"


def page_of(client, address: str = ROSTER) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_each_sees_the_own_people_only(characters: Characters, client_of) -> None:
    own, other = {"薛桂芬", "初少华"}, {"綦明阳"}
    seen = {
        name: {person for person in own | other if person in page_of(client_of(getattr(characters, name)))}
        for name in (
            "own_manager",
            "other_manager",
            "team_leader",
            "trainer",
            "town_supervisor",
            "sector_supervisor",
            "other_town_supervisor",
            "auditor",
            "administrator",
        )
    }
    assert seen == {
        "own_manager": own,
        "other_manager": other,
        "team_leader": {"薛桂芬"},
        "trainer": own,
        "town_supervisor": own,
        "sector_supervisor": own,
        "other_town_supervisor": other,
        "auditor": own | other,
        "administrator": own | other,
    }


@pytest.mark.parametrize("name", ["own_learner", "editor", "reviewer"])
def test_learners_and_editors_see_no_roster(characters: Characters, client_of, name: str) -> None:
    assert client_of(getattr(characters, name)).get(ROSTER).status_code == 403


def test_a_stranger_signs_in_first(client) -> None:
    assert client.get(ROSTER)["Location"] == "/accounts/login/?next=%2Fworkbench%2Fpeople%2F"


def test_filters_of_the_address(characters: Characters, client_of) -> None:
    client = client_of(characters.own_manager)
    assert "薛桂芬" in page_of(client, f"{ROSTER}?q=桂芬")
    assert "初少华" not in page_of(client, f"{ROSTER}?q=桂芬")
    assert "薛桂芬" not in page_of(client, f"{ROSTER}?gap=no_team")
    assert "乔雨桐" in page_of(client, f"{ROSTER}?gap=no_team")
    assert "没有符合条件的人" in page_of(client, f"{ROSTER}?status=left")
    assert "没有符合条件的人" in page_of(client, f"{ROSTER}?type=dispatched")
    assert "薛桂芬" in page_of(client, f"{ROSTER}?enterprise=x&category=-1&workshop=999999999999999&page=zz&type=own")


def test_leavers_are_listed_apart(characters: Characters, client_of) -> None:
    characters.own_employment.ended_on = characters.own_employment.started_on
    characters.own_employment.save()
    client = client_of(characters.own_manager)
    assert "薛桂芬" not in page_of(client)
    assert "薛桂芬" in page_of(client, f"{ROSTER}?status=left")


def test_a_page_costs_the_same_for_one_and_three_people(characters: Characters, client_of) -> None:
    client = client_of(characters.team_leader)
    page_of(client)
    with CaptureQueriesContext(connection) as one:
        page_of(client)
    for _ in range(2):
        employment = EmploymentFactory(
            enterprise=characters.enterprise,
            team=characters.team,
            workshop=characters.team.workshop,
            post=characters.post,
        )
        EmploymentCategoryFactory(employment=employment, category=characters.category)
    with CaptureQueriesContext(connection) as three:
        page_of(client)
    assert len(one) == len(three)
    assert len(one) <= 14


def test_a_file_costs_the_same_for_one_and_three_outcomes(characters: Characters, client_of) -> None:
    client, address = client_of(characters.own_manager), f"{ROSTER}{characters.own_learner.pk}/"
    page_of(client, address)
    with CaptureQueriesContext(connection) as one:
        page_of(client, address)
    for _ in range(2):
        OutcomeFactory(person=characters.own_learner, enterprise=characters.enterprise)
    with CaptureQueriesContext(connection) as three:
        page_of(client, address)
    assert len(one) == len(three)


def test_a_file_shows_masked_numbers_and_the_records(characters: Characters, client_of) -> None:
    person = characters.own_learner
    page = page_of(client_of(characters.own_manager), f"{ROSTER}{person.pk}/")
    assert person.masked_id in page
    assert person.id_number not in page
    assert person.phone not in page
    assert "主要负责人安全生产培训" in page
    assert "焊接与热切割作业" in page


def test_foreign_files_answer_404(characters: Characters, client_of) -> None:
    for name in ("own_manager", "team_leader", "town_supervisor", "sector_supervisor"):
        client = client_of(getattr(characters, name))
        assert client.get(f"{ROSTER}{characters.other_learner.pk}/").status_code == 404
    assert client_of(characters.team_leader).get(f"{ROSTER}{characters.teamless_colleague.pk}/").status_code == 404


def test_what_was_achieved_elsewhere_stays_there(characters: Characters, client_of) -> None:
    second = EmploymentFactory(person=characters.own_learner, enterprise=characters.other_enterprise)
    OutcomeFactory(person=characters.own_learner, employment=second, enterprise=second.enterprise, title="别处的成绩")
    page = page_of(client_of(characters.own_manager), f"{ROSTER}{characters.own_learner.pk}/")
    assert "别处的成绩" not in page
    assert "兴源" not in page


def test_unmasking_needs_a_reason_and_is_audited(characters: Characters, client_of) -> None:
    person, client = characters.own_learner, client_of(characters.own_manager)
    address = f"{ROSTER}{person.pk}/unmask/"
    assert person.id_number not in client.post(address, {"reason": ""}).content.decode()
    assert not AuditEntry.objects.exists()
    answer = client.post(address, {"reason": "申领操作证"})
    assert person.id_number in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.target_id, entry.reason) == (
        "person.unmasked",
        characters.own_manager,
        str(person.pk),
        "申领操作证",
    )
    assert person.id_number not in str(entry.detail)
    assert client.get(address).status_code == 405


def test_who_may_not_unmask(characters: Characters, client_of) -> None:
    address = f"{ROSTER}{characters.own_learner.pk}/unmask/"
    codes = {
        name: client_of(getattr(characters, name)).post(address, {"reason": "看看"}).status_code
        for name in ("team_leader", "trainer", "auditor", "own_learner", "other_manager", "other_town_supervisor")
    }
    assert codes == {
        "team_leader": 403,
        "trainer": 403,
        "auditor": 403,
        "own_learner": 403,
        "other_manager": 404,
        "other_town_supervisor": 404,
    }


def test_export_holds_what_the_page_lists_masked(
    characters: Characters, client_of, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        client_of(characters.own_manager).post(f"{ROSTER}export/?q=桂芬")
    job = Job.objects.get()
    rows = list(read_rows(job.result_file.file))
    assert [row[0] for row in rows] == ["姓名", "薛桂芬"]
    assert rows[1][2] == characters.own_learner.masked_id
    assert AuditEntry.objects.get(action="people.exported").detail["rows"] == 1


def new_person(characters: Characters, **changes: object) -> dict[str, object]:
    return {
        "name": "孟新来",
        "id_type": "citizen",
        "id_number": "11010519491231002X",
        "phone": "138 0000 0000",
        "email": "",
        "enterprise": characters.enterprise.pk,
        "workshop": "焊接车间",
        "team": "丙班",
        "post": "焊工",
        "trade": "",
        "employment_type": "own",
        "employer_name": "",
        "categories": [characters.category.pk],
        "started_on": "2026-11-01",
    } | changes


def test_adding_a_person_numbers_and_places_them(characters: Characters, client_of) -> None:
    client = client_of(characters.own_manager)
    answer = client.post(f"{ROSTER}new/", new_person(characters))
    employment = characters.enterprise.employments.get(person__name="孟新来")
    assert answer["Location"] == f"{ROSTER}{employment.person_id}/"
    assert employment.person.username == "HF-0001"
    assert employment.person.phone == "13800000000"
    assert employment.person.awaits_activation
    assert (str(employment.team), str(employment.post)) == ("丙班", "焊工")
    assert [str(period.category) for period in employment.category_periods.all()] == ["一线从业人员"]
    assert AuditEntry.objects.get().action == "employment.started"
    assert "已经在这家单位在册" in client.post(f"{ROSTER}new/", new_person(characters)).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id_number": "110105194912310021"}, "校验码不对"),
        ({"phone": "123"}, "手机号要 11 位"),
        ({"workshop": ""}, "还要写它在哪个车间"),
        ({"started_on": "2999-01-01"}, "入职日期晚于今天"),
    ],
)
def test_what_is_wrong_is_said_and_kept(characters: Characters, client_of, changes: dict, words: str) -> None:
    page = client_of(characters.own_manager).post(f"{ROSTER}new/", new_person(characters, **changes)).content.decode()
    assert words in page
    assert "孟新来" in page


def test_nobody_is_added_to_a_foreign_enterprise(characters: Characters, client_of) -> None:
    client_of(characters.own_manager).post(
        f"{ROSTER}new/", new_person(characters, enterprise=characters.other_enterprise.pk)
    )
    assert not characters.other_enterprise.employments.filter(person__name="孟新来").exists()


def test_moving_and_leaving_keep_the_history(characters: Characters, client_of) -> None:
    employment, client = characters.own_employment, client_of(characters.own_manager)
    form = new_person(characters, team="乙班", started_on="2026-06-01", categories=[characters.category.pk])
    assert client.post(f"/workbench/employments/{employment.pk}/", form).status_code == 302
    employment.refresh_from_db()
    assert str(employment.team) == "乙班"
    client.post(f"/workbench/employments/{employment.pk}/leave/", {"last_day": "2026-10-31", "reason": "合同到期"})
    employment.refresh_from_db()
    assert str(employment.ended_on) == "2026-10-31"
    assert list(AuditEntry.objects.order_by("sequence").values_list("action", "reason")) == [
        ("employment.changed", ""),
        ("employment.ended", "合同到期"),
    ]
    assert client.get(f"/workbench/employments/{employment.pk}/").status_code == 404


def test_foreign_employments_cannot_be_changed(characters: Characters, client_of) -> None:
    for name in ("own_manager",):
        client = client_of(getattr(characters, name))
        for end in ("", "leave/"):
            assert client.get(f"/workbench/employments/{characters.other_employment.pk}/{end}").status_code == 404
    for name in ("trainer", "team_leader", "town_supervisor", "auditor"):
        assert (
            client_of(getattr(characters, name))
            .get(f"/workbench/employments/{characters.own_employment.pk}/")
            .status_code
            == 403
        )


def test_resetting_a_sign_in_ends_sessions(characters: Characters, client_of) -> None:
    learner = client_of(characters.own_learner)
    assert learner.get("/me/").status_code == 200
    client_of(characters.own_manager).post(f"{ROSTER}{characters.own_learner.pk}/reset/", {"reason": "忘了密码"})
    assert learner.get("/me/").status_code == 302
    characters.own_learner.refresh_from_db()
    assert characters.own_learner.awaits_activation


def test_a_manager_cannot_take_over_an_account_that_reaches_further(characters: Characters, client_of) -> None:
    RoleAssignmentFactory(
        person=characters.own_learner, role="town_supervisor", enterprise=None, region=characters.region
    )
    client = client_of(characters.own_manager)
    for end in ("reset/", "correct/"):
        assert client.get(f"{ROSTER}{characters.own_learner.pk}/{end}").status_code == 403
    assert client_of(characters.administrator).get(f"{ROSTER}{characters.own_learner.pk}/reset/").status_code == 200


def test_correcting_names_the_fields_not_the_values(characters: Characters, client_of) -> None:
    person = characters.own_learner
    client_of(characters.own_manager).post(
        f"{ROSTER}{person.pk}/correct/",
        {
            "name": person.name,
            "id_type": "citizen",
            "id_number": person.id_number,
            "phone": "13900000001",
            "email": person.email,
            "reason": "换了号码",
        },
    )
    person.refresh_from_db()
    assert person.phone == "13900000001"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.detail) == ("person.corrected", {"fields": ["phone"]})
