"""Reading the audit log with filters."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from lms.audit.models import AuditEntry
from lms.jobs.registry import Progress
from lms.people.cells import day_of
from lms.people.roster import number_or_none


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What the address of an audit page says."""

    action: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None
    enterprise_id: int | None = None


def audit_filter(params: Mapping[str, str]) -> AuditFilter:
    """Read the query string; what makes no sense is left out."""
    return AuditFilter(
        action=params.get("action", "")[:60],
        text=params.get("q", "").strip()[:60],
        since=day_of(params.get("since", "")),
        until=day_of(params.get("until", "")),
        enterprise_id=number_or_none(params.get("enterprise")),
    )


def midnight(day: date) -> datetime:
    """The start of a day in the product's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def audit_search(wanted: AuditFilter) -> QuerySet[AuditEntry]:
    """The entries, newest first, with who and where."""
    found = AuditEntry.objects.select_related("actor", "enterprise")
    if wanted.action:
        found = found.filter(action=wanted.action)
    if wanted.text:
        found = found.filter(
            Q(actor__name__icontains=wanted.text)
            | Q(actor__username__iexact=wanted.text)
            | Q(reason__icontains=wanted.text)
            | Q(target_id=wanted.text)
        )
    if wanted.since:
        found = found.filter(at__gte=midnight(wanted.since))
    if wanted.until:
        found = found.filter(at__lt=midnight(wanted.until + timedelta(days=1)))
    if wanted.enterprise_id:
        found = found.filter(enterprise_id=wanted.enterprise_id)
    return found


def audit_lines(
    found: QuerySet[AuditEntry], total: int, progress: Progress, label: Callable[[str], str]
) -> Iterator[Sequence[Any]]:
    """The rows of the exported file."""
    for count, entry in enumerate(found.iterator(chunk_size=1000), start=1):
        if count % 1000 == 0:
            progress(count, total)
        yield (
            entry.sequence,
            timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S"),
            entry.actor.name if entry.actor else "系统",
            entry.actor.username if entry.actor else "",
            label(entry.action),
            f"{entry.target_type}:{entry.target_id}" if entry.target_type else "",
            entry.enterprise.name if entry.enterprise else "",
            entry.reason,
            json.dumps(entry.detail, ensure_ascii=False, sort_keys=True),
            entry.address or "",
            entry.hash,
        )
