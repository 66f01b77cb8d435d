"""Keeping the list of reasons: new ones, other words, retired ones. Nothing is deleted: records point at reasons."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max

from exams.proctoring.models import Reason
from lms.audit.actions import record

if TYPE_CHECKING:
    from lms.people.models import User

COLUMNS = ("label", "fits", "position", "active")


@transaction.atomic
def create_reason(*, code: str, label: str, fits: list[str], by: "User", now: datetime) -> Reason:
    """A new reason, last in the list. Raises IntegrityError for a code that exists (the form looks before)."""
    last = Reason.objects.aggregate(last=Max("position"))["last"] or 0
    reason = Reason.objects.create(code=code, label=label, fits=fits, position=last + 1)
    record(action="reason.created", by=by, now=now, target=reason, detail={"code": code, "label": label, "fits": fits})
    return reason


@transaction.atomic
def change_reason(*, reason: Reason, changes: dict[str, Any], by: "User", now: datetime) -> bool:
    """Other words, other kinds, another place, retired or in use again; the code stays. False where nothing differs.

    The audit log holds the old and the new words; entries written before keep the words of their day.
    """
    reason = Reason.objects.select_for_update().get(pk=reason.pk)
    differing = [name for name in COLUMNS if name in changes and getattr(reason, name) != changes[name]]
    if not differing:
        return False
    before = {name: getattr(reason, name) for name in differing}
    for name in differing:
        setattr(reason, name, changes[name])
    reason.save(update_fields=differing)
    record(
        action="reason.changed", by=by, now=now, target=reason,
        detail={"code": reason.code, "before": before, "after": {name: changes[name] for name in differing}},
    )  # fmt: skip
    return True
