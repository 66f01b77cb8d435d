"""The only places that read the wall clock for views and tasks; actions receive `now`."""

from datetime import date, datetime

from django.utils import timezone


def current_time() -> datetime:
    """Aware current time."""
    return timezone.now()


def current_date() -> date:
    """Today in the product's time zone (Asia/Shanghai)."""
    return timezone.localdate()
