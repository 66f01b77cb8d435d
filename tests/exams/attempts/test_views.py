"""Pages and JSON: access, errors, what leaks, what it costs."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from exams.attempts import actions
from exams.attempts.models import AnswerEvent, Attempt
from exams.papers.models import Exam, Release
from tests.exams.attempts.conftest import right_answers
from tests.factories.exams import CANARY, NOW, AttemptFactory, exam_with_papers
from tests.factories.lms import EmploymentFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
PAGES = ("attempt", "result")
CALLS = ("save", "submit")


@pytest.fixture
def client(person, client_of, set_now):
    """The candidate's browser at `NOW`."""
    return client_of(person)


def answer_all(attempt, *, right=True):
    """Changes for every question."""
    key = right_answers(attempt)
    return [(n, n, key[n] if right else []) for n in key]


# --- the way through -----------------------------------------------------------------------------


def test_from_the_list_to_the_result(client, exam, post_json):
    assert exam.title in client.get(reverse("exams:my_exams")).content.decode()
    intro = client.get(reverse("exams:exam", args=[exam.pk])).content.decode()
    assert "离线可继续答" in intro
    assert "60 分钟" in intro
    started = client.post(reverse("exams:start", args=[exam.pk]))
    attempt = Attempt.objects.get()
    assert started.url == reverse("exams:attempt", args=[attempt.key])
    assert client.get(started.url).status_code == 200
    saved = post_json(client, "save", attempt, answer_all(attempt)[:2])
    assert saved.json()["acknowledged"] == [1, 2]
    assert saved.json()["deadline"] - saved.json()["now"] == 3600_000
    done = post_json(client, "submit", attempt, answer_all(attempt)[2:]).json()
    result = client.get(done["result"]).content.decode()
    assert "考试合格" in result
    assert done["receipt"] in result


def test_without_a_script_the_form_hands_in(client, attempt):
    key = right_answers(attempt)
    page = client.get(reverse("exams:attempt", args=[attempt.key])).content.decode()
    assert page.count('class="question') == 4
    assert 'type="checkbox" name="q3"' in page
    done = client.post(reverse("exams:submit", args=[attempt.key]), {f"q{n}": key[n] for n in key})
    assert done.url == reverse("exams:result", args=[attempt.key])
    assert Attempt.objects.get().passed is True


def test_saved_answers_come_back_with_the_page(client, attempt, post_json):
    post_json(client, "save", attempt, [(3, 1, ["o2"])])
    page = client.get(reverse("exams:attempt", args=[attempt.key])).content.decode()
    assert re.search(r'name="q1" value="o2" checked', page)
    assert 'data-stamp="3" data-client="1"' in page


def test_start_does_not_answer_get(client, exam):
    assert client.get(reverse("exams:start", args=[exam.pk])).status_code == 405


def test_what_cannot_start_leads_back_to_the_reason(client, exam):
    Exam.objects.filter(pk=exam.pk).update(opens_at=NOW + MINUTE)
    response = client.post(reverse("exams:start", args=[exam.pk]), follow=True)
    assert "考试还没开始" in response.content.decode()
    assert not Attempt.objects.exists()


# --- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ("{}", "client"),
        ("{", "body"),
        ('{"client": 1, "changes": [{"number": 0, "position": 1, "response": []}]}', "changes.0.number"),
        ('{"client": 1, "changes": [{"number": 1, "position": 9, "response": []}]}', "changes.0.position"),
        ('{"client": 1, "changes": [{"number": 1, "position": 1, "response": ["\\u0000"]}]}', "changes.0.response"),
        ('{"client": 1, "changes": [{"number": 1, "position": 1, "response": [7]}]}', "changes.0.response.0"),
        ('{"client": 1, "changes": [{"number": 1, "position": 1, "response": [], "points": 9}]}', "changes.0.points"),
        ('{"client": "1", "changes": []}', "client"),
    ],
)
def test_a_malformed_packet_is_told_what_and_where(client, attempt, body, where):
    for name in CALLS:
        response = client.post(reverse(f"exams:{name}", args=[attempt.key]), body, content_type="application/json")
        assert response.status_code == 400
        assert where in [problem["where"] for problem in response.json()["problems"]]
    assert not AnswerEvent.objects.exists()


