"""Writing numbers of law and custom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from lms.regulations.models import RuleValue


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One number as a starter file or an editor gives it."""

    code: str
    name: str
    value: Decimal
    unit: str
    source: str
    effective_from: date
    effective_to: date | None = None


@transaction.atomic
def load_rules(*, rows: Iterable[RuleRow]) -> int:
    """Add the values that are missing; a value that is there stays as it was edited. Returns the number added."""
    added = 0
    for row in rows:
        _, created = RuleValue.objects.get_or_create(
            code=row.code,
            effective_from=row.effective_from,
            defaults={
                "name": row.name,
                "value": row.value,
                "unit": row.unit,
                "source": row.source,
                "effective_to": row.effective_to,
            },
        )
        added += created
    return added
