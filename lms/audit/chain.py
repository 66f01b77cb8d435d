"""The arithmetic of the audit chain (pure)."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64


def entry_hash(previous: str, fields: Mapping[str, Any]) -> str:
    """SHA-256 over the previous hash and the canonical JSON of an entry's fields."""
    canonical = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{previous}{canonical}".encode()).hexdigest()


@dataclass(frozen=True)
class Break:
    """The first place where the chain does not hold."""

    sequence: int
    reason: str


def first_break(links: Iterable[tuple[int, str, str, Mapping[str, Any]]]) -> Break | None:
    """Check (sequence, previous, hash, fields) in ascending order; None when all is well."""
    expected_previous, expected_sequence = GENESIS, 1
    for sequence, previous, stored, fields in links:
        if sequence != expected_sequence:
            return Break(expected_sequence, "missing")
        if previous != expected_previous or entry_hash(previous, fields) != stored:
            return Break(sequence, "altered")
        expected_previous, expected_sequence = stored, sequence + 1
    return None
