"""The learner's pages over HTTP."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from courses.catalogue.actions import sync_courses
from courses.catalogue.models import Enrolment, Lesson
from courses.progress.models import Beat, LessonProgress, StudyDay
from tests.conftest import Characters
from tests.courses.conftest import NOW, Clock
from tests.factories.content import CoursePageFactory, LessonPageFactory, checkpoint_block, text_block
from tests.factories.courses import AssignmentRuleFactory, CourseFactory, LessonFactory, StudySessionFactory
from tests.factories.lms import UserFactory

TOKEN = "1f742d6c-a44e-42a8-93dd-d0bed94335f8"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
SECRET = "解析只有答题之后才看得到"
ClientOf = Callable[[object], Client]


@pytest.fixture
def lesson() -> Lesson:
    """A lesson with two sections, taken over from its page."""
    LessonPageFactory(
        parent=CoursePageFactory(code="confined-space"),
        code="cs-1",
        body=[
            text_block("先看这一段。"),
            checkpoint_block("q1"),
            text_block("答对才看得到的一段。"),
            checkpoint_block("q2"),
        ],
    )
    sync_courses(by=None, now=NOW)
    return Lesson.objects.get()


@pytest.fixture
def browser(client_of: ClientOf) -> Client:
    return client_of(UserFactory(name="薛桂芬"))


def page(browser: Client, lesson: Lesson) -> str:
    return browser.get(reverse("courses:lesson", args=[lesson.course.code, lesson.code])).content.decode()


def post(browser: Client, name: str, body: object):
    raw = body if isinstance(body, str) else json.dumps(body)
    return browser.post(reverse(f"courses:{name}"), raw, content_type="application/json")


def answer(browser: Client, lesson: Lesson, choice: int, checkpoint: str = "q1", **headers):
    address = reverse("courses:checkpoint", args=[lesson.course.code, lesson.code])
    return browser.post(address, {"checkpoint": checkpoint, "choice": choice}, headers=headers or None)


JSON = {"accept": "application/json"}


def test_strangers_are_sent_to_sign_in_and_scripts_told_so(client: Client, lesson: Lesson) -> None:
    for address in [
        reverse("courses:my_courses"),
        reverse("courses:course", args=["confined-space"]),
        reverse("courses:lesson", args=["confined-space", "cs-1"]),
        reverse("courses:my_hours"),
    ]:
        assert client.get(address).status_code == 302
    assert post(client, "beat", {}).status_code == 401


def test_lesson_shows_what_comes_before_the_open_checkpoint_and_never_the_key(browser: Client, lesson: Lesson) -> None:
    shown = page(browser, lesson)
    assert "先看这一段。" in shown
    assert "答对才看得到的一段。" not in shown
    assert SECRET not in shown
    assert "data-answer" not in shown
    assert shown.count("data-checkpoint") == 1


def test_reading_a_lesson_writes_nothing(browser: Client, lesson: Lesson) -> None:
    page(browser, lesson)
    assert (Enrolment.objects.count(), LessonProgress.objects.count()) == (0, 0)


def test_wrong_answer_gets_a_hint_without_the_explanation(browser: Client, lesson: Lesson) -> None:
    got = answer(browser, lesson, 0, **JSON).json()
    assert (got["right"], SECRET in got["words"], got["left"]) == (False, False, "还要学 18 分钟，还有 2 道题没答对")


def test_right_answer_gets_the_explanation_and_opens_the_next_section(browser: Client, lesson: Lesson) -> None:
    got = answer(browser, lesson, 1, **JSON).json()
    assert (got["right"], got["words"], got["left"]) == (True, SECRET, "还要学 18 分钟，还有 1 道题没答对")
    shown = page(browser, lesson)
    assert "答对才看得到的一段。" in shown
    assert shown.count(SECRET) == 1


def test_checkpoint_works_without_script(browser: Client, lesson: Lesson) -> None:
    response = answer(browser, lesson, 1)
    assert response.status_code == 302
    assert SECRET in page(browser, lesson)


@pytest.mark.parametrize(("checkpoint", "choice", "status"), [("ghost", 1, 404), ("", 1, 404), ("q1", "x", 200)])
def test_malformed_answers_change_nothing(browser: Client, lesson: Lesson, checkpoint, choice, status) -> None:
    assert answer(browser, lesson, choice, checkpoint, **JSON).status_code == status
    assert not LessonProgress.objects.exists()


def test_beats_over_http_credit_the_servers_time(browser: Client, lesson: Lesson, clock: Clock) -> None:
    opened = post(browser, "begin", {"lesson": lesson.code}).json()
    assert (opened["expected"], opened["beat"], opened["credited"], opened["clock"]) == (1, 15, 0, "已计 0 分钟")
    got = {}
    for number in range(1, 7):
        clock.set(NOW + timedelta(seconds=15 * number))
        body = {"token": opened["token"], "number": number, "visible": True, "idle": 1, "at": "text-7", "played": {}}
        got = post(browser, "beat", body).json()
    assert (got["credited"], got["earned"], got["expected"], got["clock"], got["percent"]) == (
        75,
        15,
        7,
        "已计 1 分钟",
        6,
    )
    assert Beat.objects.count() == 6
    assert LessonProgress.objects.get().resume_at == "text-7"
    assert 'data-resume="text-7"' in page(browser, lesson)


def test_opening_elsewhere_answers_409_in_calm_words(browser: Client, lesson: Lesson) -> None:
    older = post(browser, "begin", {"lesson": lesson.code}).json()
    post(browser, "begin", {"lesson": lesson.code})
    response = post(browser, "beat", {"token": older["token"], "number": 1, "visible": True, "idle": 0})
    assert (response.status_code, response.json()["error"]) == (409, "elsewhere")
    assert response.json()["message"].startswith("你在另一处打开了课程")


BAD_BEATS = [
    "",
    "[]",
    "{",
    {"token": "x", "number": 1, "visible": True, "idle": 0},
    {"token": TOKEN, "number": 0, "visible": True, "idle": 0},
    {"token": TOKEN, "number": 1, "visible": True, "idle": -1},
    {"token": TOKEN, "number": 1, "visible": True, "idle": 0, "seconds": 3600},
    {"token": TOKEN, "number": 1, "visible": True, "idle": 0, "played": {"f": [[0, 1e9]]}},
    f'{{"token": "{TOKEN}", "number": 1, "visible": true, "idle": NaN}}',
]


@pytest.mark.parametrize("body", BAD_BEATS)
def test_forged_beats_are_refused(browser: Client, body: object) -> None:
    assert post(browser, "beat", body).status_code == 400


def test_foreign_token_is_unknown(browser: Client) -> None:
    session = StudySessionFactory()
    body = {"token": str(session.token), "number": 1, "visible": True, "idle": 0}
    assert post(browser, "beat", body).status_code == 404
    assert not StudyDay.objects.exclude(person=session.person).exists()


def test_beat_costs_seven_queries_with_signing_in(browser: Client, lesson: Lesson, clock: Clock, queries_of) -> None:
    token = post(browser, "begin", {"lesson": lesson.code}).json()["token"]
    for number in (1, 2):
        clock.set(NOW + timedelta(seconds=15 * number))
        post(browser, "beat", {"token": token, "number": number, "visible": True, "idle": 0})
    clock.set(NOW + timedelta(seconds=45))
    assert queries_of(lambda: post(browser, "beat", {"token": token, "number": 3, "visible": True, "idle": 0})) == 7


def test_unpublished_courses_and_lessons_are_not_found(browser: Client) -> None:
    hidden = LessonFactory(course__published=False)
    gone = LessonFactory(published=False)
    for row in (hidden, gone):
        assert browser.get(reverse("courses:lesson", args=[row.course.code, row.code])).status_code == 404
        assert post(browser, "begin", {"lesson": row.code}).status_code == 404
    assert browser.get(reverse("courses:course", args=[hidden.course.code])).status_code == 404


def test_lesson_belongs_to_its_course(browser: Client, lesson: Lesson) -> None:
    other = CourseFactory()
    assert browser.get(reverse("courses:lesson", args=[other.code, lesson.code])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_whatever_the_size_of_the_catalogue(
    characters: Characters, client_of: ClientOf, queries_of, rows: int
) -> None:
    page = CoursePageFactory(code="confined-space")
    for number in range(rows):
        LessonPageFactory(parent=page, code=f"cs-{number}")
    sync_courses(by=None, now=NOW)
    own = Lesson.objects.get(code="cs-0")
    for _ in range(rows):
        AssignmentRuleFactory(course=LessonFactory().course, enterprise=characters.enterprise)
        AssignmentRuleFactory(course=own.course, enterprise=characters.enterprise)
        CourseFactory()
    browser = client_of(characters.own_learner)
    post(browser, "begin", {"lesson": own.code})
    counts = [
        queries_of(lambda address=address: browser.get(address))
        for address in [
            reverse("courses:my_courses"),
            reverse("courses:course", args=["confined-space"]),
            reverse("courses:lesson", args=["confined-space", "cs-0"]),
        ]
    ]
    assert counts == [8, 9, 6]
