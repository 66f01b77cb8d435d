"""The public page tells what the paper shows, masked, and nothing else."""

from datetime import date

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.factories.certificates import CertificateFactory


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


def address(code: str) -> str:
    return reverse("certificates:verify", args=[code])


@pytest.mark.django_db
def test_a_stranger_sees_masked_data_and_the_state(client):
    certificate = CertificateFactory(person__name="孟庆舟", valid_until=date(2099, 1, 1))
    page = client.get(address(certificate.verify_code)).content.decode()
    assert "孟*舟" in page
    assert "孟庆舟" not in page
    assert certificate.person.id_number not in page
    assert certificate.number in page
    assert "有效" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"valid_until": date(2025, 1, 1)}, "已过期"),
        ({"status": "revoked", "revoked_on": date(2026, 1, 1), "revoked_reason": "替考，内部原因"}, "已撤销"),
    ],
)
def test_expired_and_revoked_are_said_plainly_without_the_reason(client, change, word):
    certificate = CertificateFactory(**change)
    page = client.get(address(certificate.verify_code)).content.decode()
    assert word in page
    assert "内部原因" not in page


@pytest.mark.django_db
def test_an_unknown_code_is_no_certificate(client):
    response = client.get(address("ABCDEFGHJKMN"))
    assert response.status_code == 404
    assert "查不到" in response.content.decode()


@pytest.mark.django_db
def test_codes_are_found_in_lower_case_and_with_hyphens(client):
    certificate = CertificateFactory(verify_code="7K2MQ9XD4EFA", valid_until=date(2099, 1, 1))
    response = client.get(reverse("certificates:verify_form"), {"code": "7k2m-q9xd-4efa"}, follow=True)
    assert certificate.number in response.content.decode()


@pytest.mark.django_db
def test_guessing_is_limited_per_address(client):
    answers = [client.get(address("ABCDEFGHJKMN")).status_code for _ in range(31)]
    assert answers == [404] * 30 + [429]


@pytest.mark.django_db
def test_visitors_behind_one_proxy_do_not_share_a_limit(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def asks(visitor: str) -> int:
        return client.get(address("ABCDEFGHJKMN"), headers={"X-Forwarded-For": visitor}).status_code

    assert [asks("203.0.113.1") for _ in range(31)] == [404] * 30 + [429]
    assert asks("203.0.113.2") == 404
