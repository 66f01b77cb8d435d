"""The pages: what they show before and after an answer, what they refuse, what they cost."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from exams.attempts import actions as attempts
from exams.bank.models import VersionClause
from exams.papers.models import ExamKind
from exams.practice.models import MemoryCard, PracticeAnswer, PracticeRound
from tests.exams.practice.conftest import ask, exam_on, reply
from tests.factories.exams import (
    CANARY,
    KEY_CANARY,
    NOW,
    QuestionVersionFactory,
    TopicFactory,
    clause,
    exam_with_papers,
    pool_of,
)
from tests.factories.lms import EmploymentFactory

pytestmark = pytest.mark.django_db
TYPES = ["single", "multiple", "true_false", "fill_in", "ordering", "matching", "hotspot"]


@pytest.fixture
def browser(person, client_of, set_now):
    return client_of(person)


def round_address(made) -> str:
    return reverse("exams:practice_round", args=[made.pk])


def send(browser, made, shown, **fields):
    return browser.post(round_address(made), {"place": 1, "version": shown.pk, **fields})


# --- the way through a round -------------------------------------------------------------------


def test_a_topic_is_practised_question_by_question_to_its_end(browser, person, topic, pool):
    begun = browser.post(reverse("exams:practice_topic", args=[topic.pk]))
    made = PracticeRound.objects.get(person=person)
    assert begun["Location"] == round_address(made)
    for number, question in enumerate(made.questions, start=1):
        page = browser.get(round_address(made))
        assert f"第 {number} / 4 题" in page.text
        version = next(version for version in pool if version.question_id == question)
        fields = {"place": number, "version": version.pk, "q1": "o2" if number != 2 else "o1"}
        shown = browser.post(round_address(made), fields, follow=True)
        assert ("答对了" in shown.text, "答错了" in shown.text) == (number != 2, number == 2)
        assert version.explanation in shown.text
    end = browser.get(round_address(made)).text
    assert "4 题对了 3 题" in end
    assert reverse("exams:practice_answer", args=[made.pk, 2]) in end
    assert reverse("exams:practice_answer", args=[made.pk, 1]) not in end


@pytest.mark.parametrize("kind", TYPES)
def test_no_key_reaches_the_page_before_the_answer_and_all_of_it_after(browser, person, kind):
    version = QuestionVersionFactory(type=kind)
    made = ask(version.question, person)
    before = browser.get(round_address(made))
    assert before.status_code == 200
    assert version.stem.split("____")[0] in before.text
    assert CANARY not in before.text
    assert KEY_CANARY not in before.text
    sent = browser.post(
        round_address(made), {"place": 1, "version": version.pk, "response": json.dumps(right_response(version))}
    )
    after = browser.get(sent["Location"]).text
    assert "答对了" in after
    assert CANARY in after
    assert (KEY_CANARY in after) is (kind == "hotspot")  # a blank that is right needs no other form


def right_response(version) -> list[str]:
    """What gets full marks."""
    if version.type == "fill_in":
        return ["通风", "20.9"]
    return ["2000,4000", "7000,2000", "7500,7000"] if version.type == "hotspot" else version.key


def test_the_clause_stands_below_the_answer_with_its_link(browser, person, pool):
    page = clause("gm10-13-02")
    VersionClause.objects.create(version=pool[0], clause=page)
    made = ask(pool[0].question, person)
    reply(made, right=False)
    shown = browser.get(reverse("exams:practice_answer", args=[made.pk, 1])).text
    assert "gm10-13-02 的条文要点" in shown
    assert "再连续答对 2 次就移出" in shown


def test_not_knowing_shows_the_answer_and_counts_as_wrong(browser, person, pool):
    made = ask(pool[0].question, person)
    shown = send(browser, made, pool[0], q1="o2", skip="on")
    assert "看一遍答案" in browser.get(shown["Location"]).text
    given = PracticeAnswer.objects.get()
    assert (given.right, given.response) == (False, [])


def test_a_mark_set_on_a_picture_without_scripts_is_not_yet_an_answer(browser, person):
    version = QuestionVersionFactory(type="hotspot")
    made = ask(version.question, person)
    fields = {"q1.m": "", "q1.size": "320x213", "q1.tap.x": "64", "q1.tap.y": "85"}
    page = send(browser, made, version, **fields)
    assert page.status_code == 200
    assert 'value="2000,3991"' in page.text
    assert KEY_CANARY not in page.text
    assert not PracticeAnswer.objects.exists()


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"response": "{"}, 400),
        ({"response": json.dumps([1])}, 400),
        ({"response": json.dumps(["x" * 5000])}, 400),
        ({"response": '["o2"]', "place": "x"}, 400),
        ({"response": '["o2"]', "version": ""}, 400),
        ({"response": '["o2"]', "place": "7"}, 409),
        ({"response": "[]"}, 422),
        ({}, 422),
    ],
)
def test_what_is_no_answer_is_asked_again_with_the_reason(browser, person, pool, fields, status):
    made = ask(pool[0].question, person)
    page = send(browser, made, pool[0], **fields)
    assert page.status_code == status
    assert 'role="alert"' in page.text
    assert pool[0].stem in page.text
    assert CANARY not in page.text
    assert not MemoryCard.objects.exists()


def test_a_newer_version_is_asked_instead_of_the_one_answered(browser, person, pool):
    made = ask(pool[0].question, person)
    newer = QuestionVersionFactory(question=pool[0].question, number=2)
    page = send(browser, made, pool[0], q1="o2")
    assert page.status_code == 409
    assert newer.stem in page.text
    assert not PracticeAnswer.objects.exists()


def test_rounds_and_answers_of_others_do_not_exist(browser, pool):
    made = ask(pool[0].question, EmploymentFactory().person)
    assert browser.get(round_address(made)).status_code == 404
    assert send(browser, made, pool[0], q1="o2").status_code == 404
    reply(made, right=True)
    assert browser.get(reverse("exams:practice_answer", args=[made.pk, 1])).status_code == 404


def test_topics_and_clauses_that_do_not_exist_are_not_found_empty_ones_say_so(browser, topic):
    assert browser.post(reverse("exams:practice_topic", args=[topic.pk + 1])).status_code == 404
    assert browser.post(reverse("exams:practice_clause", args=["nowhere"])).status_code == 404
    page = browser.post(reverse("exams:practice_topic", args=[topic.pk]), follow=True)
    assert "这里现在没有能练的题" in page.text
    assert "今天没有要练的题" in browser.post(reverse("exams:practice_daily"), follow=True).text
    assert "错题本里现在没有能练的题" in browser.post(reverse("exams:wrong_book"), follow=True).text


# --- exams --------------------------------------------------------------------------------------


def test_while_a_real_exam_is_sat_every_page_leads_to_the_reason(browser, person, topic, pool):
    made = ask(pool[0].question, person)
    reply(made, right=False)
    attempt = attempts.start_attempt(exam_id=exam_with_papers(title="月度考试").pk, by=person, now=NOW)
    gets = ["practice_clauses", "wrong_book"]
    ways = [browser.get(reverse(f"exams:{name}")) for name in gets]
    ways += [browser.post(reverse(f"exams:{name}")) for name in ("practice_daily", "wrong_book")]
    ways += [browser.post(reverse("exams:practice_topic", args=[topic.pk]))]
    ways += [browser.get(round_address(made)), send(browser, made, pool[0], q1="o2")]
    ways += [browser.get(reverse("exams:practice_answer", args=[made.pk, 1]))]
    assert {way["Location"] for way in ways} == {reverse("exams:practice")}
    page = browser.get(reverse("exams:practice")).text
    assert "月度考试" in page
    assert "考试没有交卷以前不能练习" in page
    assert reverse("exams:attempt", args=[attempt.key]) in page
    assert topic.name not in page


def test_an_answer_given_before_is_closed_again_when_an_exam_takes_the_question(browser, person, pool):
    made = ask(pool[0].question, person)
    reply(made, right=False)
    address = reverse("exams:practice_answer", args=[made.pk, 1])
    assert CANARY in browser.get(address).text
    exam_on(pool[0])
    closed = browser.get(address).text
    assert CANARY not in closed
    assert "这道题现在不能看" in closed
    assert pool[0].stem not in closed


def test_the_book_shows_questions_without_answers_and_counts_those_held_back(browser, person):
    versions = [QuestionVersionFactory(type=kind) for kind in ("single", "fill_in", "hotspot")]
    for version in versions:
        reply(ask(version.question, person), right=False)
    exam_on(versions[0])
    page = browser.get(reverse("exams:wrong_book")).text
    assert "2 题待改正" in page
    assert "还有 1 题用在你要考的试里" in page
    assert versions[0].stem not in page
    assert versions[2].stem in page
    assert CANARY not in page
    assert KEY_CANARY not in page


def test_mock_exams_stand_with_practice_and_not_among_exams_or_on_today(browser, set_now):
    mock = exam_with_papers(kind=ExamKind.MOCK, title="全员模拟考试")
    real = exam_with_papers(title="全员正式考试")
    practice, exams, today = (browser.get(reverse(name)).text for name in ("exams:practice", "exams:my_exams", "home"))
    assert (mock.title in practice, mock.title in exams, mock.title in today) == (True, False, False)
    assert (real.title in practice, real.title in exams, real.title in today) == (False, True, True)
    assert reverse("exams:practice") in exams
    assert reverse("exams:practice") in today
    assert "限时" in practice


def test_today_stops_inviting_when_the_days_questions_are_done(browser, person, pool):
    assert "每日练习还有 10 题" in browser.get(reverse("home")).text
    made = PracticeRound.objects.create(
        person=person, mode="daily", questions=[v.question_id for v in pool], started_at=NOW
    )
    for _ in pool:
        reply(made, right=True)
    assert "每日练习还有 6 题" in browser.get(reverse("home")).text


# --- what it costs -------------------------------------------------------------------------------


def busy(person, number: int) -> PracticeRound:
    """Topics, clauses, wrong answers, exams of both kinds, so many of each."""
    asked = []
    for place in range(number):
        tested = clause(f"gm10-13-0{place}")
        versions = pool_of(2, topic=TopicFactory(), tested=tested)
        reply(ask(versions[0].question, person), right=False)
        asked.append(versions[1])
        exam_with_papers()
        exam_with_papers(kind=ExamKind.MOCK)
        attempts.start_attempt(exam_id=exam_with_papers(kind=ExamKind.MOCK).pk, by=person, now=NOW)
    return PracticeRound.objects.create(
        person=person, mode="daily", questions=[version.question_id for version in asked], started_at=NOW
    )


@pytest.mark.parametrize("number", [1, 3])
def test_pages_cost_at_most_twelve_queries_whatever_there_is(browser, person, number, django_assert_max_num_queries):
    made = busy(person, number)
    answered = PracticeAnswer.objects.filter(card__person=person).latest("pk")
    addresses = [
        reverse("exams:practice"),
        reverse("exams:practice_clauses"),
        reverse("exams:wrong_book"),
        round_address(made),
        reverse("exams:practice_answer", args=[answered.round_id, 1]),
    ]
    browser.get(addresses[-1])  # Wagtail keeps the sites' addresses for the requests after the first
    for address in addresses:
        with django_assert_max_num_queries(12):
            assert browser.get(address).status_code == 200


def test_the_days_pages_are_kept_nowhere(browser, person, pool):
    made = ask(pool[0].question, person)
    assert browser.get(round_address(made))["Cache-Control"] == "no-store"
    reply(made, right=True, now=NOW + timedelta(seconds=1))
    assert browser.get(reverse("exams:practice_answer", args=[made.pk, 1]))["Cache-Control"] == "no-store"
