"""From a blueprint and a pool to parallel papers: a seeded draw that meets every constraint (pure).

One paper is a matching between questions and sections: a question fills at most one place, of an enemy
group at most one question stands in a paper, every section gets its number. Questions are tried in order
of (use so far, chance); when all sections that a question fits are full, an alternating path moves
others aside. The sets of questions that can be placed together form a transversal matroid, so this
order never runs into a dead end that another order would avoid; the criterion questions that the minimum share
needs are placed first and stay placed. Only enemy groups spoil the matroid; then other orders are tried.

`assemble(spec)` depends on `spec` alone: the same spec gives the same papers on any machine.
"""

import hashlib
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from random import Random
from typing import Any

METHOD = "draw-1"
TRIES = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question version that may be drawn. `enemy`: "" or the name of its group."""

    version_id: int
    type: str
    topic_id: int
    criterion: bool
    enemy: str = ""


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """So many questions of a type, each worth `points`, from the topics given (none: all)."""

    type: str
    count: int
    points: Decimal
    topic_ids: frozenset[int] = frozenset()

    def takes(self, candidate: Candidate) -> bool:
        """Whether the question may stand in this section."""
        return candidate.type == self.type and (not self.topic_ids or candidate.topic_id in self.topic_ids)


@dataclass(frozen=True, slots=True)
class PaperSpec:
    """Everything the papers depend on."""

    sections: tuple[SectionSpec, ...]
    pool: tuple[Candidate, ...]
    min_criterion_percent: Decimal
    paper_count: int
    seed: int

    @property
    def total(self) -> int:
        """Questions per paper."""
        return sum(section.count for section in self.sections)

    @property
    def criterion_needed(self) -> int:
        """Criterion questions that every paper must hold at least."""
        exact = Decimal(self.total) * self.min_criterion_percent / 100
        return int(exact.to_integral_value(ROUND_CEILING))


@dataclass(frozen=True, slots=True)
class AssembledItem:
    """A question in its place."""

    version_id: int
    section: int
    points: Decimal


@dataclass(frozen=True, slots=True)
class AssembledPaper:
    """One form; `seed` is its own."""

    number: int
    seed: int
    items: tuple[AssembledItem, ...]

    @property
    def total_points(self) -> Decimal:
        """Points that can be reached."""
        return sum((item.points for item in self.items), Decimal(0))


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What the pool lacks: `section` is an index into the sections, None for the criterion share."""

    section: int | None
    missing: int


class Impossible(Exception):
    """The pool cannot fill the blueprint."""

    def __init__(self, shortfalls: Sequence[Shortfall]) -> None:
        super().__init__(", ".join(f"{lack.section}: {lack.missing}" for lack in shortfalls))
        self.shortfalls = tuple(shortfalls)


@dataclass(slots=True)
class Draw:
    """One paper in the making: which candidates stand in which section."""

    sections: tuple[SectionSpec, ...]
    placed: list[list[Candidate]] = field(default_factory=list)
    enemies: set[str] = field(default_factory=set)
    versions: set[int] = field(default_factory=set)
    closed: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.placed = [[] for _ in self.sections]

    @property
    def open_places(self) -> int:
        """Places not yet filled."""
        return sum(section.count - len(held) for section, held in zip(self.sections, self.placed, strict=True))

    def add(self, candidate: Candidate) -> bool:
        """Place a candidate, moving others between sections where needed; False when there is no way."""
        if candidate.version_id in self.versions or (candidate.enemy and candidate.enemy in self.enemies):
            return False
        starts = [i for i, s in enumerate(self.sections) if i not in self.closed and s.takes(candidate)]
        path = self.path_to_open_place(starts)
        if path is None:
            self.closed.update(self.reached(starts))
            return False
        self.shift(candidate, path)
        self.versions.add(candidate.version_id)
        if candidate.enemy:
            self.enemies.add(candidate.enemy)
        return True

    def path_to_open_place(self, starts: Sequence[int]) -> list[tuple[int, int]] | None:
        """Sections from a start to one with room, each with the place in it of the candidate that moves on."""
        back: dict[int, tuple[int, int] | None] = dict.fromkeys(starts)
        queue = deque(starts)
        while queue:
            here = queue.popleft()
            if len(self.placed[here]) < self.sections[here].count:
                return self.unwind(here, back)
            for place, held in enumerate(self.placed[here]):
                for other, section in enumerate(self.sections):
                    if other not in back and section.takes(held):
                        back[other] = (here, place)
                        queue.append(other)
        return None

    def unwind(self, last: int, back: dict[int, tuple[int, int] | None]) -> list[tuple[int, int]]:
        """The path found, first section first; the last one has place -1 (room)."""
        path = [(last, -1)]
        step = back[last]
        while step is not None:
            path.append(step)
            step = back[step[0]]
        return path[::-1]

    def shift(self, candidate: Candidate, path: Sequence[tuple[int, int]]) -> None:
        """Put the candidate into the first section of the path and pass the others on."""
        moving = candidate
        for section, place in path:
            if place < 0:
                self.placed[section].append(moving)
            else:
                moving, self.placed[section][place] = self.placed[section][place], moving

    def reached(self, starts: Sequence[int]) -> set[int]:
        """Sections that a blocked candidate could move somebody into: all full for good."""
        seen, queue = set(starts), deque(starts)
        while queue:
            here = queue.popleft()
            for held in self.placed[here]:
                for other, section in enumerate(self.sections):
                    if other not in seen and section.takes(held):
                        seen.add(other)
                        queue.append(other)
        return seen


