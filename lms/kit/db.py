"""Compare-and-set: status changes that cannot overwrite each other."""

from collections.abc import Mapping
from typing import Any

from django.db import models


class StaleState(Exception):
    """Somebody else changed the row first, or the transition is not allowed."""


def compare_and_set(row: models.Model, *, expect: Mapping[str, Any], change: Mapping[str, Any]) -> None:
    """UPDATE … SET change WHERE pk AND expect; raises StaleState when no row matched."""
    updated = type(row)._default_manager.filter(pk=row.pk, **expect).update(**change)
    if updated != 1:
        raise StaleState(f"{row._meta.label} {row.pk} is no longer {dict(expect)}")
    for field, value in change.items():
        setattr(row, field, value)
