"""Looking a number up as of a day."""

from datetime import date
from decimal import Decimal

from django.db.models import Subquery

from lms.regulations.models import RuleValue


class NoSuchRule(LookupError):
    """No value of that code is in force on the day asked about."""


def rule_value(code: str, *, on: date) -> Decimal:
    """The value in force on a day, the newest one where several apply; raises NoSuchRule."""
    value = RuleValue.objects.in_force(on).filter(code=code).order_by("-effective_from").values_list("value", flat=True)
    found = value.first()
    if found is None:
        raise NoSuchRule(f"{code} on {on}")
    return found


def rule_values(codes: list[str], *, on: date) -> dict[str, Decimal]:
    """Several values in one query; raises NoSuchRule naming what is missing."""
    rows = RuleValue.objects.in_force(on).filter(code__in=codes).order_by("effective_from")
    found = {row.code: row.value for row in rows}
    missing = sorted(set(codes) - set(found))
    if missing:
        raise NoSuchRule(", ".join(missing))
    return found


def rule_expression(code: str, *, on: date) -> Subquery:
    """The value in force on a day as a column of another query, where one more query would cost too much."""
    found = RuleValue.objects.in_force(on).filter(code=code).order_by("-effective_from")
    return Subquery(found.values("value")[:1])