def assemble(spec: PaperSpec) -> Iterator[AssembledPaper]:
    """The papers one after the other; raises Impossible at the first that cannot be made."""
    used: Counter[int] = Counter()
    for number in range(1, spec.paper_count + 1):
        seed = paper_seed(spec.seed, number)
        paper = assemble_one(spec, number, seed, used)
        used.update(item.version_id for item in paper.items)
        yield paper


def assemble_one(spec: PaperSpec, number: int, seed: int, used: Counter[int]) -> AssembledPaper:
    """One paper that prefers questions used least so far."""
    chance = Random(seed)
    draw = None
    for _ in range(TRIES):
        ranks = {c.version_id: (used[c.version_id], chance.random()) for c in spec.pool}
        draw = fill(spec, sorted(spec.pool, key=lambda c: ranks[c.version_id]))
        if draw is not None:
            break
    if draw is None:
        raise Impossible(shortfalls(spec) or [Shortfall(None, 1)])
    items: list[AssembledItem] = []
    for place, (section, held) in enumerate(zip(spec.sections, draw.placed, strict=True)):
        order = {candidate.version_id: chance.random() for candidate in sorted(held, key=lambda c: c.version_id)}
        for version_id in sorted(order, key=order.__getitem__):
            items.append(AssembledItem(version_id, place, section.points))
    return AssembledPaper(number, seed, tuple(items))


def fill(spec: PaperSpec, ordered: Sequence[Candidate]) -> Draw | None:
    """Place candidates in order, the needed criterion questions first; None when places stay empty."""
    draw = Draw(spec.sections)
    needed = spec.criterion_needed
    for candidate in ordered:
        if needed == 0:
            break
        if candidate.criterion:
            needed -= draw.add(candidate)
    if needed:
        return None
    for candidate in ordered:
        if draw.open_places == 0:
            return draw
        draw.add(candidate)
    return draw if draw.open_places == 0 else None


def shortfalls(spec: PaperSpec) -> list[Shortfall]:
    """What the pool lacks for one paper; empty when a paper can be made."""
    draw = Draw(spec.sections)
    for candidate in spec.pool:
        draw.add(candidate)
    found = [
        Shortfall(place, section.count - len(held))
        for place, (section, held) in enumerate(zip(spec.sections, draw.placed, strict=True))
        if len(held) < section.count
    ]
    criterion = Draw(spec.sections)
    for candidate in spec.pool:
        if candidate.criterion:
            criterion.add(candidate)
    lack = spec.criterion_needed - (spec.total - criterion.open_places)
    return [*found, Shortfall(None, lack)] if lack > 0 else found


def paper_seed(seed: int, number: int) -> int:
    """The own seed of a paper, 63 bits."""
    digest = hashlib.sha256(f"{seed}:{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def spec_data(spec: PaperSpec) -> dict[str, Any]:
    """A spec as plain data for storage; `spec_from` is the inverse."""
    return {
        "sections": [[s.type, s.count, str(s.points), sorted(s.topic_ids)] for s in spec.sections],
        "pool": [[c.version_id, c.type, c.topic_id, int(c.criterion), c.enemy] for c in spec.pool],
        "min_criterion_percent": str(spec.min_criterion_percent),
        "paper_count": spec.paper_count,
        "seed": spec.seed,
    }


def spec_from(data: dict[str, Any]) -> PaperSpec:
    """The spec as it was stored."""
    return PaperSpec(
        sections=tuple(
            SectionSpec(kind, count, Decimal(points), frozenset(topic_ids))
            for kind, count, points, topic_ids in data["sections"]
        ),
        pool=tuple(
            Candidate(version_id, kind, topic_id, bool(criterion), enemy)
            for version_id, kind, topic_id, criterion, enemy in data["pool"]
        ),
        min_criterion_percent=Decimal(data["min_criterion_percent"]),
        paper_count=data["paper_count"],
        seed=data["seed"],
    )
