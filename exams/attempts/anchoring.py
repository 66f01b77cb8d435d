"""The form of an anchor: a file with the end of the chain of every attempt that went on since the one before (pure).

The file's digest goes into the audit log. Whoever has kept one of the files can show later that a record was
rewritten, even by somebody who holds the key of the chains and write access to the whole database.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

TITLE = "sanzhen anchor 1"


class BadAnchor(Exception):
    """The file is not one that was written here; the text says where."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of one chain at the moment of the anchor."""

    attempt: str
    sequence: int
    hash: str


def anchor_text(heads: Iterable[Head], *, previous: str) -> str:
    """The file: title, digest of the anchor before ("" for the first), one line per attempt in order of their keys."""
    lines = [TITLE, f"previous {previous or '-'}"]
    lines += [f"{head.attempt} {head.sequence} {head.hash}" for head in sorted(heads, key=lambda head: head.attempt)]
    return "\n".join(lines) + "\n"


def digest_of(text: str) -> str:
    """SHA-256 of the file, 64 hex characters."""
    return hashlib.sha256(text.encode()).hexdigest()


def heads_in(text: str) -> Iterator[Head]:
    """The lines of a file; raises BadAnchor."""
    lines = text.splitlines()
    if not lines or lines[0] != TITLE:
        raise BadAnchor("line 1: not an anchor")
    for number, line in enumerate(lines[2:], start=3):
        parts = line.split(" ")
        if len(parts) != 3 or not parts[1].isdigit():
            raise BadAnchor(f"line {number}: not a head")
        yield Head(parts[0], int(parts[1]), parts[2])
