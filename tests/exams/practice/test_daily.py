"""每日练习: due questions first, then new ones that fit the person; so many on the town's day."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from exams.practice import actions
from exams.practice.models import MemoryCard
from exams.practice.queries import answered_today, daily_left
from lms.regulations.models import RuleValue
from tests.exams.practice.conftest import ask, exam_on, reply
from tests.factories.exams import NOW, pool_of
from tests.factories.lms import (
    CategoryFactory,
    EmploymentCategoryFactory,
    EmploymentFactory,
    IndustryFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TOWN = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def three_a_day(rules):
    RuleValue.objects.filter(code="exam.daily_questions").update(value=3)


def test_due_questions_come_first_the_longest_due_before_the_others(three_a_day, person, pool):
    recent, longest, ahead, new = (version.question for version in pool)
    reply(ask(recent, person), right=False, now=NOW - 2 * DAY)
    reply(ask(longest, person), right=False, now=NOW - 9 * DAY)
    reply(ask(ahead, person), right=True, now=NOW - DAY)
    assert MemoryCard.objects.get(question=ahead).due_at == NOW + DAY
    assert actions.begin_daily(by=person, now=NOW).questions == [longest.pk, recent.pk, new.pk]


def test_a_question_is_due_from_the_beginning_of_its_day_in_the_town(three_a_day, person, pool):
    answered = datetime(2026, 11, 24, 23, 30, tzinfo=TOWN)
    reply(ask(pool[0].question, person), right=False, now=answered)
    same_evening = actions.begin_daily(by=person, now=answered + timedelta(minutes=20))
    assert pool[0].question_id not in same_evening.questions
    next_morning = actions.begin_daily(by=person, now=datetime(2026, 11, 25, 0, 1, tzinfo=TOWN))
    assert next_morning.questions[0] == pool[0].question_id


def test_the_day_ends_at_midnight_in_the_town_and_after_so_many_questions(three_a_day, person, pool):
    late = datetime(2026, 11, 24, 23, 59, tzinfo=TOWN)
    made = actions.begin_daily(by=person, now=late)
    for _ in range(2):
        reply(made, right=True, now=late)
    assert answered_today(person.pk, now=late).count() == 2
    assert daily_left(person.pk, now=late) == 1
    reply(made, right=True, now=late)
    with pytest.raises(actions.NothingToPractise):
        actions.begin_daily(by=person, now=late)
    midnight = late + timedelta(minutes=1)
    assert daily_left(person.pk, now=midnight) == 3
    assert actions.begin_daily(by=person, now=midnight).questions == [
        version.question_id for version in pool if version.question_id not in made.questions
    ]


def test_a_round_begun_today_goes_on(three_a_day, person, pool):
    made = actions.begin_daily(by=person, now=NOW)
    reply(made, right=True)
    assert actions.begin_daily(by=person, now=NOW + timedelta(hours=1)) == made
    assert actions.begin_daily(by=person, now=NOW + DAY) != made


def test_a_round_whose_rest_an_exam_has_taken_makes_way_for_a_new_one(three_a_day, person, pool):
    made = actions.begin_daily(by=person, now=NOW)
    reply(made, right=True)
    for question in made.questions[1:]:
        exam_on(next(version for version in pool if version.question_id == question))
    assert actions.begin_daily(by=person, now=NOW).questions == [
        version.question_id for version in pool if version.question_id not in made.questions
    ]


def test_new_questions_are_for_everybody_or_for_the_persons_industry_and_category(person, topic):
    employment = person.employments.get()
    mine, foreign = IndustryFactory(), IndustryFactory()
    employment.enterprise.industries.set([mine])
    category, other = CategoryFactory(), CategoryFactory()
    EmploymentCategoryFactory(employment=employment, category=category)
    general, industry, both, wrong_industry, wrong_category = (version.question for version in pool_of(5, topic=topic))
    industry.industries.set([mine, foreign])
    both.industries.set([mine])
    both.categories.set([category, other])
    wrong_industry.industries.set([foreign])
    wrong_category.categories.set([other])
    assert set(actions.begin_daily(by=person, now=NOW).questions) == {general.pk, industry.pk, both.pk}


def test_home_invites_those_at_work_while_something_is_left(three_a_day, person, pool):
    assert daily_left(person.pk, now=NOW) == 3
    assert daily_left(EmploymentFactory(ended_on=(NOW - DAY).date()).person_id, now=NOW) == 0
    assert daily_left(UserFactory().pk, now=NOW) == 0
