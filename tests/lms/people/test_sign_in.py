"""Signing in: by what, how often, the first time, after forgetting."""

import re

import pytest
from django.core import mail
from django.test import Client

from lms.audit.models import AuditEntry
from lms.people.models import User
from tests.conftest import Characters
from tests.factories.lms import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NEW = "Xin-Mima-2027"


def sign_in(client: Client, login: str, password: str = PASSWORD):
    return client.post("/accounts/login/", {"login": login, "password": password})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("what", ["username", "phone", "email"])
def test_staff_number_phone_and_email_all_work(client: Client, what: str) -> None:
    person = UserFactory()
    sign_in(client, getattr(person, what))
    assert signed_in(client)
    assert AuditEntry.objects.get().action == "account.signed_in"


def test_a_staff_number_may_be_typed_in_small_letters(client: Client) -> None:
    sign_in(client, UserFactory(username="HF-0001").username.lower())
    assert signed_in(client)


def test_the_message_counts_down_and_gives_nothing_away(client: Client) -> None:
    person = UserFactory()
    known = [sign_in(client, person.phone, "wrong").content.decode() for _ in range(2)]
    nobody = [sign_in(client, "19999999999", "wrong").content.decode() for _ in range(2)]
    assert ["还可以再试 4 次" in page for page in known] == [True, False]
    assert ["还可以再试 3 次" in page for page in known] == [False, True]
    assert ["还可以再试 4 次" in page for page in nobody] == [True, False]


def test_five_failures_lock_the_person_whatever_was_typed(client: Client) -> None:
    person = UserFactory()
    for login in (person.username, person.phone, person.email, person.phone, person.username):
        sign_in(client, login, "wrong")
    for login in (person.username, person.phone, person.email):
        assert "账号锁定 15 分钟" in sign_in(client, login).content.decode()
        assert not signed_in(client)
    assert AuditEntry.objects.filter(action="account.locked", target_id=str(person.pk)).count() == 1


def test_a_lock_hits_nobody_else(client: Client) -> None:
    locked, other = UserFactory(), UserFactory()
    for _ in range(5):
        sign_in(client, locked.phone, "wrong")
    sign_in(client, other.phone)
    assert signed_in(client)


def test_successful_sign_ins_do_not_lock(client: Client) -> None:
    person = UserFactory()
    for _ in range(7):
        sign_in(client, person.username)
        assert signed_in(client)
        client.post("/accounts/logout/")


def test_a_given_password_must_be_changed_first(client: Client) -> None:
    person = UserFactory(must_change_password=True)
    sign_in(client, person.username)
    for page in ("/", "/me/", "/learn/"):
        assert client.get(page)["Location"] == "/accounts/password/change/"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert client.get("/me/").status_code == 200
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert not person.must_change_password


def test_a_weak_password_is_refused(client: Client) -> None:
    person = UserFactory(must_change_password=True)
    sign_in(client, person.username)
    page = client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "qwertyuiopas", "password2": "qwertyuiopas"},
    ).content.decode()
    assert "三种" in page
    person.refresh_from_db()
    assert person.must_change_password


def imported(**fields: object) -> User:
    """A person without a password, as the import makes them."""
    person = UserFactory(**fields)
    person.set_unusable_password()
    person.save()
    return person


def activate(client: Client, person: User, **changes: str):
    facts = {
        "username": person.username,
        "id_tail": person.id_number[-6:],
        "phone": person.phone,
        "password1": NEW,
        "password2": NEW,
    }
    return client.post("/accounts/first/", facts | changes)


def test_the_first_sign_in_sets_the_password(client: Client) -> None:
    person = imported()
    assert activate(client, person)["Location"] == "/"
    assert signed_in(client)
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert AuditEntry.objects.get().action == "account.activated"


def test_the_phone_stands_in_for_the_staff_number_and_a_small_x_is_read(client: Client) -> None:
    person = imported(id_number="11010519491231002X")
    activate(client, person, username=person.phone, id_tail="31002x")
    assert signed_in(client)


@pytest.mark.parametrize(
    "changes",
    [
        {"id_tail": "000000"},
        {"phone": "19911111111"},
        {"username": "HF-9999"},
        {"password2": "Anders-2027"},
        {"password1": "short", "password2": "short"},
    ],
)
def test_one_wrong_fact_activates_nothing(client: Client, changes: dict[str, str]) -> None:
    person = imported()
    assert activate(client, person, **changes).status_code == 200
    person.refresh_from_db()
    assert not signed_in(client)
    assert person.awaits_activation


def test_an_active_account_cannot_be_activated_again(client: Client) -> None:
    person = UserFactory()
    assert "三项没有对上" in activate(client, person).content.decode()
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_a_person_without_phone_cannot_be_activated_by_leaving_it_out(client: Client) -> None:
    person = imported(phone="", phone_hash=None)
    assert not person.is_proved_by(id_tail=person.id_number[-6:], phone="")


def test_guessing_the_facts_is_locked_like_guessing_a_password(client: Client) -> None:
    person = imported()
    for _ in range(5):
        activate(client, person, id_tail="000000")
    assert "账号锁定 15 分钟" in activate(client, person).content.decode()
    assert not signed_in(client)


def test_a_forgotten_password_is_replaced_by_mail(client: Client) -> None:
    person = UserFactory()
    client.post("/accounts/password/reset/", {"email": person.email})
    letter = mail.outbox[0]
    assert letter.subject == "三真：改密码的链接"
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(letter.body))
    assert link is not None
    form = client.get(link.group(1))["Location"]
    client.post(form, {"password1": NEW, "password2": NEW})
    sign_in(client, person.username, NEW)
    assert signed_in(client)


def test_nobody_registers(client: Client) -> None:
    assert "不开放注册" in client.get("/accounts/signup/").content.decode()


def test_second_factor_is_asked_of_supervisors_only_when_required(characters: Characters, client_of, settings) -> None:
    supervisor, learner = client_of(characters.town_supervisor), client_of(characters.own_learner)
    assert supervisor.get("/me/").status_code == 200
    settings.REQUIRE_SECOND_FACTOR = True
    assert supervisor.get("/me/")["Location"] == "/accounts/2fa/"
    assert supervisor.get("/accounts/2fa/").status_code == 200
    assert learner.get("/me/").status_code == 200


def test_pages_speak_english(client: Client) -> None:
    client.cookies["django_language"] = "en"
    assert client.get("/accounts/login/").status_code == 200
