"""The year's hours: requirement, account, ring."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from courses.requirements.hours import annual_rule, yearly_hours
from courses.requirements.queries import my_year
from courses.requirements.ring import ring_of
from lms.coverage.models import OutcomeKind
from tests.courses.conftest import TODAY
from tests.factories.courses import EnrolmentFactory, LessonProgressFactory
from tests.factories.lms import (
    CategoryFactory,
    EmploymentCategoryFactory,
    EmploymentFactory,
    IndustryFactory,
    OutcomeFactory,
)


@pytest.mark.parametrize(
    ("categories", "high_risk", "construction", "code"),
    [
        (["frontline"], False, False, "hours.annual.worker"),
        (["frontline", "team_leader"], True, False, "hours.annual.worker_high_risk"),
        (["frontline"], False, True, "hours.annual.construction"),
        (["principal"], False, True, "hours.annual.manager"),
        (["frontline", "safety_manager"], True, False, "hours.annual.manager_high_risk"),
        ([], False, False, "hours.annual.worker"),
    ],
)
def test_requirement_follows_category_and_sector(categories, high_risk, construction, code) -> None:
    assert annual_rule(frozenset(categories), high_risk=high_risk, construction=construction) == code


def test_even_pace_is_the_share_of_the_year() -> None:
    hours = yearly_hours(credited=Decimal("14.5"), required=Decimal(20), today=date(2026, 11, 24))
    assert (hours.on_course, hours.behind, hours.short, hours.percent) == (
        Decimal("18.0"),
        Decimal("3.5"),
        Decimal("5.5"),
        72,
    )


def test_more_than_required_is_full_and_not_short() -> None:
    hours = yearly_hours(credited=Decimal(9), required=Decimal(8), today=date(2026, 1, 1))
    assert (hours.percent, hours.short, hours.behind) == (100, 0, 0)
    assert ring_of(hours).dash == "326.7 326.7"


def test_ring_and_tick_of_the_drawing() -> None:
    hours = yearly_hours(credited=Decimal("14.5"), required=Decimal(20), today=date(2026, 11, 24))
    assert (ring_of(hours).dash, ring_of(hours).tick) == ("236.9 326.7", "M38.7 29.2L28.1 14.6")


@pytest.mark.django_db
@pytest.mark.usefixtures("rules")
def test_account_adds_the_ledger_and_what_is_under_way_once() -> None:
    employment = EmploymentFactory(enterprise__industries=[IndustryFactory(code="metallurgy", high_risk_hours=True)])
    EmploymentCategoryFactory(employment=employment, category=CategoryFactory(code="safety_manager"))
    person = employment.person
    OutcomeFactory(person=person, kind=OutcomeKind.HOURS_CREDITED, amount=Decimal("2.5"))
    OutcomeFactory(person=person, kind=OutcomeKind.HOURS_CREDITED, achieved_at=datetime(2025, 6, 1, tzinfo=UTC))
    OutcomeFactory(person=person, kind=OutcomeKind.COURSE_COMPLETED)
    OutcomeFactory(person=person, kind=OutcomeKind.EXAM_PASSED)
    OutcomeFactory(person=person, kind=OutcomeKind.SPOT_CHECK_FAILED)
    done = EnrolmentFactory(person=person, completed_at=datetime(2026, 6, 1, tzinfo=UTC))
    LessonProgressFactory(enrolment=done, lesson__course=done.course, credited_seconds=6750)
    open_one = EnrolmentFactory(person=person)
    LessonProgressFactory(enrolment=open_one, lesson__course=open_one.course, credited_seconds=2700)
    year = my_year(person, on=TODAY)
    assert (year.hours.credited, year.hours.required) == (Decimal("3.5"), Decimal("16.00"))
    assert (year.exams_passed, year.checks_passed, year.checks_taken) == (1, 0, 1)
