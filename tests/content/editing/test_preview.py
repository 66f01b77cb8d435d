"""The preview of the editing place shows every kind of page, framed by the editing place alone."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail.models import Page

from content.editing.actions import set_up_editing
from tests.conftest import Characters
from tests.factories import content as pages

pytestmark = pytest.mark.django_db
FACTORIES = [
    pages.StandardPageFactory,
    pages.StandardVersionPageFactory,
    pages.StandardSectionPageFactory,
    pages.ClausePageFactory,
    pages.MindsetPageFactory,
    pages.ViolationPageFactory,
    pages.CardPageFactory,
    pages.CasePageFactory,
    pages.PracticePageFactory,
    pages.CoursePageFactory,
    pages.LessonPageFactory,
]


@pytest.mark.parametrize("factory", FACTORIES)
def test_a_saved_page_is_previewed_through_the_editing_place(
    client: Client, characters: Characters, factory: type
) -> None:
    page = factory()
    set_up_editing()
    client.force_login(characters.editor)
    client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    response = page.make_preview_request(RequestFactory().get("/"))
    assert response.status_code == 200
    assert page.title in response.content.decode()
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).status_code == 200


@pytest.mark.parametrize("factory", FACTORIES)
def test_a_page_is_previewed_before_it_is_saved(factory: type) -> None:
    page = factory()
    fresh = type(page)(
        **{
            field.attname: getattr(page, field.attname)
            for field in type(page)._meta.concrete_fields
            if field.name not in ("id", "page_ptr", "path", "code", "slug")
        }
    )
    fresh.code = fresh.slug = "not-saved-yet"
    parent = page.get_parent()
    fresh.path = Page._get_children_path_interval(parent.path)[1]
    fresh.set_url_path(parent)
    response = fresh.make_preview_request(RequestFactory().get("/"))
    assert response.status_code == 200


@pytest.mark.parametrize("factory", FACTORIES)
def test_the_form_of_each_kind_of_page_opens(client: Client, characters: Characters, factory: type) -> None:
    page = factory()
    set_up_editing()
    client.force_login(characters.editor)
    assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
    add = reverse("wagtailadmin_pages:add", args=["content", type(page)._meta.model_name, page.get_parent().pk])
    assert client.get(add).status_code == 200


def test_the_preview_of_a_card_shows_its_key_to_its_author() -> None:
    card = pages.CardPageFactory()
    response = card.make_preview_request(RequestFactory().get("/"))
    assert card.explanation in response.content.decode()