def test_saving_after_handing_in_is_a_conflict(client, attempt, post_json):
    post_json(client, "submit", attempt, [])
    response = post_json(client, "save", attempt, [(1, 1, ["o1"])])
    assert (response.status_code, response.json()["error"]) == (409, "submitted")


def test_saving_after_the_grace_is_gone_and_hands_in(client, attempt, post_json, set_now):
    set_now(attempt.clock.final_at + timedelta(seconds=1))
    response = post_json(client, "save", attempt, [(1, 1, ["o1"])])
    assert (response.status_code, response.json()["error"]) == (410, "time_is_up")
    assert client.get(response.json()["result"]).status_code == 200
    assert Attempt.objects.get().submit_reason == "expired"


def test_opening_an_attempt_whose_time_is_over_hands_it_in(client, attempt, set_now):
    set_now(attempt.clock.final_at + MINUTE)
    assert client.get(reverse("exams:attempt", args=[attempt.key])).url == reverse("exams:result", args=[attempt.key])
    assert Attempt.objects.get().status == "submitted"


# --- access --------------------------------------------------------------------------------------


def test_foreign_attempts_do_not_exist(exam, attempt, client_of, set_now, post_json):
    stranger = client_of(EmploymentFactory().person)
    for name in PAGES:
        assert stranger.get(reverse(f"exams:{name}", args=[attempt.key])).status_code == 404
    for name in CALLS:
        assert post_json(stranger, name, attempt, [(1, 1, ["o1"])]).status_code == 404
        assert (
            post_json(
                stranger, name, AttemptFactory.build(exam=exam, key=uuid4(), paper=None, item_count=1, max_score=1), []
            ).status_code
            == 404
        )
    assert not AnswerEvent.objects.exists()


def test_exams_of_others_do_not_exist(rules, client_of, person, set_now):
    exam = exam_with_papers(audience=False)
    browser = client_of(person)
    assert browser.get(reverse("exams:exam", args=[exam.pk])).status_code == 404
    assert browser.post(reverse("exams:start", args=[exam.pk])).status_code == 404
    assert exam.title not in browser.get(reverse("exams:my_exams")).content.decode()


def test_strangers_sign_in_first(db, exam, attempt, post_json):
    from django.test import Client

    browser = Client()
    for name in ("my_exams",):
        assert browser.get(reverse(f"exams:{name}")).status_code == 302
    assert browser.get(reverse("exams:attempt", args=[attempt.key])).status_code == 302
    assert post_json(browser, "save", attempt, []).status_code == 401


# --- keys never leak -----------------------------------------------------------------------------


def everything_to_fetch(client, attempt, post_json):
    """All that a candidate can fetch before release."""
    yield client.get(reverse("exams:my_exams"))
    yield client.get(reverse("exams:exam", args=[attempt.exam_id]))
    yield client.get(reverse("exams:attempt", args=[attempt.key]), follow=True)
    yield post_json(client, "save", attempt, [(1, 1, ["o1"])])
    yield client.get(reverse("home"))
    yield client.get(reverse("exams:result", args=[attempt.key]), follow=True)
    yield post_json(client, "submit", attempt, [(2, 2, ["o1"])])
    yield client.get(reverse("exams:result", args=[attempt.key]))
    attempt.refresh_from_db()
    yield client.get(reverse("exams:receipt", args=[attempt.receipt]))
    yield client.get(reverse("exams:my_exams"))
    yield client.get(reverse("exams:exam", args=[attempt.exam_id]))


def test_nothing_before_release_shows_a_key_or_an_explanation(client, person, rules, post_json):
    exam = exam_with_papers(papers=1, release=Release.AFTER_WINDOW)
    attempt = actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)
    for response in everything_to_fetch(client, attempt, post_json):
        text = response.content.decode()
        assert CANARY not in text
        assert "option-right" not in text
        assert not re.search(r"应选|选错|错题|合格线 \d+.*本次", text), text
        for context in response.context or []:
            for value in context.flatten().values():
                assert CANARY not in repr(value)


