"""What the record of an attempt shows beside the others of the same exam (pure). Evidence for a person, never more.

Times are the server's: how long after the change before (of any question, or the start) a change of a question
arrived. Changes of several questions in one packet, and waits in which the clock was stopped or the device changed,
say nothing about single questions: those questions have no time.

- Rapid guessing, NT10 (Wise & Ma 2012): faster than 10 % of the question's mean time, at most 10 s.
- Response-time effort (Wise & Kong 2005): the share of questions that were not rapid guesses; low below 0.90.
- Slow: the logarithm of the time lies so many standard deviations above that of the others.
- Revisions (the best single indicator in the field experiment of Ranger et al. 2020): single choices that went from
  wrong to right, against what the others did with the same questions; exact upper tail of the Poisson-binomial
  distribution. Ticking several options or writing a text makes wrong answers on the way, so those types are left out.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

PRIOR = 4  # a question's rate of turning counts as much as so many of the exam's average
LEAST_TURNED = 3
LEAST_SLOW = 2
LEAST_RAPID = 2
LEAST_TIMED = 10  # questions with a time, before an effort is stated
SHORTEST = 0.1  # seconds; logarithms want more than zero

Times = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers of `exams.behaviour`'s rules (`lms/starter/rules.toml`)."""

    rapid_percent: float = 10
    rapid_max_seconds: float = 10
    effort_percent: float = 90
    slow_z: float = 3
    revision_percent: float = 0.1
    min_attempts: int = 20


