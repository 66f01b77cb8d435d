"""Appending to the record of an attempt whose row is locked: events, chain, answers.

Only the actions of this room call it. Cost: a packet in order needs three writes (events, answers, attempt) and
no read, because every stamp above the attempt's `highest_number` is new and beats every answer that stands. A
packet that overlaps what is known (a retry, a second tab, a late one) costs one read more.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from exams.attempts.chain import genesis, link
from exams.attempts.convergence import Change, Register, Stamp, unknown, winners
from exams.attempts.models import Answer, AnswerEvent, Attempt, EventKind
from exams.attempts.statements import insert_rows, rows_with

EVENT_FIELDS = (
    "attempt",
    "sequence",
    "kind",
    "position",
    "response",
    "client",
    "client_number",
    "made_at",
    "received_at",
    "hash",
)
ANSWER_FIELDS = ("attempt", "position", "response", "client", "client_number", "saved_at")


def chain_key() -> bytes:
    """The secret of the chain."""
    return settings.EVENT_CHAIN_KEY.encode()


def first_hash(attempt: Attempt) -> str:
    """h_0: binds the facts that are fixed at the start."""
    return genesis(
        chain_key(),
        {
            "attempt": str(attempt.key),
            "exam": attempt.exam_id,
            "paper": attempt.paper_id,
            "person": attempt.person_id,
            "number": attempt.number,
            "seed": attempt.seed,
            "started_at": attempt.started_at,
        },
    )


def chained_fields(event: AnswerEvent) -> dict[str, Any]:
    """What the hash of an event covers: everything that it says."""
    return {
        "sequence": event.sequence,
        "kind": str(event.kind),
        "position": event.position,
        "response": event.response,
        "client": event.client,
        "number": event.client_number,
        "made_at": event.made_at,
        "received_at": event.received_at,
    }


def append(attempt: Attempt, events: Sequence[AnswerEvent]) -> None:
    """Number, chain and store events in one statement; sets (does not save) the attempt's end of chain."""
    for event in events:
        attempt.event_count += 1
        event.attempt, event.sequence = attempt, attempt.event_count
        event.hash = attempt.head_hash = link(chain_key(), attempt.head_hash, chained_fields(event))
    insert_rows(
        AnswerEvent,
        EVENT_FIELDS,
        [
            (
                attempt.pk,
                event.sequence,
                event.kind,
                event.position,
                event.response,
                event.client,
                event.client_number,
                event.made_at,
                event.received_at,
                event.hash,
            )
            for event in events
        ],
    )


def answer_event(change: Change, now: datetime, kind: EventKind = EventKind.ANSWER) -> AnswerEvent:
    """The event of one change, in time or late."""
    return AnswerEvent(
        kind=kind,
        position=change.position,
        response=list(change.response),
        client=change.stamp.client,
        client_number=change.stamp.number,
        made_at=change.made_at,
        received_at=now,
    )


def fresh_changes(attempt: Attempt, changes: Iterable[Change]) -> tuple[list[Change], dict[int, Stamp]]:
    """The changes not taken before, and the stamps of the answers that they could meet."""
    candidates = unknown(changes, ())
    if not candidates or candidates[0].stamp.number > attempt.highest_number:
        return candidates, {}
    rows = AnswerEvent.objects.filter(
        attempt=attempt, kind=EventKind.ANSWER, position__in={change.position for change in candidates}
    ).values_list("position", "client_number", "client")
    present: dict[int, Stamp] = {}
    known: set[Stamp] = set()
    for position, number, client in rows:
        stamp = Stamp(number, client)
        known.add(stamp)
        if position is not None:
            present[position] = max(stamp, present.get(position, stamp))
    return unknown(candidates, known), present


def take_changes(attempt: Attempt, changes: Iterable[Change], *, now: datetime) -> dict[int, Change]:
    """Append what is new; returns the changes that now count, by position. Answers are not written yet."""
    fresh, present = fresh_changes(attempt, changes)
    if not fresh:
        return {}
    append(attempt, [answer_event(change, now) for change in fresh])
    attempt.highest_number = max(attempt.highest_number, fresh[-1].stamp.number)
    return winners(fresh, present)


def write_answers(attempt: Attempt, changed: Mapping[int, Change], *, now: datetime) -> None:
    """Make the changes the answers that count, in one statement."""
    if not changed:
        return
    insert_rows(
        Answer,
        ANSWER_FIELDS,
        [
            (attempt.pk, position, list(change.response), change.stamp.client, change.stamp.number, now)
            for position, change in changed.items()
        ],
        unique=("attempt", "position"),
        replace=ANSWER_FIELDS[2:],
    )


def standing_answers(attempt: Attempt) -> dict[int, tuple[Register, datetime]]:
    """The answers as stored, with the moment of saving."""
    fields = ("position", "response", "client_number", "client", "saved_at")
    return {
        position: (Register(Stamp(number, client), tuple(response)), saved_at)
        for position, response, number, client, saved_at in rows_with(Answer, fields, attempt=attempt.pk)
    }
