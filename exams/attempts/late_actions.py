"""Answers that came too late to be taken: kept with evidence, and counted when a person rules so."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.db import transaction

from exams.attempts.convergence import Change, Stamp
from exams.attempts.device_actions import moved_at
from exams.attempts.held_models import HeldChange, HeldReason, Ruling
from exams.attempts.ledger import answer_event, append, take_changes, write_answers
from exams.attempts.locking import locked_with_exam
from exams.attempts.models import Attempt, AttemptStatus, EventKind, Mark, SubmitReason
from exams.attempts.packets import Packet, check_positions
from exams.attempts.regrading import regrade
from exams.attempts.statements import update_row
from lms.audit.actions import record

if TYPE_CHECKING:
    from lms.people.models import User

MOST_HELD = 1000  # of one attempt: as many changes as a long exam brings


class CannotRule(Exception):
    """Nothing was ruled. `reason`: void, marked (people have marked the text before), nothing (no change waits)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def hold_changes(*, attempt_key: UUID, by: "User", packet: Packet, device: str = "", now: datetime) -> list[int]:
    """Keep what can no longer be taken but was made in time; returns the numbers kept, also those kept before.

    In time: made, as the browser claims on the server's clock, after the start and before the server handed the
    attempt in (or before it went to another device), and brought within the exam's late window. Nothing is kept of an
    attempt that the person handed in themselves. Raises Attempt.DoesNotExist, BadPacket.
    """
    attempt = Attempt.objects.select_related("exam").get(key=attempt_key, person_id=by.pk)
    reason, until = border_of(attempt)
    if until is None or now > until + timedelta(minutes=attempt.exam.late_minutes):
        return []
    changes = [change for change in packet.to_changes() if in_time(change, attempt, until)]
    check_positions(changes, item_count=attempt.item_count)
    return keep(attempt, changes, reason=reason, device=device, now=now)


def border_of(attempt: Attempt) -> tuple[HeldReason, datetime | None]:
    """Why changes are held, and until when they must have been made; None: nothing is held."""
    if attempt.status == AttemptStatus.SUBMITTED and attempt.submit_reason != SubmitReason.PERSON:
        return HeldReason.LATE, attempt.submitted_at
    if attempt.status == AttemptStatus.WRITING and attempt.device:
        return HeldReason.DEVICE, moved_at(attempt)
    return HeldReason.LATE, None


def in_time(change: Change, attempt: Attempt, until: datetime) -> bool:
    """Whether the change claims to have been made while it would have counted."""
    return change.made_at is not None and attempt.started_at <= change.made_at <= until


def keep(attempt: Attempt, changes: Iterable[Change], *, reason: HeldReason, device: str, now: datetime) -> list[int]:
    """Rows for the changes that are neither kept nor taken already."""
    wanted = {change.stamp: change for change in changes}
    held = HeldChange.objects.filter(attempt=attempt)
    taken = attempt.events.filter(kind__in=[EventKind.ANSWER, EventKind.LATE])
    known = {
        Stamp(number, client)
        for rows in (held, taken)
        for number, client in rows.filter(client_number__in=[stamp.number for stamp in wanted])
        .order_by()
        .values_list("client_number", "client")
    }
    room = max(0, MOST_HELD - held.count())
    fresh = [change for stamp, change in sorted(wanted.items()) if stamp not in known][:room]
    HeldChange.objects.bulk_create(
        (
            HeldChange(
                attempt=attempt, reason=reason, position=change.position, response=list(change.response),
                client=change.stamp.client, client_number=change.stamp.number, made_at=cast("datetime", change.made_at),
                received_at=now, device=device,
            )
            for change in fresh
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    kept = known & wanted.keys() | {change.stamp for change in fresh}
    return sorted(stamp.number for stamp in kept)


def rule_on(
    *, attempt_id: int, held_ids: Iterable[int], ruling: Ruling, by: "User", reason: str, now: datetime
) -> Attempt:
    """Decide about held changes of one attempt; accepted ones become answers, and the attempt is graded anew.

    Raises Attempt.DoesNotExist, CannotRule.
    """
    with transaction.atomic():
        attempt = locked_with_exam(pk=attempt_id)
        waiting = list(attempt.held_changes.filter(pk__in=list(held_ids), ruling=""))
        refuse_unless_fitting(attempt, waiting, ruling)
        for row in waiting:
            row.ruling, row.ruled_by, row.ruled_at, row.ruling_note = ruling, by, now, reason[:200]
        HeldChange.objects.bulk_update(waiting, ["ruling", "ruled_by", "ruled_at", "ruling_note"])
        if ruling == Ruling.ACCEPTED:
            count_in(attempt, waiting, by=by, reason=reason, now=now)
        record(
            action=f"attempt.late_{ruling}", by=by, now=now, target=attempt,
            enterprise_id=attempt.exam.enterprise_id, reason=reason, detail={"changes": len(waiting)},
        )  # fmt: skip
    return attempt


def count_in(attempt: Attempt, rows: list[HeldChange], *, by: "User", reason: str, now: datetime) -> None:
    """Make accepted changes part of the record: as answers while writing goes on, otherwise as late ones."""
    changes = [
        Change(Stamp(row.client_number, row.client), row.position, tuple(row.response), row.made_at) for row in rows
    ]
    if attempt.status == AttemptStatus.WRITING:
        write_answers(attempt, take_changes(attempt, changes, now=now), now=now)
        update_row(attempt, ("event_count", "highest_number", "head_hash"))
        return
    append(attempt, [answer_event(change, now, EventKind.LATE) for change in changes])
    regrade(attempt, by=by, reason=reason, now=now, facts={"late": len(rows)})


def refuse_unless_fitting(attempt: Attempt, waiting: list[HeldChange], ruling: Ruling) -> None:
    """Raises CannotRule."""
    if attempt.status == AttemptStatus.VOIDED:
        raise CannotRule("void")
    if not waiting:
        raise CannotRule("nothing")
    touched = {row.position for row in waiting}
    marks = Mark.objects.filter(open_answer__answer__attempt=attempt, open_answer__answer__position__in=touched)
    if ruling == Ruling.ACCEPTED and marks.exists():
        raise CannotRule("marked")
