"""草稿 → 审核 → 发布: nobody publishes alone."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from content.editing.actions import WORKFLOW_NAME, set_up_editing
from content.editing.publishing import publish_approved
from content.meetings.models import CardPage
from lms.audit.models import AuditEntry
from lms.people.models import User
from tests.conftest import Characters
from tests.factories.content import CardPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(characters: Characters) -> CardPage:
    page = CardPageFactory(title="旧题目")
    set_up_editing()
    return page


def hand_in(card: CardPage, by: User, *, title: str = "新题目") -> CardPage:
    """Write a new version of a card and ask for its review."""
    card.title = title
    card.save_revision(user=by)
    card.get_workflow().start(card, by)
    return CardPage.objects.get(pk=card.pk)


def act(client: Client, by: User, card: CardPage, action: str) -> int:
    """Press a button of the review as the editing place does."""
    client.force_login(by)
    state = card.current_workflow_task_state
    return client.post(
        reverse("wagtailadmin_pages:workflow_action", args=[card.pk, action, state.pk]), {"next": "/editing/"}
    ).status_code


def live_title(card: CardPage) -> str:
    return Page.objects.get(pk=card.pk).title


def test_an_editor_may_write_but_not_publish(card: CardPage, characters: Characters) -> None:
    may = card.permissions_for_user(characters.editor)
    assert (may.can_edit(), may.can_publish(), may.can_unpublish(), may.can_submit_for_moderation()) == (
        True,
        False,
        False,
        True,
    )


def test_an_editor_who_asks_for_publishing_gets_a_draft(client: Client, card: CardPage, characters: Characters) -> None:
    client.force_login(characters.editor)
    edit = reverse("wagtailadmin_pages:edit", args=[card.pk])
    form = client.get(edit).context["form"]
    data = {name: form[name].value() or "" for name in form.fields if name not in ("comments", "industries")}
    data |= {"title": "新题目", "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0, "action-publish": "publish"}
    response = client.post(edit, data)
    assert response.status_code == 302, response.context["form"].errors
    assert live_title(card) == "旧题目"
    assert CardPage.objects.get(pk=card.pk).get_latest_revision_as_object().title == "新题目"


def test_a_reviewer_publishes_what_an_editor_handed_in(client: Client, card: CardPage, characters: Characters) -> None:
    card = hand_in(card, characters.editor)
    assert live_title(card) == "旧题目"
    assert act(client, characters.reviewer, card, "approve") == 302
    assert live_title(card) == "新题目"


def test_publishing_is_in_the_audit_log(client: Client, card: CardPage, characters: Characters) -> None:
    act(client, characters.reviewer, hand_in(card, characters.editor), "approve")
    entry = AuditEntry.objects.get(action="page.published")
    assert (entry.actor_id, entry.target_id, entry.detail["author"]) == (
        characters.reviewer.pk,
        str(card.pk),
        characters.editor.pk,
    )


def test_an_editor_cannot_approve(client: Client, card: CardPage, characters: Characters) -> None:
    card = hand_in(card, characters.editor)
    act(client, characters.editor, card, "approve")
    assert live_title(card) == "旧题目"


@pytest.mark.parametrize("who", ["reviewer", "administrator"])
def test_nobody_approves_what_they_handed_in(client: Client, card: CardPage, characters: Characters, who: str) -> None:
    person = getattr(characters, who)
    card = hand_in(card, person)
    assert card.current_workflow_task.specific.get_actions(card, person) == []
    act(client, person, card, "approve")
    assert live_title(card) == "旧题目"


def test_even_a_direct_call_needs_a_second_person(card: CardPage, characters: Characters) -> None:
    card = hand_in(card, characters.reviewer)
    for person in (characters.reviewer, None):
        with pytest.raises(PermissionDenied):
            publish_approved(card.current_workflow_state, user=person)


def test_a_reviewer_sends_a_page_back(client: Client, card: CardPage, characters: Characters) -> None:
    card = hand_in(card, characters.editor)
    act(client, characters.reviewer, card, "reject")
    card = CardPage.objects.get(pk=card.pk)
    assert live_title(card) == "旧题目"
    assert card.current_workflow_state.status == "needs_changes"


def test_pages_have_our_workflow(card: CardPage) -> None:
    assert card.get_workflow().name == WORKFLOW_NAME
