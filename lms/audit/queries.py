"""Reading and checking the audit log."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from lms.audit.actions import chained_fields
from lms.audit.chain import Break, first_break
from lms.audit.models import AuditEntry, AuditHead

CHECKED = "audit-chain-checked"


def verify_chain() -> Break | None:
    """Recompute the whole chain, newest head included; None when nothing was altered."""
    links = (
        (entry.sequence, entry.previous, entry.hash, chained_fields(entry))
        for entry in AuditEntry.objects.order_by("sequence").iterator()
    )
    found = first_break(links)
    if found:
        return found
    head = AuditHead.objects.filter(pk=1).first()
    last = AuditEntry.objects.order_by("-sequence").first()
    if head and (last.hash if last else "0" * 64) != head.hash:
        return Break(head.sequence, "missing")
    return None


@dataclass(frozen=True, slots=True)
class Verification:
    """What the last check of the chain found."""

    at: datetime
    entries: int
    broken_at: int | None


def verify_and_remember(*, now: datetime) -> Verification:
    """Check the chain and keep the answer for the audit page (in the cache, it is no record)."""
    entries = AuditEntry.objects.count()
    found = verify_chain()
    result = Verification(now, entries, found.sequence if found else None)
    cache.set(CHECKED, (result.at, result.entries, result.broken_at), timeout=30 * 86400)
    return result


def last_verification() -> Verification | None:
    """The last answer, or None."""
    kept = cache.get(CHECKED)
    return Verification(*kept) if kept else None
