"""Writing to the audit log, inside the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction

from lms.audit.chain import entry_hash
from lms.audit.models import AuditEntry, AuditHead
from lms.audit.request_address import current_address


def record(
    *,
    action: str,
    by: AbstractBaseUser | None,
    now: datetime,
    target: models.Model | None = None,
    enterprise_id: int | None = None,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Append one entry. Call it last in the transaction: it locks the chain until commit.

    `by` None means the system. `detail` must be JSON-serialisable and hold no personal data in the clear.
    """
    with transaction.atomic():
        AuditHead.objects.get_or_create(pk=1)
        head = AuditHead.objects.select_for_update().get(pk=1)
        entry = AuditEntry(
            sequence=head.sequence + 1,
            at=now,
            actor_id=by.pk if by else None,
            action=action,
            target_type=target._meta.label_lower if target is not None else "",
            target_id=str(target.pk) if target is not None else "",
            enterprise_id=enterprise_id,
            reason=reason,
            detail=dict(detail or {}),
            address=current_address(),
            previous=head.hash,
        )
        entry.hash = entry_hash(head.hash, chained_fields(entry))
        entry.save()
        head.sequence, head.hash = entry.sequence, entry.hash
        head.save(update_fields=["sequence", "hash"])
    return entry


def chained_fields(entry: AuditEntry) -> dict[str, Any]:
    """The fields that the hash covers, in a form that survives a round trip through any database."""
    return {
        "sequence": entry.sequence,
        "at": f"{entry.at.timestamp():.6f}",
        "actor": entry.actor_id,
        "action": entry.action,
        "target": f"{entry.target_type}:{entry.target_id}",
        "enterprise": entry.enterprise_id,
        "reason": entry.reason,
        "detail": entry.detail,
        "address": entry.address or "",
    }
