"""The hours of a person in a year: what the ledger holds, what is under way, what is required."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum

from courses.catalogue.credit import hours_of
from courses.progress.models import LessonProgress
from courses.requirements.hours import ANNUAL_CODES, CONSTRUCTION, YearlyHours, annual_rule, yearly_hours
from lms.coverage.models import Outcome, OutcomeKind
from lms.organisations.models import Industry
from lms.people.models import EmploymentCategory, User
from lms.regulations.queries import rule_values

TRUE_KINDS = {
    "hours": OutcomeKind.HOURS_CREDITED,
    "exams": OutcomeKind.EXAM_PASSED,
    "checks": OutcomeKind.SPOT_CHECK_PASSED,
    "failed_checks": OutcomeKind.SPOT_CHECK_FAILED,
}


@dataclass(frozen=True)
class MyYear:
    """我的三真 in a year: hours, exams passed, spot checks passed of those taken."""

    hours: YearlyHours
    exams_passed: int
    checks_passed: int
    checks_taken: int


def my_year(person: User, *, on: date) -> MyYear:
    """Outcomes of the year plus the honest time of courses not yet finished; five queries."""
    ledger = Outcome.objects.standing_on(on).filter(
        person=person, achieved_on__year=on.year, kind__in=TRUE_KINDS.values()
    )
    sums = ledger.aggregate(
        **{name: Count("pk", filter=Q(kind=kind)) for name, kind in TRUE_KINDS.items()},
        amount=Sum("amount", filter=Q(kind=OutcomeKind.HOURS_CREDITED)),
    )
    under_way = LessonProgress.objects.filter(
        enrolment__person=person, enrolment__year=on.year, enrolment__completed_at__isnull=True
    ).aggregate(seconds=Sum("credited_seconds", default=0))["seconds"]
    industries = industries_of(person, on=on)
    rule = annual_rule(
        categories_of(person, on=on),
        high_risk=any(industry.high_risk_hours for industry in industries),
        construction=any(industry.code == CONSTRUCTION for industry in industries),
    )
    rules = rule_values([*ANNUAL_CODES, "study.credit_minutes"], on=on)
    credited = (sums["amount"] or Decimal(0)) + hours_of(under_way, credit_minutes=rules["study.credit_minutes"])
    return MyYear(
        hours=yearly_hours(credited=credited, required=rules[rule], today=on),
        exams_passed=sums["exams"],
        checks_passed=sums["checks"],
        checks_taken=sums["checks"] + sums["failed_checks"],
    )


def categories_of(person: User, *, on: date) -> frozenset[str]:
    """Codes of the personnel categories of a person on a day."""
    open_then = Q(employment__ended_on__isnull=True) | Q(employment__ended_on__gte=on)
    periods = EmploymentCategory.objects.on(on).filter(
        open_then, employment__person=person, employment__started_on__lte=on
    )
    return frozenset(periods.values_list("category__code", flat=True))


def industries_of(person: User, *, on: date) -> list[Industry]:
    """The industries of the enterprises where a person works on a day."""
    return list(
        Industry.objects.filter(
            Q(enterprises__employments__ended_on__isnull=True) | Q(enterprises__employments__ended_on__gte=on),
            enterprises__employments__person=person, enterprises__employments__started_on__lte=on,
        ).distinct()
    )
