"""Courses follow their pages; rules and enrolments are written once and audited."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from courses.catalogue.actions import Reach, assign, assign_by_audience, complete, end_rule, enrol, sync_courses
from courses.catalogue.models import AssignmentRule, Course, Enrolment, Lesson
from lms.audit.models import AuditEntry
from lms.coverage.models import Outcome
from tests.conftest import Characters
from tests.courses.conftest import NOW
from tests.factories.content import CoursePageFactory, LessonPageFactory, checkpoint_block, text_block
from tests.factories.courses import AssignmentRuleFactory, CourseFactory, EnrolmentFactory
from tests.factories.lms import CategoryFactory, IndustryFactory, UserFactory

pytestmark = pytest.mark.django_db


def film_block(block_id: str, seconds: int = 90) -> dict:
    return {
        "type": "video",
        "id": block_id,
        "value": {"document": None, "title": "片子", "seconds": seconds, "transcript": "先通风。"},
    }


def test_course_and_lessons_are_taken_over_from_the_pages() -> None:
    page = CoursePageFactory(
        code="confined-space",
        credit_hours=Decimal("2.0"),
        must_study=True,
        categories=[CategoryFactory(code="frontline")],
        industries=[IndustryFactory(code="dust")],
    )
    LessonPageFactory(
        parent=page,
        code="cs-1",
        title="哪里算",
        minutes=18,
        body=[text_block(), checkpoint_block("q1"), checkpoint_block("q2")],
    )
    LessonPageFactory(parent=page, code="cs-2", minutes=15, body=[text_block(), film_block("f1", 88)])
    assert sync_courses(by=None, now=NOW) == (1, 2)
    course = Course.objects.get()
    assert (course.code, course.title, course.page_id, course.credit_hours, course.must_study, course.exam_subject) == (
        "confined-space",
        page.title,
        page.pk,
        Decimal("2.0"),
        True,
        "confined-space",
    )
    assert [row.code for row in course.categories.all()] == ["frontline"]
    assert [row.code for row in course.industries.all()] == ["dust"]
    first, second = course.lessons.all()
    assert (first.title, first.position, first.minutes_required, first.kind, first.checkpoints, first.films) == (
        "哪里算",
        1,
        18,
        "reading",
        ["q1", "q2"],
        {},
    )
    assert (second.position, second.minutes_required, second.kind, second.films, second.video_seconds) == (
        2,
        15,
        "reading",
        {"f1": 88},
        88,
    )


def test_lesson_of_films_alone_asks_for_no_more_than_they_last() -> None:
    LessonPageFactory(parent=CoursePageFactory(), minutes=18, body=[film_block("f1", 150), checkpoint_block("q1")])
    sync_courses(by=None, now=NOW)
    lesson = Lesson.objects.get()
    assert (lesson.kind, lesson.minutes_required) == ("video", 2)


def test_taking_over_twice_changes_nothing_and_keeps_ids() -> None:
    LessonPageFactory(parent=CoursePageFactory())
    sync_courses(by=None, now=NOW)
    before = list(Lesson.objects.values()), list(Course.objects.values())
    sync_courses(by=None, now=NOW)
    assert (list(Lesson.objects.values()), list(Course.objects.values())) == before


def test_publishing_and_unpublishing_reach_the_catalogue_at_once(clock) -> None:
    lesson = LessonPageFactory(parent=CoursePageFactory())
    LessonPageFactory(parent=CoursePageFactory(code="other"))
    sync_courses(by=None, now=NOW)
    lesson.title = "新的标题"
    lesson.save_revision().publish()
    assert Lesson.objects.get(code=lesson.code).title == "新的标题"
    lesson.unpublish()
    lesson.get_parent().specific.unpublish()
    assert not Lesson.objects.get(code=lesson.code).published
    assert list(Course.objects.filter(published=True).values_list("code", flat=True)) == ["other"]


def test_course_whose_page_is_gone_is_withdrawn_not_deleted() -> None:
    page = CoursePageFactory(code="old")
    sync_courses(by=None, now=NOW)
    type(page).objects.filter(pk=page.pk).update(live=False)
    sync_courses(by=None, now=NOW)
    assert not Course.objects.get(code="old").published


def test_assigning_is_audited_and_repeating_it_makes_no_second_rule(characters: Characters) -> None:
    course = CourseFactory()
    given = {
        "course": course,
        "reach": Reach(enterprise=characters.enterprise),
        "due_on": date(2026, 12, 20),
        "required": True,
        "by": characters.own_manager,
        "now": NOW,
    }
    rule = assign(**given)
    assert assign(**given) == rule
    assert (rule.valid_from, rule.valid_until, rule.created_by) == (
        date(2026, 11, 24),
        date(2026, 12, 31),
        characters.own_manager,
    )
    entry = AuditEntry.objects.get(action="course.assigned")
    assert (entry.actor_id, entry.enterprise_id, entry.target_id) == (
        characters.own_manager.pk,
        characters.enterprise.pk,
        str(rule.pk),
    )


def test_due_date_of_next_year_starts_with_that_year(characters: Characters) -> None:
    rule = assign(
        course=CourseFactory(),
        reach=Reach(enterprise=characters.enterprise),
        due_on=date(2027, 2, 1),
        required=True,
        by=None,
        now=NOW,
    )
    assert (rule.valid_from, rule.valid_until) == (date(2027, 1, 1), date(2027, 12, 31))


def test_ended_rule_means_nobody_from_today_and_ending_again_changes_nothing(characters: Characters) -> None:
    rule = AssignmentRuleFactory(enterprise=characters.enterprise)
    for _ in range(2):
        end_rule(rule=rule, by=characters.own_manager, now=NOW)
    assert not AssignmentRule.objects.in_force(date(2026, 11, 24)).exists()
    assert AssignmentRule.objects.in_force(date(2026, 11, 23)).exists()
    assert AuditEntry.objects.filter(action="course.rule_ended").count() == 1


def test_enrolling_takes_the_earliest_due_date_and_happens_once(characters: Characters) -> None:
    course = CourseFactory()
    AssignmentRuleFactory(course=course)
    AssignmentRuleFactory(course=course, enterprise=characters.enterprise, due_on=date(2026, 12, 5))
    first = enrol(person=characters.own_learner, course=course, by=characters.own_learner, now=NOW)
    assert (first.year, first.due_on) == (2026, date(2026, 12, 5))
    assert enrol(person=characters.own_learner, course=course, by=characters.own_learner, now=NOW) == first
    assert Enrolment.objects.count() == 1


def test_course_is_completed_once(rules: None) -> None:
    enrolment = EnrolmentFactory(person=UserFactory())
    stale = Enrolment.objects.get(pk=enrolment.pk)
    assert complete(enrolment=enrolment, seconds=5400, by=None, now=NOW)
    assert not complete(enrolment=stale, seconds=9000, by=None, now=NOW)
    assert {row.amount for row in Outcome.objects.all()} == {Decimal("2.00")}


@pytest.mark.parametrize(("seconds", "amount"), [(5400, "2.0"), (5534, "2.0"), (5536, "2.1"), (0, "0.0")])
def test_hours_are_rounded_to_a_tenth(rules: None, seconds: int, amount: str) -> None:
    complete(enrolment=EnrolmentFactory(), seconds=seconds, by=None, now=NOW)
    assert {row.amount for row in Outcome.objects.all()} == {Decimal(amount)}


def test_town_wide_rules_follow_the_audience_and_leave_what_people_arranged() -> None:
    course = CourseFactory(must_study=True)
    course.categories.set([CategoryFactory(code="frontline"), CategoryFactory(code="team_leader")])
    course.industries.set([IndustryFactory(code="dust"), IndustryFactory(code="light")])
    CourseFactory()
    assert assign_by_audience(by=None, now=NOW) == 4
    rule = AssignmentRule.objects.first()
    assert (rule.enterprise, rule.due_on, rule.valid_from, rule.required) == (None, None, date(2026, 1, 1), True)
    end_rule(rule=rule, by=UserFactory(), now=NOW)
    assert assign_by_audience(by=None, now=NOW) == 0


def test_load_courses_may_be_run_again(capsys) -> None:
    LessonPageFactory(parent=CoursePageFactory(categories=[CategoryFactory(code="frontline")]))
    call_command("load_courses")
    call_command("load_courses")
    assert capsys.readouterr().out.splitlines() == [
        "1 courses, 1 lessons, 1 new rules",
        "1 courses, 1 lessons, 0 new rules",
    ]