@dataclass(frozen=True, slots=True)
class Move:
    """One change that arrived: the question, and the second."""

    item: int
    at: float


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was answered: whether the first answer was right, and the last."""

    item: int
    first_right: bool
    last_right: bool

    @property
    def turned(self) -> bool:
        """From wrong to right."""
        return not self.first_right and self.last_right


# --- times ---------------------------------------------------------------------------------------


def item_times(started: float, moves: Iterable[Move], breaks: Sequence[float] = ()) -> dict[int, float]:
    """Seconds spent on each question, as far as the record tells."""
    times: dict[int, float] = defaultdict(float)
    unknown: set[int] = set()
    packets: dict[float, set[int]] = defaultdict(set)
    for move in moves:
        packets[move.at].add(move.item)
    before = started
    for at in sorted(packets):
        items = packets[at]
        if len(items) > 1 or any(before < moment <= at for moment in breaks):
            unknown |= items
        else:
            times[next(iter(items))] += at - before
        before = at
    return {item: seconds for item, seconds in times.items() if item not in unknown}


def by_item(all_times: Iterable[Times]) -> dict[int, list[float]]:
    """The times of each question."""
    found: dict[int, list[float]] = defaultdict(list)
    for times in all_times:
        for item, seconds in times.items():
            found[item].append(seconds)
    return dict(found)


def thresholds(collected: Mapping[int, Sequence[float]], rules: Rules) -> dict[int, float]:
    """NT10: below so many seconds an answer to the question is a rapid guess; only for questions answered often."""
    return {
        item: min(rules.rapid_max_seconds, fmean(seconds) * rules.rapid_percent / 100)
        for item, seconds in collected.items()
        if len(seconds) >= rules.min_attempts
    }


@dataclass(frozen=True, slots=True)
class Effort:
    """Rapid guesses among the questions with a time."""

    rapid: int
    timed: int

    @property
    def share(self) -> float | None:
        """Response-time effort; None without a question that has a time."""
        return None if not self.timed else 1 - self.rapid / self.timed


def effort(times: Times, limits: Mapping[int, float]) -> Effort:
    """How many of the questions were answered faster than their threshold."""
    timed = [item for item in times if item in limits]
    return Effort(sum(times[item] < limits[item] for item in timed), len(timed))


@dataclass(frozen=True, slots=True)
class Spread:
    """Sums of the logarithms of a question's times, from which one person's own time can be taken out."""

    number: int
    total: float
    squares: float

    @classmethod
    def of(cls, seconds: Iterable[float]) -> "Spread":
        """From all times of a question."""
        logs = [math.log(max(SHORTEST, value)) for value in seconds]
        return cls(len(logs), math.fsum(logs), math.fsum(log * log for log in logs))

    def z(self, seconds: float) -> float | None:
        """How far a time lies above those of the others; None where they do not differ or are fewer than two."""
        log, others = math.log(max(SHORTEST, seconds)), self.number - 1
        if others < 2:
            return None
        mean = (self.total - log) / others
        variance = (self.squares - log * log - others * mean * mean) / (others - 1)
        return (log - mean) / math.sqrt(variance) if variance > 1e-9 else None


def slow_items(times: Times, spreads: Mapping[int, Spread], rules: Rules) -> int:
    """Number of questions that took far longer than they took the others."""
    found = 0
    for item, seconds in times.items():
        spread = spreads.get(item)
        if spread is None or spread.number <= rules.min_attempts:
            continue
        z = spread.z(seconds)
        found += z is not None and z > rules.slow_z
    return found


# --- revisions -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turning:
    """How often a first wrong answer to a question became right: by question, and over all."""

    wrong: Mapping[int, int]
    turned: Mapping[int, int]

    @classmethod
    def of(cls, attempts: Iterable[Sequence[Turn]]) -> "Turning":
        """Counted over all attempts."""
        wrong: dict[int, int] = defaultdict(int)
        turned: dict[int, int] = defaultdict(int)
        for turns in attempts:
            for turn in turns:
                wrong[turn.item] += not turn.first_right
                turned[turn.item] += turn.turned
        return cls(dict(wrong), dict(turned))

    def rates(self, turns: Sequence[Turn]) -> list[float]:
        """For each first wrong answer: how probably the others turned it; the attempt itself is taken out."""
        mine = [turn for turn in turns if not turn.first_right]
        own = sum(turn.turned for turn in mine)
        others_wrong = sum(self.wrong.values()) - len(mine)
        overall = (sum(self.turned.values()) - own) / others_wrong if others_wrong else 0.0
        return [
            (self.turned.get(turn.item, 0) - turn.turned + PRIOR * overall) / (self.wrong.get(turn.item, 0) - 1 + PRIOR)
            for turn in mine
        ]


@dataclass(frozen=True, slots=True)
class Revisions:
    """Answers turned from wrong to right, what was to be expected, and how probable so many are."""

    turned: int
    first_wrong: int
    expected: float
    chance: float


def revisions(turns: Sequence[Turn], turning: Turning) -> Revisions:
    """One attempt against the others."""
    rates = turning.rates(turns)
    turned = sum(turn.turned for turn in turns)
    return Revisions(turned, len(rates), math.fsum(rates), upper_tail(rates, turned))


def upper_tail(rates: Sequence[float], least: int) -> float:
    """P(X ≥ least) where X counts successes of independent trials with these probabilities; exact."""
    if least <= 0:
        return 1.0
    distribution = [1.0]
    for rate in rates:
        stay = [value * (1 - rate) for value in distribution] + [0.0]
        for number, value in enumerate(distribution):
            stay[number + 1] += value * rate
        distribution = stay
    return min(1.0, math.fsum(distribution[least:]))


# --- together ------------------------------------------------------------------------------------

RAPID, LOW_EFFORT, SLOW, REVISIONS = "rapid", "low_effort", "slow", "revisions"


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands out of one attempt, with its figures."""

    traits: tuple[str, ...]
    figures: Mapping[str, float | int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What all attempts of an exam have in common."""

    attempts: int
    limits: Mapping[int, float]
    spreads: Mapping[int, Spread]
    turning: Turning
    rules: Rules

    @classmethod
    def of(cls, times: Sequence[Times], turns: Iterable[Sequence[Turn]], rules: Rules) -> "Comparison":
        """From the records of all."""
        collected = by_item(times)
        spreads = {item: Spread.of(seconds) for item, seconds in collected.items()}
        return cls(len(times), thresholds(collected, rules), spreads, Turning.of(turns), rules)

    def read(self, times: Times, turns: Sequence[Turn]) -> Reading:
        """One of the attempts; nothing stands out where too few can be compared."""
        if self.attempts < self.rules.min_attempts:
            return Reading((), {})
        worked, slow = effort(times, self.limits), slow_items(times, self.spreads, self.rules)
        changed = revisions(turns, self.turning)
        share = worked.share
        low = share is not None and worked.timed >= LEAST_TIMED and share < self.rules.effort_percent / 100
        found = {
            RAPID: worked.rapid >= LEAST_RAPID,
            LOW_EFFORT: low,
            SLOW: slow >= LEAST_SLOW,
            REVISIONS: changed.turned >= LEAST_TURNED and changed.chance < self.rules.revision_percent / 100,
        }
        figures = {
            "rapid": worked.rapid, "timed": worked.timed, "effort": round(1.0 if share is None else share, 4),
            "slow": slow, "turned": changed.turned, "first_wrong": changed.first_wrong,
            "expected": round(changed.expected, 2), "chance": float(f"{changed.chance:.3g}"),
        }  # fmt: skip
        return Reading(tuple(name for name, stands_out in found.items() if stands_out), figures)
