"""How packets that come late, twice or out of order end in the same answers (pure).

Rule: every change of an answer carries a **stamp** (number, client). `number` counts upwards over the whole
attempt: a browser takes one more than the highest number that it has seen, its own and the server's, so a change
made after another one was known always has the higher number. `client` is a random number of the browser and only
breaks ties between two devices that did not know of each other. For each question the highest stamp wins. Taking
the maximum is commutative, associative and idempotent; therefore any interleaving, duplication or reordering of
packets ends in the same answers, and an older packet never overwrites a newer answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Stamp(NamedTuple):
    """Total order over the changes of one attempt."""

    number: int
    client: int


NEVER = Stamp(0, 0)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one answer as a browser sent it. `response` holds option ids; empty means taken back."""

    stamp: Stamp
    position: int
    response: tuple[str, ...]
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """The answer to one question that counts at present."""

    stamp: Stamp
    response: tuple[str, ...]


def unknown(changes: Iterable[Change], known: Iterable[Stamp]) -> list[Change]:
    """The changes that were not taken before, each once, in order of their stamps."""
    seen = set(known)
    fresh: dict[Stamp, Change] = {}
    for change in changes:
        if change.stamp not in seen:
            fresh.setdefault(change.stamp, change)
    return [fresh[stamp] for stamp in sorted(fresh)]


def winners(changes: Iterable[Change], present: Mapping[int, Stamp]) -> dict[int, Change]:
    """By position, the changes that beat what stands (`present`: stamp of each position)."""
    best: dict[int, Change] = {}
    for change in changes:
        standing = best[change.position].stamp if change.position in best else present.get(change.position, NEVER)
        if change.stamp > standing:
            best[change.position] = change
    return best


def replay(changes: Iterable[Change]) -> dict[int, Register]:
    """The answers that a whole record of changes adds up to."""
    return {position: Register(change.stamp, change.response) for position, change in winners(changes, {}).items()}
