"""The hours of a person in a year: what the ledger holds, what is under way, what is required."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Count, DecimalField, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from courses.catalogue.credit import hours_of
from courses.progress.models import LessonProgress
from courses.requirements.hours import CONSTRUCTION, YearlyHours, annual_rule, yearly_hours
from lms.coverage.models import Outcome, OutcomeKind
from lms.people.audience import PersonFacts, facts_of
from lms.people.models import User
from lms.regulations.queries import NoSuchRule, rule_expression


@dataclass(frozen=True)
class MyYear:
    """我的三真 in a year: hours, exams passed, spot checks passed of those taken."""

    hours: YearlyHours
    exams_passed: int
    checks_passed: int
    checks_taken: int


def total(rows: QuerySet, expression: Sum | Count, output: IntegerField | DecimalField) -> Coalesce:
    """One sum over `rows` of the person as a column, 0 when there are none."""
    grouped = rows.order_by().annotate(group=Value("all", CharField())).values("group").annotate(total=expression)
    return Coalesce(Subquery(grouped.values("total"), output_field=output), 0, output_field=output)


def my_year(person: User, *, on: date, facts: PersonFacts | None = None) -> MyYear:
    """Outcomes of the year plus the honest time of courses not yet finished; one query besides the facts."""
    facts = facts or facts_of(person.pk, on=on)
    code = annual_rule(
        facts.category_codes, high_risk=facts.high_risk_hours, construction=CONSTRUCTION in facts.industry_codes
    )
    row = figures_of(person, code=code, on=on)
    if row["required"] is None or row["credit_minutes"] is None:
        raise NoSuchRule(f"{code} or study.credit_minutes on {on}")
    credited = Decimal(row["hours"]) + hours_of(row["seconds"], credit_minutes=row["credit_minutes"])
    return MyYear(
        hours=yearly_hours(credited=credited, required=row["required"], today=on),
        exams_passed=row["exams"],
        checks_passed=row["passed"],
        checks_taken=row["passed"] + row["failed"],
    )


def figures_of(person: User, *, code: str, on: date) -> Mapping[str, Any]:
    """All figures of the year as columns of one row: hours, seconds under way, counts, the rules in force."""
    ledger = Outcome.objects.standing_on(on).filter(person_id=OuterRef("pk"), achieved_on__year=on.year)
    under_way = LessonProgress.objects.filter(
        enrolment__person_id=OuterRef("pk"), enrolment__year=on.year, enrolment__completed_at__isnull=True
    )
    counted = {
        name: total(ledger.filter(kind=kind), Count("pk"), IntegerField())
        for name, kind in {
            "exams": OutcomeKind.EXAM_PASSED,
            "passed": OutcomeKind.SPOT_CHECK_PASSED,
            "failed": OutcomeKind.SPOT_CHECK_FAILED,
        }.items()
    }
    hours = ledger.filter(kind=OutcomeKind.HOURS_CREDITED)
    row: Mapping[str, Any] = (
        User.objects.filter(pk=person.pk)
        .values(
            hours=total(hours, Sum("amount"), DecimalField(max_digits=9, decimal_places=2)),
            seconds=total(under_way, Sum("credited_seconds"), IntegerField()),
            required=rule_expression(code, on=on),
            credit_minutes=rule_expression("study.credit_minutes", on=on),
            **counted,
        )
        .get()
    )
    return row
