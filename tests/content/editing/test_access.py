"""Who comes into the editing place, and how."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Task, Workflow

from content.editing.actions import set_up_editing
from tests.conftest import Characters
from tests.factories.content import CardPageFactory, home

pytestmark = pytest.mark.django_db
EDITING_PEOPLE = {"editor", "reviewer", "administrator"}


@pytest.fixture
def ready(characters: Characters) -> Characters:
    home()
    set_up_editing()
    return characters


def test_only_editors_reviewers_and_administrators_come_in(client: Client, ready: Characters) -> None:
    for name, person in ready.everybody.items():
        client.force_login(person)
        response = client.get("/editing/", follow=True)
        assert response.status_code == (200 if name in EDITING_PEOPLE else 403), name


def test_strangers_sign_in_where_everybody_does(client: Client, ready: Characters) -> None:
    first = client.get("/editing/")
    second = client.get(first["Location"])
    assert second["Location"] == "/accounts/login/?next=%2Fediting%2F"


@pytest.mark.parametrize("address", ["/editing/login/", "/library/_util/login/"])
def test_wagtails_own_sign_in_pages_check_no_password(client: Client, ready: Characters, address: str) -> None:
    for response in (client.get(address), client.post(address, {"username": "x", "password": "y"})):
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")


def test_wagtail_resets_no_passwords(client: Client, ready: Characters) -> None:
    assert client.get("/editing/password_reset/").status_code == 404


@pytest.mark.parametrize("name", ["clauses", "mindsets", "cards", "cases", "practices", "courses"])
def test_each_kind_of_material_has_its_list(client: Client, ready: Characters, name: str) -> None:
    client.force_login(ready.editor)
    assert client.get(reverse(f"library_{name}:index")).status_code == 200


def test_the_list_of_cards_is_searched_in_chinese(client: Client, ready: Characters) -> None:
    CardPageFactory(title="下池先看三样")
    CardPageFactory(title="焊枪交给谁")
    client.force_login(ready.editor)
    html = client.get(reverse("library_cards:index"), {"q": "焊枪"}).content.decode()
    assert "焊枪交给谁" in html
    assert "下池先看三样" not in html


@pytest.mark.parametrize("who", ["editor", "reviewer"])
def test_people_and_settings_are_kept_elsewhere(client: Client, ready: Characters, who: str) -> None:
    client.force_login(getattr(ready, who))
    for name in ["wagtailusers_users", "wagtailusers_groups", "wagtailsites", "wagtailredirects"]:
        assert client.get(reverse(f"{name}:index")).status_code == 302
    html = client.get("/editing/").content.decode()
    assert "editor guide" not in html
    assert '"help"' not in html


def test_a_page_with_a_code_is_not_copied(client: Client, ready: Characters) -> None:
    card = CardPageFactory()
    client.force_login(ready.administrator)
    response = client.get(reverse("wagtailadmin_pages:copy", args=[card.pk]))
    assert response["Location"] == reverse("wagtailadmin_explore", args=[card.get_parent().pk])


def test_setting_up_twice_changes_nothing(ready: Characters) -> None:
    def state() -> list[int]:
        return [
            model.objects.count() for model in (Group, GroupPagePermission, GroupCollectionPermission, Task, Workflow)
        ]

    before = state()
    set_up_editing()
    assert state() == before


def test_wagtails_own_groups_are_gone(ready: Characters) -> None:
    assert not Group.objects.filter(name__in=["Moderators", "Editors"]).exists()
