"""Only Safe Exam Browser with the exam's settings starts, reads, saves and hands in; nothing is lost by a refusal."""

import pytest
from django.urls import reverse

from exams.attempts import actions
from exams.attempts.models import AnswerEvent, Attempt
from exams.lockdown.actions import change_settings
from exams.lockdown.gate import NotInSeb
from exams.lockdown.headers import request_hash
from exams.lockdown.queries import link_of
from tests.exams.lockdown.conftest import by_script, in_seb, post
from tests.factories.exams import NOW, AttemptFactory

pytestmark = pytest.mark.django_db
CHANGE = [(1, 1, ["o2"])]
VERSION = "c" * 64


def page_of(attempt):
    return reverse("exams:attempt", args=[attempt.key])


def test_without_the_browser_the_exam_says_how_and_does_not_start(client, exam):
    page = client.get(reverse("exams:exam", args=[exam.pk])).content.decode()
    assert "请用 Safe Exam Browser 打开" in page
    assert "开始考试</button>" not in page
    assert reverse("exams:seb_file", args=[exam.pk, link_of(exam.pk)]) in page
    refused = client.post(reverse("exams:start", args=[exam.pk]))
    assert refused.status_code == 403
    assert "请用 Safe Exam Browser 打开" in refused.content.decode()
    assert not Attempt.objects.exists()


def test_with_the_browser_from_the_start_to_the_result(client, exam, seb):
    intro, start = reverse("exams:exam", args=[exam.pk]), reverse("exams:start", args=[exam.pk])
    assert "开始考试</button>" in client.get(intro, headers=in_seb(intro, seb.config_key)).content.decode()
    client.post(start, headers=in_seb(start, seb.config_key))
    attempt = Attempt.objects.get()
    assert attempt.seb_required
    sheet = page_of(attempt)
    assert client.get(sheet, headers=in_seb(sheet, seb.config_key)).status_code == 200
    for name in ("save", "submit"):
        address = reverse(f"exams:{name}", args=[attempt.key])
        assert post(client, name, attempt, CHANGE, in_seb(address, seb.config_key)).status_code == 200
    result = client.get(reverse("exams:result", args=[attempt.key])).content.decode()
    assert reverse("exams:seb_quit") in result


@pytest.mark.parametrize("name", ["save", "submit"])
def test_a_refused_packet_says_why_and_changes_nothing(client, attempt, seb, name):
    for headers in ({}, in_seb("/somewhere/else/", seb.config_key), in_seb(page_of(attempt), "0" * 64)):
        response = post(client, name, attempt, CHANGE, headers)
        assert (response.status_code, response.json()["error"]) == (403, "seb")
    assert not AnswerEvent.objects.exists()
    assert Attempt.objects.get().status == "writing"
    address = reverse(f"exams:{name}", args=[attempt.key])
    assert post(client, name, attempt, CHANGE, in_seb(address, seb.config_key)).status_code == 200


def test_pages_and_forms_are_refused_too(client, attempt, seb):
    assert client.get(page_of(attempt)).status_code == 403
    assert "q-stem" not in client.get(page_of(attempt)).content.decode()
    for name in ("keep", "submit"):
        assert client.post(reverse(f"exams:{name}", args=[attempt.key]), {"q1": "o2"}).status_code == 403
    Attempt.objects.update(device="a" * 32)
    assert client.post(reverse("exams:take_over", args=[attempt.key])).status_code == 403
    assert Attempt.objects.get().device == "a" * 32


def test_the_script_proves_it_once_for_pages_and_with_every_call(client, exam, attempt, seb):
    intro = reverse("exams:exam", args=[exam.pk])
    check = reverse("exams:seb_check", args=[exam.pk])
    wrong = client.post(check, "{}", content_type="application/json", headers=by_script(intro, "0" * 64))
    assert (wrong.status_code, wrong.json()) == (403, {"inside": False})
    assert client.get(page_of(attempt)).status_code == 403
    right = client.post(check, "{}", content_type="application/json", headers=by_script(intro, seb.config_key))
    assert right.json() == {"inside": True}
    assert client.get(page_of(attempt)).status_code == 200
    assert post(client, "save", attempt, CHANGE).status_code == 403
    assert post(client, "save", attempt, CHANGE, by_script(page_of(attempt), seb.config_key)).status_code == 200


def test_the_check_knows_only_exams_that_the_person_may_sit(client_of, characters, seb, set_now):
    exam = seb.exam
    exam.audiences.update(enterprise=characters.enterprise)
    check = reverse("exams:seb_check", args=[exam.pk])
    answers = [
        client_of(person).post(check, "{}", content_type="application/json").status_code
        for person in (characters.own_learner, characters.other_learner)
    ]
    assert answers == [403, 404]


def test_a_mark_ends_with_the_keys_that_it_was_made_for(client, exam, attempt, seb):
    check = reverse("exams:seb_check", args=[exam.pk])
    client.post(check, "{}", content_type="application/json", headers=by_script("/exams/", seb.config_key))
    change_settings(exam=exam, quit_password="another", browser_exam_keys=[], by=attempt.person, now=NOW)
    assert client.get(page_of(attempt)).status_code == 403


def test_allowed_versions_of_the_program_are_asked_for(client, exam, attempt, seb):
    seb = change_settings(exam=exam, quit_password=None, browser_exam_keys=[VERSION], by=attempt.person, now=NOW)
    address = reverse("exams:save", args=[attempt.key])
    assert post(client, "save", attempt, CHANGE, in_seb(address, seb.config_key)).status_code == 403
    assert post(client, "save", attempt, CHANGE, in_seb(address, seb.config_key, VERSION)).status_code == 200


def test_the_address_is_built_from_our_origin_and_not_from_the_host(client, attempt, seb, settings):
    settings.ALLOWED_HOSTS = ["*"]
    path = reverse("exams:save", args=[attempt.key])
    forged = {"X-SafeExamBrowser-ConfigKeyHash": request_hash(f"http://evil.example{path}", seb.config_key)}
    assert post(client, "save", attempt, CHANGE, {**forged, "host": "evil.example"}).status_code == 403
    assert post(client, "save", attempt, CHANGE, {**in_seb(path, seb.config_key), "host": "other"}).status_code == 200


def test_work_without_a_request_proves_nothing(exam, person):
    with pytest.raises(NotInSeb):
        actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)


def test_an_attempt_that_ran_out_is_handed_in_without_any_browser(exam, attempt):
    assert actions.expire_attempt(attempt_id=attempt.pk, now=attempt.clock.final_at.replace(year=2027))


def test_other_exams_ask_nothing_more(client, person, counted):
    ordinary = AttemptFactory(person=person)
    with counted() as done:
        assert post(client, "save", ordinary, CHANGE).status_code == 200
    assert not [sql for sql in done.sql if "seb" in sql.replace("seb_required", "")]


def test_one_query_more_for_an_exam_that_demands_it(client, attempt, seb, counted):
    address = reverse("exams:save", args=[attempt.key])
    with counted() as done:
        post(client, "save", attempt, CHANGE, in_seb(address, seb.config_key))
    assert len([sql for sql in done.sql if "exams_sebsettings" in sql]) == 1
