"""Whom the rules reach, inside what the asker may see."""

from datetime import UTC, date, datetime

import pytest

from courses.catalogue.assignees import (
    PeopleFilter,
    course_counts,
    course_people,
    filtered,
    overdue_people,
    rule_counts,
    rules_in_view,
)
from courses.catalogue.models import AssignmentRule
from lms.access.queries import standing_of
from tests.conftest import Characters
from tests.courses.conftest import TODAY
from tests.factories.courses import (
    AssignmentRuleFactory,
    CourseFactory,
    EnrolmentFactory,
    LessonFactory,
    LessonProgressFactory,
)

pytestmark = pytest.mark.django_db
DONE = datetime(2026, 11, 2, tzinfo=UTC)


def scope_of(person):
    return standing_of(person.pk, on=TODAY).scope


def test_counts_are_of_distinct_people_in_view(characters: Characters) -> None:
    course = CourseFactory(code="c1")
    CourseFactory(code="c2")
    AssignmentRuleFactory(course=course, category=characters.category)
    AssignmentRuleFactory(course=course, enterprise=characters.enterprise, due_on=date(2026, 11, 20))
    EnrolmentFactory(person=characters.own_learner, course=course, completed_at=DONE)
    EnrolmentFactory(person=characters.other_learner, course=course, completed_at=DONE)

    def seen(person) -> list[tuple[str, int, int, int]]:
        return [
            (row.course.code, row.assigned, row.finished, row.overdue)
            for row in course_counts(scope_of(person), on=TODAY)
        ]

    assert seen(characters.own_manager) == [("c1", 5, 1, 4), ("c2", 0, 0, 0)]
    assert seen(characters.team_leader) == [("c1", 1, 1, 0), ("c2", 0, 0, 0)]
    assert seen(characters.other_manager) == [("c1", 2, 1, 0), ("c2", 0, 0, 0)]
    assert seen(characters.administrator) == [("c1", 7, 2, 4), ("c2", 0, 0, 0)]
    assert seen(characters.own_learner) == [("c1", 0, 0, 0), ("c2", 0, 0, 0)]


def test_overdue_people_are_counted_once_and_advice_is_never_overdue(characters: Characters) -> None:
    for _ in range(2):
        AssignmentRuleFactory(enterprise=characters.enterprise, due_on=date(2026, 11, 20))
    AssignmentRuleFactory(due_on=date(2026, 11, 20), required=False)
    assert overdue_people(scope_of(characters.own_manager), on=TODAY) == 5
    assert overdue_people(scope_of(characters.other_manager), on=TODAY) == 0


def visible(person) -> set[int]:
    return set(rules_in_view(scope_of(person), on=TODAY).values_list("pk", flat=True))


def test_rules_of_others_are_not_in_view(characters: Characters) -> None:
    c = characters
    town, own, other, region, other_region, committee, named, other_named = (
        AssignmentRuleFactory(**reach).pk
        for reach in [
            {},
            {"enterprise": c.enterprise},
            {"enterprise": c.other_enterprise},
            {"region": c.region},
            {"region": c.other_region},
            {"committee": c.committee},
            {"enterprise": c.enterprise, "person": c.teamless_colleague},
            {"person": c.other_learner},
        ]
    )
    own_view = {town, own, region, committee, named}
    assert visible(c.own_manager) == visible(c.town_supervisor) == visible(c.sector_supervisor) == own_view
    assert visible(c.team_leader) == own_view - {named}
    assert visible(c.other_manager) == {town, other, other_region, other_named}
    assert visible(c.administrator) == own_view | {other, other_region, other_named}


def test_who_may_end_which_rule(characters: Characters) -> None:
    c = characters
    town, own, region, other_region, committee = (
        AssignmentRuleFactory(**reach).pk
        for reach in [
            {},
            {"enterprise": c.enterprise},
            {"region": c.region},
            {"region": c.other_region},
            {"committee": c.committee},
        ]
    )

    def manageable(person) -> set[int]:
        return set(AssignmentRule.objects.manageable_in(scope_of(person)).values_list("pk", flat=True))

    assert manageable(c.own_manager) == {own}
    assert manageable(c.town_supervisor) == {region}
    assert manageable(c.sector_supervisor) == {committee}
    assert manageable(c.team_leader) == manageable(c.other_sector_supervisor) == set()
    assert manageable(c.administrator) == {town, own, region, other_region, committee}


def test_people_of_a_course_with_state_and_due_date_most_urgent_first(characters: Characters) -> None:
    c = characters
    course = CourseFactory()
    lesson = LessonFactory(course=course, minutes_required=10)
    AssignmentRuleFactory(course=course, enterprise=c.enterprise)
    AssignmentRuleFactory(
        course=course, person=c.teamless_colleague, enterprise=c.enterprise, due_on=date(2026, 11, 20)
    )
    EnrolmentFactory(person=c.trainer, course=course, completed_at=DONE)
    enrolment = EnrolmentFactory(person=c.own_learner, course=course)
    LessonProgressFactory(enrolment=enrolment, lesson=lesson, credited_seconds=900)
    rows = list(course_people(course, scope_of(c.own_manager), on=TODAY))
    shown = [(row.person.name, row.state, row.due_on, row.seconds_credited) for row in rows]
    year_end = date(2026, 12, 31)
    assert shown == [
        ("初少华", "overdue", date(2026, 11, 20), 0),
        ("薛桂芬", "part", year_end, 600),
        ("乔雨桐", "todo", year_end, 0),
        ("迟大勇", "todo", year_end, 0),
        ("矫秀兰", "done", year_end, 0),
    ]
    people = course_people(course, scope_of(c.own_manager), on=TODAY)
    assert [row.person.name for row in filtered(people, PeopleFilter(state="part"))] == ["薛桂芬"]
    assert [row.person.name for row in filtered(people, PeopleFilter(text="雨桐"))] == ["乔雨桐"]


@pytest.mark.parametrize("rows", [1, 3])
def test_counting_takes_the_same_queries_whatever_the_number_of_courses(
    characters: Characters, queries_of, rows: int
) -> None:
    for _ in range(rows):
        AssignmentRuleFactory(enterprise=characters.enterprise, due_on=date(2026, 11, 20))
    scope = scope_of(characters.own_manager)
    rules = list(rules_in_view(scope, on=TODAY))
    assert queries_of(lambda: course_counts(scope, on=TODAY)) == 3
    assert queries_of(lambda: rule_counts(rules, scope, on=TODAY)) == 1
    assert queries_of(lambda: overdue_people(scope, on=TODAY)) == 2
