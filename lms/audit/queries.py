"""Reading and checking the audit log."""

from lms.audit.actions import chained_fields
from lms.audit.chain import Break, first_break
from lms.audit.models import AuditEntry, AuditHead


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
