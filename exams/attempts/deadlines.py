"""The one resolver of deadlines: what the rules, a person's extra time, extensions and pauses come to (pure).

deadline = min(start + limit, end of the window) + personal extra time + extensions + pauses. Extra time, extensions
and pauses run beyond the end of the window: they were given, so nobody loses them by having started late.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

NOTHING = timedelta(0)


class ChangeKind(StrEnum):
    """What can happen to the time of an attempt."""

    EXTENSION = "extension"
    PAUSE = "pause"
    RESUMPTION = "resumption"


@dataclass(frozen=True, slots=True)
class TimeFacts:
    """What is fixed at the start. `closes_at`: the end of the exam's window."""

    started_at: datetime
    limit: timedelta
    closes_at: datetime | None
    extra: timedelta = NOTHING


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to the time; `extension` counts for extensions only."""

    kind: ChangeKind
    at: datetime
    extension: timedelta = NOTHING


@dataclass(frozen=True, slots=True)
class Deadline:
    """The result and everything that it is made of, so that it can be said in words.

    `cut_by_window`: how much of the limit the end of the window takes away. `paused_since`: the clock stands.
    """

    at: datetime
    facts: TimeFacts
    cut_by_window: timedelta
    extensions: timedelta
    pauses: timedelta
    paused_since: datetime | None

    @property
    def changed(self) -> bool:
        """Whether anything but the rules of the exam decides."""
        return bool(self.facts.extra or self.extensions or self.pauses or self.paused_since)


def resolve(facts: TimeFacts, changes: Iterable[Change]) -> Deadline:
    """The deadline from the facts and the changes in the order in which they happened.

    A pause in a paused attempt and a resumption of a running one change nothing.
    """
    own = facts.started_at + facts.limit
    base = own if facts.closes_at is None else min(own, facts.closes_at)
    ordered = list(changes)
    pauses, since = paused_time(ordered)
    extensions = sum((change.extension for change in ordered if change.kind == ChangeKind.EXTENSION), NOTHING)
    return Deadline(
        at=base + facts.extra + extensions + pauses,
        facts=facts,
        cut_by_window=own - base,
        extensions=extensions,
        pauses=pauses,
        paused_since=since,
    )


def paused_time(changes: Sequence[Change]) -> tuple[timedelta, datetime | None]:
    """How long the clock stood in all pauses that are over, and since when it stands now."""
    total, since = NOTHING, None
    for change in changes:
        if change.kind == ChangeKind.PAUSE and since is None:
            since = change.at
        elif change.kind == ChangeKind.RESUMPTION and since is not None:
            total, since = total + max(NOTHING, change.at - since), None
    return total, since
