"""Noting signals: what browsers report with the pulse, what the server itself notices."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from exams.attempts.models import Attempt
from exams.integrity.addresses import fingerprint, masked
from exams.integrity.models import Signal, SignalKind, SignalSource
from exams.integrity.reports import Report, checked
from exams.integrity.tolerance import LeaveRules, Step, counts, step_after
from lms.regulations.queries import NoSuchRule, rule_value

# Signals of one kind that an attempt may have: far beyond any tolerance, and a bound to what a browser can fill up.
MOST_OF_A_KIND = 200
LEAVE_RULE = "exam.leave_min_seconds"


@dataclass(frozen=True, slots=True)
class Taken:
    """What the pulse answers and does: leaves that count, how many are free, and the step that follows."""

    count: int
    tolerance: int
    step: Step
    stored: list[Signal] = field(default_factory=list)


@dataclass(slots=True)
class Standing:
    """What an attempt has so far: number of each kind, leaves that count, whether this address is known."""

    numbers: dict[str, int]
    leaves: int
    address_known: bool

    @property
    def first_address(self) -> bool:
        """Whether no address has been noted yet."""
        return not self.numbers.get(SignalKind.ADDRESS)


def take_signals(*, attempt: Attempt, signals: Any, now: datetime, address: str = "") -> Taken:
    """Store what the browser reports and what its address shows; says what the exam's rules make of it.

    `attempt.exam` should be loaded. Two queries without signals, five at most with. A report that came before is
    known by its time and taken once. Beyond `MOST_OF_A_KIND` reports of a kind are dropped, and one signal says so.
    Raises BadReports, and then nothing was taken.
    """
    reports = checked(signals)
    mark = fingerprint(address, attempt_key=str(attempt.key)) if address else ""
    before = standing_of(attempt.pk, mark)
    rows = [*reported(attempt, reports, before, now=now), *address_rows(attempt, before, address, mark, now=now)]
    if rows:
        Signal.objects.bulk_create(rows, ignore_conflicts=True)
    leaves = before.leaves + sum(row.kind == SignalKind.LEFT_PAGE and row.counted for row in rows)
    rules = LeaveRules(attempt.exam.leave_tolerance, attempt.exam.leave_action)
    return Taken(leaves, rules.tolerance, step_after(rules, before=before.leaves, now=leaves), rows)


def standing_of(attempt_id: int, mark: str = "") -> Standing:
    """What there is; one query."""
    rows = (
        Signal.objects.filter(attempt_id=attempt_id)
        .order_by()
        .values("kind")
        .annotate(
            number=Count("pk"),
            counting=Count("pk", filter=Q(counted=True)),
            known=Count("pk", filter=Q(kind=SignalKind.ADDRESS, detail__mark=mark)),
        )
    )
    found = list(rows)
    leaves = sum(row["counting"] for row in found if row["kind"] == SignalKind.LEFT_PAGE)
    known = any(row["known"] for row in found)
    return Standing({row["kind"]: row["number"] for row in found}, leaves, known)


def reported(attempt: Attempt, reports: Sequence[Report], before: Standing, *, now: datetime) -> list[Signal]:
    """Rows for the reports that are new and that there is room for."""
    if not reports:
        return []
    times = Signal.objects.filter(attempt=attempt, made_at__in={report.made_at for report in reports})
    seen = set(times.values_list("kind", "made_at"))
    least = least_leave(now) if any(report.kind == SignalKind.LEFT_PAGE for report in reports) else Decimal(0)
    numbers, rows, dropped = dict(before.numbers), [], set()
    for report in reports:
        if (report.kind, report.made_at) in seen:
            continue
        seen.add((report.kind, report.made_at))
        if numbers.get(report.kind, 0) >= MOST_OF_A_KIND:
            dropped.add(report.kind)
            continue
        numbers[report.kind] = numbers.get(report.kind, 0) + 1
        rows.append(row_of(attempt, report, least=least, now=now))
    return rows + overflow(attempt, dropped, before, now=now)


def row_of(attempt: Attempt, report: Report, *, least: Decimal, now: datetime) -> Signal:
    """One report as a row."""
    long_enough = report.kind != SignalKind.LEFT_PAGE or counts(report.seconds, at_least=least)
    return Signal(
        attempt=attempt,
        kind=report.kind,
        source=SignalSource.BROWSER,
        at=now,
        made_at=report.made_at,
        seconds=report.seconds,
        counted=long_enough and report.kind != SignalKind.NO_CAMERA,  # a fault of the device
        detail=report.detail,
    )


def overflow(attempt: Attempt, dropped: set[str], before: Standing, *, now: datetime) -> list[Signal]:
    """One signal for an attempt that reports without end."""
    if not dropped or before.numbers.get(SignalKind.MANY):
        return []
    return [server_signal(attempt, SignalKind.MANY, {"kind": min(dropped)}, now=now)]


def address_rows(attempt: Attempt, before: Standing, address: str, mark: str, *, now: datetime) -> list[Signal]:
    """An address not seen in this attempt; the first one is noted but is no change."""
    if not mark or before.address_known or before.numbers.get(SignalKind.ADDRESS, 0) >= MOST_OF_A_KIND:
        return []
    row = server_signal(attempt, SignalKind.ADDRESS, {"mark": mark, "shown": masked(address)}, now=now)
    row.counted = not before.first_address
    return [row]


def server_signal(attempt: Attempt, kind: SignalKind, detail: dict[str, Any], *, now: datetime) -> Signal:
    """An unsaved signal that the server noticed."""
    return Signal(attempt=attempt, kind=kind, source=SignalSource.SERVER, at=now, detail=detail)


def least_leave(now: datetime) -> Decimal:
    """Seconds from which on a leave counts."""
    try:
        return rule_value(LEAVE_RULE, on=timezone.localdate(now))
    except NoSuchRule:
        return Decimal(0)


@transaction.atomic
def note(*, attempt: Attempt, kind: SignalKind, now: datetime, detail: dict[str, Any] | None = None) -> Signal | None:
    """Store what the server noticed; None beyond the bound of a kind."""
    if Signal.objects.filter(attempt=attempt, kind=kind).count() >= MOST_OF_A_KIND:
        return None
    row = server_signal(attempt, kind, detail or {}, now=now)
    row.save(force_insert=True)
    return row