def test_passing_is_not_told_before_release(client, person, rules, post_json):
    exam = exam_with_papers(release=Release.AFTER_WINDOW)
    attempt = actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)
    post_json(client, "submit", attempt, answer_all(attempt))
    page = client.get(reverse("exams:result", args=[attempt.key])).content.decode()
    assert "已交卷" in page
    assert "考试合格" not in page
    assert "成绩待公布" in client.get(reverse("exams:my_exams")).content.decode()


def test_after_release_wrong_answers_come_with_their_explanation(client, person, rules, post_json, set_now):
    exam = exam_with_papers(release=Release.AFTER_WINDOW)
    attempt = actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)
    post_json(client, "submit", attempt, [(1, 1, ["o1"])])
    set_now(exam.closes_at)
    page = client.get(reverse("exams:result", args=[attempt.key])).content.decode()
    assert page.count(CANARY) == 4
    assert "选错" in page
    assert "没有合格" in page


def test_the_sheet_reads_no_keys_from_the_database(client, attempt, counted):
    with counted() as done:
        client.get(reverse("exams:attempt", args=[attempt.key]))
    reads = [sql for sql in done.sql if "exams_questionversion" in sql]
    assert reads
    assert not [sql for sql in reads if re.search(r"\"(key|explanation)\"", sql.replace('"exams_attempt"."key"', ""))]


# --- the public check ----------------------------------------------------------------------------


def test_anybody_can_check_a_receipt(db, attempt, post_json, client, set_now):
    from django.test import Client

    post_json(client, "submit", attempt, answer_all(attempt))
    attempt.refresh_from_db()
    page = Client().get(reverse("exams:receipt", args=[attempt.receipt.lower().replace("-", "")])).content.decode()
    assert "相符" in page
    assert "孟*舟" in page
    for private in (attempt.person.name, attempt.person.username, "100 分", "合格线"):
        assert private not in page
    assert "没有这张回执" in Client().get(reverse("exams:receipt", args=["0000-0000-0000"])).content.decode()


def test_an_altered_record_is_told_to_anybody(db, attempt, post_json, client, set_now):
    post_json(client, "submit", attempt, answer_all(attempt))
    Attempt.objects.update(event_count=4)
    code = Attempt.objects.values_list("receipt", flat=True).get()
    assert "不相符" in client.get(reverse("exams:receipt", args=[code])).content.decode()


# --- what it costs -------------------------------------------------------------------------------


def test_the_list_costs_the_same_for_one_and_three_exams(client, attempt, person, counted):
    address = reverse("exams:my_exams")
    client.get(address)
    with counted() as one:
        client.get(address)
    exam_with_papers(prerequisite_subject="principals")
    AttemptFactory(exam=exam_with_papers(), person=person)
    with counted() as three:
        page = client.get(address).content.decode()
    assert page.count('class="item"') == 3
    assert one.count == three.count
    assert three.count <= 12, three.sql


def test_page_and_save_and_result_stay_cheap(client, attempt, counted, post_json):
    with counted() as page:
        client.get(reverse("exams:attempt", args=[attempt.key]))
    with counted() as saved:
        post_json(client, "save", attempt, [(1, 1, ["o1"])])
    post_json(client, "submit", attempt, [])
    with counted() as result:
        client.get(reverse("exams:result", args=[attempt.key]))
    session_and_user = 2
    assert page.count <= 12, page.sql
    assert saved.count - session_and_user <= 4, saved.sql
    assert result.count <= 18, result.sql


def test_today_shows_the_running_exam_first(client, attempt):
    page = client.get(reverse("home")).content.decode()
    assert "继续答题" in page
    assert reverse("exams:attempt", args=[attempt.key]) in page


def test_answers_to_the_script_may_load_nothing_and_pages_keep_their_policy(client, attempt, post_json):
    for call in CALLS:
        policy = post_json(client, call, attempt, [])["Content-Security-Policy"]
        assert policy == "default-src 'none'; frame-ancestors 'none'"
    page = client.get(reverse("exams:result", args=[attempt.key]))
    assert "script-src 'self'" in page["Content-Security-Policy"]
