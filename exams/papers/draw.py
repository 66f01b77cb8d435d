"""A seeded draw (pure).

One paper is a matching between questions and sections: a question fills at most one place, of an enemy
group at most one question stands in a paper, every section gets its number. Questions are tried in order
of (use so far, chance); when all sections that a question fits are full, an alternating path moves
others aside. The sets of questions that can be placed together form a transversal matroid, so this
order never runs into a dead end that another order would avoid; the criterion questions that the minimum share
needs are placed first and stay placed. Only enemy groups spoil the matroid; then other orders are tried.
"""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from exams.papers.spec import (
    AssembledItem,
    AssembledPaper,
    Candidate,
    Impossible,
    PaperSpec,
    Rule,
    SectionSpec,
    Shortfall,
    paper_seed,
)

TRIES = 20


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


def draw_papers(
    spec: PaperSpec, pools: Sequence[Sequence[Candidate]], progress: Callable[[int, int], object]
) -> list[AssembledPaper]:
    """All papers, each from the pool of its family; raises Impossible at the first that cannot be made."""
    used: Counter[int] = Counter()
    papers: list[AssembledPaper] = []
    for number in range(1, spec.paper_count + 1):
        papers.append(draw_one(spec, pools[spec.family_of(number)], number, used))
        used.update(item.version_id for item in papers[-1].items)
        progress(number, spec.paper_count)
    return papers


def draw_one(spec: PaperSpec, pool: Sequence[Candidate], number: int, used: Counter[int]) -> AssembledPaper:
    """One paper that prefers questions used least so far."""
    seed = paper_seed(spec.seed, number)
    chance = Random(seed)
    draw = None
    for _ in range(TRIES):
        ranks = {c.version_id: (used[c.version_id], chance.random()) for c in pool}
        draw = fill(spec, sorted(pool, key=lambda c: ranks[c.version_id]))
        if draw is not None:
            break
    if draw is None:
        raise Impossible([Shortfall(None, 0, rule=Rule.ENEMIES)])
    return paper_from(spec, draw.placed, number=number, seed=seed, chance=chance)


def paper_from(
    spec: PaperSpec, placed: Sequence[Sequence[Candidate]], *, number: int, seed: int, chance: Random
) -> AssembledPaper:
    """The paper with these questions in its sections, in an order by chance."""
    items: list[AssembledItem] = []
    for place, (section, held) in enumerate(zip(spec.sections, placed, strict=True)):
        order = {candidate.version_id: chance.random() for candidate in sorted(held, key=lambda c: c.version_id)}
        for version_id in sorted(order, key=order.__getitem__):
            items.append(AssembledItem(version_id, place, section.points))
    difficulty = sum(candidate.difficulty for held in placed for candidate in held)
    return AssembledPaper(number, seed, tuple(items), spec.family_of(number), difficulty)


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
