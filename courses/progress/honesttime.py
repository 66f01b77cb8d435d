"""Heartbeats → credited seconds. The server's clock decides, the browser only reports.

Rules (design page "Study time"): credit per beat = min(server interval, most per beat, for video the
media not yet credited); nothing for the first beat, for hidden or idle pages, for replayed or
out-of-order numbers; at most so much a day. Because a beat can only earn the time since the instant up to
which the person's time is already accounted for, no way of sending beats earns more than wall-clock time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

Span = tuple[float, float]
# Two spans count as joined when less than this lies between them (players round their positions).
JOIN_SECONDS = 0.5
# A film counts as watched to the end when less than this is missing.
END_SECONDS = 1.0


class Reason(StrEnum):
    """Why a beat earned all of its interval, or less."""

    CREDITED = "credited"
    FIRST = "first"
    HIDDEN = "hidden"
    IDLE = "idle"
    GAP = "gap"
    NOTHING_NEW = "nothing_new"
    DAY_FULL = "day_full"
    LESSON_DONE = "lesson_done"
    REPLAYED = "replayed"
    OUT_OF_ORDER = "out_of_order"
    TOO_SOON = "too_soon"


# Such beats are answered but never become rows: they change nothing.
REFUSED = frozenset({Reason.REPLAYED, Reason.OUT_OF_ORDER, Reason.TOO_SOON})


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers in force when the session was opened, all in seconds."""

    beat: int
    most_per_beat: int
    idle: int
    day: int


@dataclass(frozen=True, slots=True)
class Claim:
    """What the browser says; only used where it can lower the credit or is checked against the clock."""

    number: int
    visible: bool = True
    idle_seconds: float = 0.0
    played: Mapping[str, Sequence[Span]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clock:
    """What the server knows before the beat.

    counted_until: up to here the person's time is accounted for. watched: film id → seconds watched
    without a gap from the start. media_only: a film lesson, where reading time earns nothing.
    """

    last_number: int
    counted_until: datetime
    day_credited: int
    lesson_done: bool = False
    media_only: bool = False
    watched: Mapping[str, float] = field(default_factory=dict)
    lengths: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a beat earns and the state after it; `interval` is the server's time since the last count."""

    reason: Reason
    credited: int
    interval: float
    counted_until: datetime
    watched: Mapping[str, float]

    @property
    def refused(self) -> bool:
        """Whether the beat leaves no trace in the clock."""
        return self.reason in REFUSED


def weigh(claim: Claim, clock: Clock, limits: Limits, *, now: datetime) -> Verdict:
    """What one beat that arrives at `now` earns."""
    interval = max(0.0, (now - clock.counted_until).total_seconds())
    refusal = refused(claim, clock, limits, interval)
    if refusal:
        return Verdict(refusal, 0, interval, clock.counted_until, clock.watched)
    until = max(now, clock.counted_until)
    stopped = standing_still(claim, clock, limits)
    if stopped:
        return Verdict(stopped, 0, interval, until, clock.watched)
    allowance = min(interval, limits.most_per_beat, limits.day - clock.day_credited)
    watched, credited = study(claim, clock, allowance)
    if interval > limits.most_per_beat:
        reason = Reason.GAP
    elif allowance < interval:
        reason = Reason.DAY_FULL
    elif credited or not (claim.played or clock.media_only):
        # What is left of the last whole second is counted with the next beat.
        reason = Reason.CREDITED
        until -= timedelta(seconds=interval - int(interval)) if not claim.played else timedelta()
    else:
        reason = Reason.NOTHING_NEW
    return Verdict(reason, credited, interval, until, watched)


def refused(claim: Claim, clock: Clock, limits: Limits, interval: float) -> Reason | None:
    """Numbers rise by one; beats that come much faster than agreed are not even noted."""
    if claim.number <= clock.last_number:
        return Reason.REPLAYED
    if claim.number > clock.last_number + 1:
        return Reason.OUT_OF_ORDER
    if claim.number > 1 and interval < limits.beat / 3:
        return Reason.TOO_SOON
    return None


def standing_still(claim: Claim, clock: Clock, limits: Limits) -> Reason | None:
    """Why the whole interval earns nothing, if so. A running film needs no hand on the screen."""
    if claim.number == 1:
        return Reason.FIRST
    if clock.lesson_done:
        return Reason.LESSON_DONE
    if not claim.visible:
        return Reason.HIDDEN
    if claim.idle_seconds > limits.idle and not claim.played:
        return Reason.IDLE
    return Reason.DAY_FULL if clock.day_credited >= limits.day else None


def study(claim: Claim, clock: Clock, allowance: float) -> tuple[dict[str, float], int]:
    """Film seconds seen for the first time plus, outside film lessons, the rest of the allowance as reading."""
    watched, fresh = advance(clock.watched, claim.played, clock.lengths, allowance)
    before = int(sum(clock.watched.values()))
    seen = int(sum(watched.values())) - before if fresh else 0
    if clock.media_only:
        return watched, seen
    played = sum(max(0.0, end - start) for spans in claim.played.values() for start, end in spans)
    return watched, seen + int(max(0.0, allowance - max(played, fresh)))


def advance(
    watched: Mapping[str, float], played: Mapping[str, Sequence[Span]], lengths: Mapping[str, float], allowance: float
) -> tuple[dict[str, float], float]:
    """Move the watched frontiers by what was played, together by at most `allowance` seconds.

    A span that does not join what was watched before is a jump ahead and counts for nothing, and so does
    an unknown film. Returns the frontiers and by how many seconds they moved.
    """
    result, moved = dict(watched), 0.0
    for film, spans in played.items():
        if film not in lengths:
            continue
        frontier = start_at = result.get(film, 0.0)
        for start, end in sorted(spans):
            if start <= frontier + JOIN_SECONDS:
                frontier = max(frontier, min(end, lengths[film]))
        step = min(frontier - start_at, max(0.0, allowance - moved))
        if step > 0:
            result[film] = round(start_at + step, 3)
            moved += step
    return result, moved


@dataclass(frozen=True, slots=True)
class Missing:
    """What a lesson still needs; empty means complete."""

    seconds: int = 0
    checkpoints: int = 0
    film_seconds: int = 0

    def __bool__(self) -> bool:
        return bool(self.seconds or self.checkpoints or self.film_seconds)

    @property
    def minutes(self) -> int:
        """Minutes still to be credited, rounded up."""
        return -(-self.seconds // 60)


def missing(
    *,
    credited: int,
    required: int,
    passed: Sequence[str],
    checkpoints: Sequence[str],
    watched: Mapping[str, float],
    films: Mapping[str, float],
) -> Missing:
    """What is left of a lesson: credited seconds, right answers, films to their end."""
    left = sum(
        max(0.0, length - watched.get(film, 0.0))
        for film, length in films.items()
        if length - watched.get(film, 0.0) > END_SECONDS
    )
    return Missing(
        seconds=max(0, required - credited),
        checkpoints=len(set(checkpoints) - set(passed)),
        film_seconds=-int(-left // 1),
    )
