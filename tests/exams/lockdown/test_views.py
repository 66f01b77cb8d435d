"""The office's page, the file, the last page."""

import plistlib
from uuid import uuid4

import pytest
from django.urls import reverse

from exams.lockdown.configkey import config_key
from exams.lockdown.models import SebSettings
from exams.lockdown.queries import link_of, settings_of
from lms.audit.models import AuditEntry
from tests.factories.exams import exam_with_papers

pytestmark = pytest.mark.django_db


@pytest.fixture
def exam(characters):
    """Of the own enterprise."""
    return exam_with_papers(seb_required=True, enterprise=characters.enterprise)


@pytest.fixture
def office(characters, client_of):
    return client_of(characters.own_manager)


def address(exam):
    return reverse("exams:seb_settings", args=[exam.pk])


def file_in(client, exam):
    response = client.get(reverse("exams:seb_file", args=[exam.pk, link_of(exam.pk)]))
    assert response["Content-Type"] == "application/seb"
    return plistlib.loads(response.content)


def test_the_file_opens_the_exam_and_has_the_key_that_is_asked_for(client, exam, settings):
    read = file_in(client, exam)
    assert read["startURL"] == settings.PUBLIC_ORIGIN + reverse("exams:exam", args=[exam.pk])
    assert read["quitURL"] == settings.PUBLIC_ORIGIN + reverse("exams:seb_quit")
    assert config_key(read) == settings_of(exam.pk).config_key
    assert not SebSettings.objects.exists()


def test_an_unknown_link_has_no_file(client, exam):
    other = exam_with_papers(seb_required=True)
    for pk, link in ((exam.pk, uuid4()), (exam.pk, link_of(other.pk)), (10**6, link_of(10**6))):
        assert client.get(reverse("exams:seb_file", args=[pk, link])).status_code == 404


def test_every_exam_has_a_key_of_its_own(exam):
    assert settings_of(exam.pk).config_key != settings_of(exam_with_papers().pk).config_key
    assert settings_of(exam.pk).config_key == settings_of(exam.pk).config_key


def test_the_office_sets_password_and_versions(office, client, exam):
    before = file_in(client, exam)
    keys = "A" * 64 + "\n\n" + "b" * 64 + "\n" + "b" * 64
    assert office.post(address(exam), {"quit_password": "secret-7", "browser_exam_keys": keys}).status_code == 302
    row = SebSettings.objects.get(exam=exam)
    assert row.browser_exam_keys == ["a" * 64, "b" * 64]
    read = file_in(client, exam)
    assert read["hashedQuitPassword"] == row.quit_password_hash != ""
    assert config_key(read) == row.config_key != config_key(before)
    assert read["examKeySalt"] == before["examKeySalt"]
    assert AuditEntry.objects.get(action="exam.seb_changed").detail == {"new_file": True, "browser_exam_keys": 2}
    page = office.get(address(exam)).content.decode()
    assert "secret-7" not in page
    assert row.quit_password_hash not in page


def test_an_empty_password_keeps_the_one_that_is_set(office, exam):
    office.post(address(exam), {"quit_password": "secret-7", "browser_exam_keys": ""})
    before = SebSettings.objects.get(exam=exam)
    office.post(address(exam), {"quit_password": "", "browser_exam_keys": "c" * 64})
    after = SebSettings.objects.get(exam=exam)
    assert (after.quit_password_hash, after.config_key) == (before.quit_password_hash, before.config_key)
    office.post(address(exam), {"quit_password": "", "no_password": "on", "browser_exam_keys": ""})
    assert SebSettings.objects.get(exam=exam).quit_password_hash == ""


@pytest.mark.parametrize("keys", ["short", "g" * 64, "a" * 63, "a" * 65])
def test_what_is_no_key_is_refused_with_its_line(office, exam, keys):
    page = office.post(address(exam), {"quit_password": "", "browser_exam_keys": f"{'a' * 64}\n{keys}"})
    assert "第 2 行" in page.content.decode()
    assert not SebSettings.objects.exists()


def test_an_exam_of_others_does_not_exist(client_of, characters, exam):
    assert client_of(characters.other_manager).get(address(exam)).status_code == 404


def test_the_published_page_leads_there(office, exam):
    assert address(exam) in office.get(reverse("exams:exam_publish", args=[exam.pk])).content.decode()


def test_the_last_page_needs_no_sign_in(client):
    assert client.get(reverse("exams:seb_quit")).status_code == 200
