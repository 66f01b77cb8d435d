"""Seconds → 学时."""

from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")


def hours_of(seconds: int, *, credit_minutes: Decimal) -> Decimal:
    """Seconds as 学时 (of `credit_minutes`), rounded to a tenth."""
    return (Decimal(seconds) / 60 / credit_minutes).quantize(TENTH, ROUND_HALF_UP)
