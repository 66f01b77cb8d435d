"""What a person has to learn, by rule."""

from datetime import UTC, date, datetime

import pytest

from courses.catalogue.queries import my_courses, rules_for
from lms.people.models import EmploymentCategory
from tests.conftest import Characters
from tests.courses.conftest import TODAY
from tests.factories.courses import (
    AssignmentRuleFactory,
    CourseFactory,
    EnrolmentFactory,
    LessonFactory,
    LessonProgressFactory,
)
from tests.factories.lms import CategoryFactory, IndustryFactory

pytestmark = pytest.mark.django_db


def required_codes(person, on=TODAY) -> list[str]:
    return [line.course.code for line in my_courses(person.pk, on=on).required]


DIMENSIONS = [
    lambda c: {},
    lambda c: {"enterprise": c.enterprise},
    lambda c: {"category": c.category},
    lambda c: {"industry": c.industry},
    lambda c: {"post": c.post},
    lambda c: {"person": c.own_learner},
    lambda c: {"region": c.region},
    lambda c: {"committee": c.committee},
    lambda c: {"region": c.region, "category": c.category, "industry": c.industry, "committee": c.committee},
]


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_rule_means_those_in_all_its_dimensions(characters: Characters, dimension) -> None:
    AssignmentRuleFactory(course__code="c1", **dimension(characters))
    assert required_codes(characters.own_learner) == ["c1"]


OTHERS = [
    lambda c: {"enterprise": c.other_enterprise},
    lambda c: {"category": CategoryFactory(code="principal")},
    lambda c: {"industry": IndustryFactory(code="dust")},
    lambda c: {"person": c.other_learner},
    lambda c: {"region": c.other_region},
    lambda c: {"committee": c.other_committee},
    lambda c: {"enterprise": c.enterprise, "category": CategoryFactory(code="principal")},
    lambda c: {"valid_until": date(2026, 11, 23)},
    lambda c: {"valid_from": date(2026, 11, 25)},
]


@pytest.mark.parametrize("dimension", OTHERS)
def test_rule_leaves_out_those_outside_one_of_its_dimensions(characters: Characters, dimension) -> None:
    AssignmentRuleFactory(course__code="c1", **dimension(characters))
    assert required_codes(characters.own_learner) == []


@pytest.mark.parametrize("dimension", [*DIMENSIONS, *OTHERS])
def test_counting_backwards_agrees_with_asking_each_person(characters: Characters, dimension) -> None:
    rule = AssignmentRuleFactory(**dimension(characters))
    if not (rule.valid_from <= TODAY and (rule.valid_until is None or rule.valid_until >= TODAY)):
        return
    backwards = set(rule.employments(on=TODAY).values_list("person__name", flat=True))
    asked = {name.name for name in characters.everybody.values() if rule in rules_for(name.pk, on=TODAY)}
    assert backwards == asked


def test_leaver_loses_the_course_and_joiner_of_a_category_gets_it_the_same_day(characters: Characters) -> None:
    AssignmentRuleFactory(course__code="c1", enterprise=characters.enterprise, category=characters.category)
    characters.own_employment.ended_on = date(2026, 11, 23)
    characters.own_employment.save(update_fields=["ended_on"])
    assert required_codes(characters.own_learner) == []
    other = characters.teamless_colleague
    EmploymentCategory.objects.filter(employment__person=other).update(valid_from=date(2026, 11, 24))
    assert (required_codes(other, date(2026, 11, 23)), required_codes(other)) == ([], ["c1"])


def test_most_urgent_first(characters: Characters) -> None:
    for code, due in [("later", None), ("soon", date(2026, 12, 1)), ("late", date(2026, 11, 20))]:
        AssignmentRuleFactory(course__code=code, due_on=due)
    done = AssignmentRuleFactory(course__code="done", due_on=date(2026, 11, 1)).course
    EnrolmentFactory(person=characters.own_learner, course=done, completed_at=datetime(2026, 11, 2, tzinfo=UTC))
    mine = my_courses(characters.own_learner.pk, on=TODAY)
    assert [(line.course.code, line.standing.state) for line in mine.required] == [
        ("late", "overdue"),
        ("soon", "todo"),
        ("later", "todo"),
        ("done", "done"),
    ]
    assert mine.finished == 1


def test_due_is_the_earliest_of_the_rules_and_the_end_of_the_year_without_one(characters: Characters) -> None:
    course = CourseFactory()
    AssignmentRuleFactory(course=course)
    assert my_courses(characters.own_learner.pk, on=TODAY).required[0].standing.due_on == date(2026, 12, 31)
    AssignmentRuleFactory(course=course, enterprise=characters.enterprise, due_on=date(2026, 12, 5))
    assert my_courses(characters.own_learner.pk, on=TODAY).required[0].standing.due_on == date(2026, 12, 5)


def test_new_year_asks_again(characters: Characters) -> None:
    rule = AssignmentRuleFactory()
    EnrolmentFactory(person=characters.own_learner, course=rule.course, completed_at=datetime(2026, 3, 2, tzinfo=UTC))
    states = [
        my_courses(characters.own_learner.pk, on=day).required[0].standing.state for day in (TODAY, date(2027, 1, 2))
    ]
    assert states == ["done", "todo"]


def test_progress_counts_no_more_than_a_lesson_asks_for(characters: Characters) -> None:
    course = AssignmentRuleFactory().course
    lessons = [LessonFactory(course=course, minutes_required=10) for _ in range(2)]
    LessonFactory(course=course, minutes_required=99, published=False)
    enrolment = EnrolmentFactory(person=characters.own_learner, course=course)
    LessonProgressFactory(
        enrolment=enrolment, lesson=lessons[0], credited_seconds=900, completed_at=enrolment.enrolled_at
    )
    LessonProgressFactory(enrolment=enrolment, lesson=lessons[1], credited_seconds=300)
    standing = my_courses(characters.own_learner.pk, on=TODAY).required[0].standing
    assert (standing.lessons, standing.lessons_done, standing.percent, standing.minutes_left) == (2, 1, 75, 5)


def test_open_courses_fit_industry_and_category_and_advice_is_not_a_must(characters: Characters) -> None:
    CourseFactory(code="everybody")
    CourseFactory(code="mine").industries.add(characters.industry)
    CourseFactory(code="dust").industries.add(IndustryFactory(code="dust"))
    CourseFactory(code="bosses").categories.add(CategoryFactory(code="principal"))
    CourseFactory(code="hidden", published=False)
    AssignmentRuleFactory(course__code="advised", required=False)
    mine = my_courses(characters.own_learner.pk, on=TODAY)
    assert mine.required == []
    assert {line.course.code for line in mine.others} == {"everybody", "mine", "advised"}


def test_person_without_employment_has_nothing_to_learn(characters: Characters) -> None:
    AssignmentRuleFactory()
    assert required_codes(characters.auditor) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_my_courses_takes_five_queries(characters: Characters, queries_of, rows: int) -> None:
    for _ in range(rows):
        rule = AssignmentRuleFactory()
        CourseFactory()
        EnrolmentFactory(person=characters.own_learner, course=rule.course)
    assert queries_of(lambda: my_courses(characters.own_learner.pk, on=TODAY)) == 5
