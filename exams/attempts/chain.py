"""The arithmetic of the answer-event chain (pure; the key is handed in).

h_0 binds the attempt's frozen facts, h_k = HMAC-SHA-256(key, h_{k-1} ‖ canonical JSON of event k). Without the
key nobody can rewrite an event and mend the links after it, not even with write access to the database. The
chain proves that nothing changed since an event was taken, not that what the browser claimed was true.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


def canonical(fields: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys and without white space; moments as UTC with microseconds."""
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=moment).encode()


def moment(value: object) -> str:
    """An aware datetime in the one form that survives every database; raises TypeError for anything else."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TypeError(f"{value!r} has no canonical form")
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def genesis(key: bytes, facts: Mapping[str, Any]) -> str:
    """h_0, 64 hex characters."""
    return hmac.new(key, b"attempt" + canonical(facts), hashlib.sha256).hexdigest()


def link(key: bytes, previous: str, fields: Mapping[str, Any]) -> str:
    """h_k from h_{k-1} and the event's fields, 64 hex characters."""
    return hmac.new(key, previous.encode() + canonical(fields), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """One stored event as the check sees it; `row` names it in the report."""

    row: int
    sequence: int
    hash: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where the record does not hold. `row` is None where a row is missing."""

    row: int | None
    sequence: int
    reason: str


def faults(key: bytes, first: str, links: Iterable[Link], *, count: int, head: str) -> list[Fault]:
    """Every altered, missing or surplus event; the links must come in order of sequence.

    Each event is checked against the hash *stored* before it, so one altered row is named alone and
    does not hide others.
    """
    found: list[Fault] = []
    previous, expected = first, 1
    for item in links:
        while expected < item.sequence:
            found.append(Fault(None, expected, "missing"))
            expected += 1
        gap = bool(found) and found[-1].row is None and found[-1].sequence == item.sequence - 1
        if not gap and not hmac.compare_digest(link(key, previous, item.fields), item.hash):
            found.append(Fault(item.row, item.sequence, "altered"))
        previous, expected = item.hash, item.sequence + 1
    found.extend(Fault(None, sequence, "missing") for sequence in range(expected, count + 1))
    if not found and (expected - 1 != count or previous != head):
        found.append(Fault(None, expected - 1, "head"))
    return found
