"""Granting and ending roles, and what the audit page shows."""

import pytest

from lms.access.actions import LastAdministrator, end_role
from lms.access.models import RoleAssignment
from lms.access.roles import Role
from lms.audit.models import AuditEntry
from lms.jobs.models import Job
from lms.kit.clock import current_date, current_time
from lms.kit.sheets import read_rows
from tests.conftest import Characters

pytestmark = pytest.mark.django_db
ROLES = "/workbench/roles/"


def grant(client, person, role: Role, **places: object):
    return client.post(ROLES, {"number": person.username, "role": role, "valid_from": "2026-11-01"} | places)


def test_a_manager_makes_a_team_leader_and_takes_it_back(characters: Characters, client_of) -> None:
    client, person = client_of(characters.own_manager), characters.own_learner
    grant(client, person, Role.TEAM_LEADER, team=characters.team.pk)
    held = RoleAssignment.objects.get(person=person)
    assert (held.team, held.enterprise) == (characters.team, characters.enterprise)
    assert client_of(person).get("/workbench/people/").status_code == 200
    client.post(f"{ROLES}{held.pk}/end/", {"reason": "换人"})
    assert client_of(person).get("/workbench/people/").status_code == 403
    assert list(AuditEntry.objects.order_by("sequence").values_list("action", flat=True)) == [
        "role.granted",
        "role.ended",
    ]


def test_a_role_that_ended_today_can_be_given_again(characters: Characters, client_of) -> None:
    client, person = client_of(characters.own_manager), characters.own_learner
    for _ in range(2):
        grant(client, person, Role.TRAINER, enterprise=characters.enterprise.pk)
        held = RoleAssignment.objects.get(person=person, valid_until=None)
        client.post(f"{ROLES}{held.pk}/end/", {"reason": "试试"})
    assert RoleAssignment.objects.filter(person=person).count() == 1


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.SAFETY_MANAGER, Role.EDITOR])
def test_a_manager_cannot_grant_more(characters: Characters, client_of, role: Role) -> None:
    grant(client_of(characters.own_manager), characters.own_learner, role, enterprise=characters.enterprise.pk)
    assert not RoleAssignment.objects.filter(person=characters.own_learner).exists()


def test_a_manager_cannot_grant_to_strangers_or_in_foreign_places(characters: Characters, client_of) -> None:
    client = client_of(characters.own_manager)
    page = grant(client, characters.other_learner, Role.TRAINER, enterprise=characters.enterprise.pk).content.decode()
    assert "花名册里没有这个人" in page
    grant(client, characters.own_learner, Role.TRAINER, enterprise=characters.other_enterprise.pk)
    assert not RoleAssignment.objects.filter(person__in=[characters.own_learner, characters.other_learner]).exists()


def test_a_manager_cannot_end_the_own_managers_role_or_foreign_ones(characters: Characters, client_of) -> None:
    client = client_of(characters.own_manager)
    own = RoleAssignment.objects.get(person=characters.own_manager)
    other = RoleAssignment.objects.get(person=characters.other_manager)
    assert client.post(f"{ROLES}{own.pk}/end/", {"reason": "试试"}).status_code == 403
    assert client.post(f"{ROLES}{other.pk}/end/", {"reason": "试试"}).status_code == 404


def test_an_administrator_grants_with_the_place_that_the_role_needs(characters: Characters, client_of) -> None:
    client, person = client_of(characters.administrator), characters.own_learner
    assert "这个角色要选属地" in grant(client, person, Role.TOWN_SUPERVISOR).content.decode()
    grant(client, person, Role.TOWN_SUPERVISOR, region=characters.region.pk, committee=characters.committee.pk)
    held = RoleAssignment.objects.get(person=person)
    assert (held.region, held.committee) == (characters.region, None)
    grant(client, person, Role.EDITOR)
    assert person.groups.filter(name="editor").exists()


def test_the_last_administrator_stays(characters: Characters, client_of) -> None:
    held = RoleAssignment.objects.get(person=characters.administrator)
    page = client_of(characters.administrator).post(f"{ROLES}{held.pk}/end/", {"reason": "退休"})
    assert "最后一个系统管理员" in page.content.decode()
    with pytest.raises(LastAdministrator):
        end_role(assignment=held, by=characters.administrator, now=current_time(), last_day=current_date(), reason="x")


@pytest.mark.parametrize("name", ["trainer", "team_leader", "town_supervisor", "auditor", "own_learner"])
def test_others_have_no_roles_page(characters: Characters, client_of, name: str) -> None:
    assert client_of(getattr(characters, name)).get(ROLES).status_code == 403


def test_the_audit_page_is_for_auditors(characters: Characters, client_of) -> None:
    for name in ("own_manager", "town_supervisor", "editor", "own_learner"):
        assert client_of(getattr(characters, name)).get("/supervision/audit/").status_code == 403
    grant(client_of(characters.own_manager), characters.own_learner, Role.TRAINER, enterprise=characters.enterprise.pk)
    client = client_of(characters.auditor)
    page = client.get("/supervision/audit/?q=乔雨桐&action=role.granted&since=2020-01-01").content.decode()
    assert "给出角色" in page
    assert "没有符合条件的记录" in client.get("/supervision/audit/?until=2020-01-01").content.decode()


def test_the_auditor_checks_the_chain_and_exports(
    characters: Characters, client_of, django_capture_on_commit_callbacks
) -> None:
    grant(client_of(characters.own_manager), characters.own_learner, Role.TRAINER, enterprise=characters.enterprise.pk)
    client = client_of(characters.auditor)
    client.post("/supervision/audit/")
    assert "校验过 1 条，都对得上" in client.get("/supervision/audit/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/supervision/audit/export/?action=role.granted")
    rows = list(read_rows(Job.objects.get().result_file.file))
    assert rows[1][2:5] == ["乔雨桐", characters.own_manager.username, "给出角色"]
    assert AuditEntry.objects.filter(action="audit.exported").count() == 1
