"""The audit log of the history: notable events in order of time, chained as `lms.audit` chains them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lms.audit.actions import chained_fields
from lms.audit.chain import entry_hash
from lms.audit.models import AuditEntry, AuditHead

ROWS = 2_000


@dataclass(slots=True)
class Note:
    """One event that the log is to hold."""

    at: datetime
    action: str
    target_type: str
    target_id: int
    actor_id: int | None = None
    enterprise_id: int | None = None
    reason: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


class Chronicle:
    """Collects events and appends them to the log when a season is over."""

    def __init__(self) -> None:
        self.notes: list[Note] = []

    def add(self, note: Note) -> None:
        """Keep an event until `write`."""
        self.notes.append(note)

    def write(self) -> None:
        """Append everything collected, oldest first."""
        head, _ = AuditHead.objects.get_or_create(pk=1)
        self.notes.sort(key=lambda note: (note.at, note.action, note.target_id))
        for start in range(0, len(self.notes), ROWS):
            entries = [self.entry(head, note) for note in self.notes[start : start + ROWS]]
            AuditEntry.objects.bulk_create(entries)
        head.save(update_fields=["sequence", "hash"])
        self.notes.clear()

    def entry(self, head: AuditHead, note: Note) -> AuditEntry:
        """The next link; moves the head (does not save it)."""
        entry = AuditEntry(
            sequence=head.sequence + 1,
            at=note.at,
            actor_id=note.actor_id,
            action=note.action,
            target_type=note.target_type,
            target_id=str(note.target_id),
            enterprise_id=note.enterprise_id,
            reason=note.reason,
            detail=dict(note.detail),
            previous=head.hash,
        )
        entry.hash = entry_hash(head.hash, chained_fields(entry))
        head.sequence, head.hash = entry.sequence, entry.hash
        return entry
