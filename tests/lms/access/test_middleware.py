"""Deny by default, first password, second factor."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from lms.access.decorators import allow
from lms.access.middleware import AccessMiddleware
from lms.access.roles import Role
from lms.access.rules import everybody, has_role, signed_in, workbench
from tests.conftest import Characters
from tests.factories.lms import UserFactory

pytestmark = pytest.mark.django_db


def unmarked(request) -> HttpResponse:
    return HttpResponse("leak")


@allow(signed_in)
def marked(request) -> HttpResponse:
    return HttpResponse("ok")


def test_a_view_without_a_rule_is_refused_even_to_an_administrator(characters: Characters) -> None:
    middleware = AccessMiddleware(lambda request: HttpResponse())
    request = RequestFactory().get("/x/")
    request.user = characters.administrator
    request.resolver_match = None
    middleware(request)
    with pytest.raises(PermissionDenied, match="no access rule"):
        middleware.process_view(request, unmarked, (), {})
    assert middleware.process_view(request, marked, (), {}) is None


def test_a_script_without_sign_in_gets_401_and_a_page_the_way_in(client) -> None:
    assert client.get("/me/")["Location"] == "/accounts/login/?next=%2Fme%2F"
    assert client.get("/me/", headers={"HX-Request": "true"}).status_code == 401
    assert client.post("/me/", "{}", content_type="application/json").status_code == 401


def test_rules_compose(rf, characters: Characters) -> None:
    from lms.access.queries import standing_of
    from lms.kit.clock import current_date

    request = rf.get("/")
    request.user = characters.team_leader
    request.standing = standing_of(request.user.pk, on=current_date())
    auditor = has_role(Role.AUDITOR)
    assert (workbench | auditor)(request)
    assert not (workbench & auditor)(request)
    assert not auditor(request)
    assert everybody(request)


def test_an_ended_role_counts_no_more(characters: Characters, client_of) -> None:
    from datetime import timedelta

    from lms.kit.clock import current_date

    characters.own_manager.role_assignments.update(valid_until=current_date() - timedelta(days=1))
    assert client_of(characters.own_manager).get("/workbench/").status_code == 403


@pytest.mark.usefixtures("rules")
def test_places_open_to_those_who_may_enter(characters: Characters, client_of) -> None:
    codes = {
        name: tuple(
            client_of(person).get(address).status_code for address in ("/", "/me/", "/workbench/", "/supervision/")
        )
        for name, person in characters.everybody.items()
        if name
        in ("own_learner", "own_manager", "team_leader", "town_supervisor", "auditor", "administrator", "editor")
    }
    assert codes == {
        "own_learner": (200, 200, 403, 403),
        "own_manager": (200, 200, 200, 403),
        "team_leader": (200, 200, 200, 403),
        "town_supervisor": (200, 200, 403, 302),
        "auditor": (200, 200, 403, 302),
        "administrator": (200, 200, 200, 302),
        "editor": (200, 200, 403, 403),
    }


def test_a_stranger_sees_the_public_home(client) -> None:
    page = client.get("/").content.decode()
    assert "真训，真考，真会。" in page
    assert "/verify/" in page


def test_my_page_is_masked(client_of) -> None:
    person = UserFactory()
    page = client_of(person).get("/me/").content.decode()
    assert person.masked_id in page
    assert person.id_number not in page
