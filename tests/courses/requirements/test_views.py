"""我的学时明细, and the cards of the home screens."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.urls import reverse

from courses import panels
from courses.catalogue.models import Enrolment
from courses.progress.actions import open_session, take_beat
from courses.progress.honesttime import Claim
from courses.progress.queries import next_step
from lms.access.queries import standing_of
from lms.people.audience import facts_of
from tests.conftest import Characters
from tests.courses.conftest import NOW, TODAY
from tests.factories.courses import (
    AssignmentRuleFactory,
    EnrolmentFactory,
    LessonFactory,
    LessonProgressFactory,
    StudySessionFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def study(person, *, beats: int = 8, start=NOW):
    lesson = LessonFactory(title="气体检测怎么做", minutes_required=60)
    session = open_session(person=person, lesson=lesson, phone=True, now=start)
    for number in range(1, beats + 1):
        claim = Claim(number, visible=number != 4, idle_seconds=200 if number == 5 else 0)
        take_beat(
            person=person, token=session.token, claim=claim, resume_at="", now=start + timedelta(seconds=15 * number)
        )
    return session


def test_days_and_sessions_say_what_was_credited_and_what_was_not(characters: Characters, client_of) -> None:
    study(characters.own_learner)
    shown = client_of(characters.own_learner).get(reverse("courses:my_hours")).content.decode()
    said = ["气体检测怎么做", "11 月 24 日 星期二", "计入 1 分 15 秒", "页面不在眼前 15 秒", "太久没有操作 15 秒"]
    assert [words for words in said if words not in shown] == []


def test_session_page_lists_every_beat_of_ones_own(characters: Characters, client_of) -> None:
    session = study(characters.own_learner)
    shown = client_of(characters.own_learner).get(reverse("courses:session", args=[session.pk])).content.decode()
    assert shown.count("15 / 15 秒") == 5
    assert shown.count("0 / 15 秒") == 3
    foreign = StudySessionFactory()
    assert client_of(characters.own_learner).get(reverse("courses:session", args=[foreign.pk])).status_code == 404


def test_account_costs_the_same_for_one_and_three_sessions(characters: Characters, client_of, queries_of) -> None:
    browser = client_of(characters.own_learner)
    counts = []
    for start in (0, 1, 2):
        study(characters.own_learner, start=NOW + timedelta(hours=start))
        counts.append(queries_of(lambda: browser.get(reverse("courses:my_hours"))))
    assert counts[0] == counts[2] <= 14


def request_of(person):
    request = RequestFactory().get("/")
    request.user, request.standing = person, standing_of(person.pk, on=TODAY)
    return request


def test_home_shows_the_next_step_and_the_year(characters: Characters) -> None:
    course = LessonFactory(title="第一节").course
    AssignmentRuleFactory(course=course, enterprise=characters.enterprise)
    second, first = panels.learner_cards(request_of(characters.own_learner))
    assert (first.next_step, first.context["step"].lesson.title) == (True, "第一节")
    assert second.context["year"].hours.required == 8
    without_course = panels.learner_cards(request_of(characters.auditor))
    assert [card.template for card in without_course] == ["courses/cards/year.html"]


@pytest.mark.parametrize("rows", [1, 3])
def test_home_cards_take_four_queries(characters: Characters, queries_of, rows: int) -> None:
    for _ in range(rows):
        AssignmentRuleFactory(course=LessonFactory().course, enterprise=characters.enterprise)
    request = request_of(characters.own_learner)
    assert queries_of(lambda: panels.learner_cards(request)) == 4


def test_next_step_is_the_first_open_lesson_of_the_most_urgent_course(characters: Characters) -> None:
    person = characters.own_learner
    later, soon, own = (LessonFactory(title=title, position=1) for title in ["年底的", "快到期的", "自学的"])
    AssignmentRuleFactory(course=later.course)
    AssignmentRuleFactory(course=soon.course, due_on=TODAY + timedelta(days=3))
    enrolment = EnrolmentFactory(person=person, course=own.course)
    LessonProgressFactory(enrolment=enrolment, lesson=own, credited_seconds=120)
    facts = facts_of(person.pk, on=TODAY)

    def title() -> str | None:
        step = next_step(facts, on=TODAY)
        return step and step.lesson.title

    assert title() == "快到期的"
    second = LessonFactory(course=soon.course, title="第二节", position=2)
    done = EnrolmentFactory(person=person, course=soon.course)
    LessonProgressFactory(enrolment=done, lesson=soon, credited_seconds=600, completed_at=NOW)
    step = next_step(facts, on=TODAY)
    assert step is not None
    assert (step.lesson, step.number, step.line.standing.lessons_done) == (second, 2, 1)
    Enrolment.objects.filter(pk=done.pk).update(completed_at=NOW)
    assert title() == "年底的"
    Enrolment.objects.create(person=person, course=later.course, year=2026, enrolled_at=NOW, completed_at=NOW)
    assert title() == "自学的"


def test_workbench_speaks_up_only_when_somebody_is_overdue(characters: Characters) -> None:
    assert panels.workbench_cards(request_of(characters.own_manager)) == []
    AssignmentRuleFactory(enterprise=characters.enterprise, due_on=TODAY - timedelta(days=1))
    assert [card.context for card in panels.workbench_cards(request_of(characters.own_manager))] == [{"count": 5}]
    assert panels.workbench_cards(request_of(characters.other_manager)) == []
