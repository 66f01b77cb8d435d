"""Parallel papers by mixed-integer programming, one after the other (pure).

A paper is a program with one binary variable per question: sections filled, criterion share and shares kept, enemies
apart, the sum of difficulties inside a window that all papers have in common, few questions shared with each earlier
paper of the family. Questions at their limit of exposure are no candidates; of the others those used least so far
are cheapest, chance decides among equals. Two things keep the programs small:

* Candidates are thinned first: of each kind of question only so many as the paper could want, least used first, by
  chance. Only when these do not do, more are taken, and in the end all; so thinning never makes a paper impossible.
* That a paper shares too much with an earlier one is rare: such rows are added only when a solution breaks them.

When some paper cannot be made after all, the papers are begun anew with other chances, now warily: with all earlier
papers in view, sharing evenly from the start. A crowded task is planned so at once. In the end, if the task is small,
`joint` decides it for all papers at once; else `obstacles` says what stands in the way. Every paper is checked in
whole numbers before it counts.
"""

from collections.abc import Callable, Sequence
from random import Random

from exams.papers.constraints import (
    ALL_RULES,
    Window,
    add_questions,
    keep_enemies_apart,
    keep_within,
    keeps,
    share_little,
)
from exams.papers.draw import Draw, paper_from
from exams.papers.families import Family, begin, split
from exams.papers.joint import joint_papers
from exams.papers.obstacles import Failure, obstacles
from exams.papers.program import Program, solve
from exams.papers.spec import AssembledPaper, Candidate, Impossible, PaperSpec, Rule, paper_seed
from exams.papers.stock import shortfalls
from exams.papers.windows import windows

Told = Callable[[int, int], object]
# So much worse than the best a paper may be: costs only spread the use evenly.
GAP = 0.2
# Branch and bound ends after so many nodes, for thinned, generous and all candidates.
NODES = (100, 200, 500)
# How often papers are begun anew, for large tasks and for those of so few questions in all papers that it is cheap.
RESTARTS, MORE_RESTARTS, FEW = 3, 8, 2000
# When evenly used questions make papers share more than this part of what they may, all are planned warily at once.
CROWDED = 0.6
# What the largest overlap with an earlier paper costs, per question, when papers are begun anew.
OVERLAP_COST = 5.0


def parallel_papers(spec: PaperSpec, progress: Told) -> list[AssembledPaper]:
    """All papers by number; raises Impossible with what is lacking or with the rules that stand in the way."""
    lacks = shortfalls(spec)
    if lacks:
        raise Impossible(lacks)
    families = begin(spec, split(spec))
    choices = list(windows(spec, families))
    told = Furthest(progress)
    first = int(max(family.usual.shared for family in families) > CROWDED * spec.most_shared)
    failed: Failure | None = None
    last = MORE_RESTARTS if spec.paper_count * spec.total <= FEW else RESTARTS
    for restart in range(first, last if choices else 0):
        window = choices[restart // 2 % len(choices)]
        made, failed = one_after_the_other(spec, [family.anew() for family in families], window, restart, told)
        if failed is None:
            return made
    verdict = joint_papers(spec)
    if verdict.papers:
        told(spec.paper_count, spec.paper_count)
        return [placed(spec, chosen, number) for number, chosen in enumerate(verdict.papers, start=1)]
    raise Impossible(obstacles(spec, failed))


class Furthest:
    """Progress that never goes back: papers begun anew are told when they get further than before."""

    def __init__(self, progress: Told) -> None:
        self.progress, self.done = progress, 0

    def __call__(self, done: int, total: int) -> None:
        if done > self.done:
            self.done = done
            self.progress(done, total)


def one_after_the_other(
    spec: PaperSpec, families: list[Family], window: Window, restart: int, told: "Furthest"
) -> tuple[list[AssembledPaper], Failure | None]:
    """All papers, or how far it went."""
    made: list[AssembledPaper] = []
    for number in range(1, spec.paper_count + 1):
        own = spec.family_of(number)
        seed = paper_seed(spec.seed + restart, number)
        chosen = next_paper(families[own], window, seed=seed, wary=restart > 0)
        if chosen is None:
            return made, Failure(families, own, window)
        families[own].take(chosen)
        made.append(placed(spec, chosen, number))
        told(number, spec.paper_count)
    return made, None


def placed(spec: PaperSpec, chosen: Sequence[Candidate], number: int) -> AssembledPaper:
    """The questions of a paper in their sections, by chance where a question fits several."""
    seed = paper_seed(spec.seed, number)
    chance = Random(seed)
    draw = Draw(spec.sections)
    order = sorted(chosen, key=lambda c: c.version_id)
    chance.shuffle(order)
    for candidate in order:
        draw.add(candidate)
    return paper_from(spec, draw.placed, number=number, seed=seed, chance=chance)


def next_paper(family: Family, window: Window, *, seed: int, wary: bool) -> list[Candidate] | None:
    """The questions of one more paper of a family; None when none was found among all candidates.

    `wary`: keep the largest overlap with earlier papers small, not only within its limit.
    """
    usable = family.usable()
    for tier, nodes in enumerate(NODES):
        candidates = family.candidates(Random(seed), tier)
        chosen = apart_from_earlier(family, candidates, window, seed=seed, nodes=nodes, wary=wary)
        if chosen is not None:
            return chosen
        if len(candidates) == usable:
            return None
    return None


def apart_from_earlier(
    family: Family, candidates: Sequence[Candidate], window: Window, *, seed: int, nodes: int, wary: bool
) -> list[Candidate] | None:
    """A paper from these candidates that shares little with each earlier one."""
    least = min((family.used[c.version_id] for c in candidates), default=0)
    chance = Random(seed)
    cost = [family.used[c.version_id] - least + chance.random() for c in candidates]
    watched = list(family.papers) if wary else []
    while True:
        program = paper_program(family.spec, candidates, cost, window, watched)
        if wary:
            spread_overlap(program, candidates, family)
        solution = solve(program, seed=seed, gap=GAP, nodes=nodes)
        chosen = [c for c, value in zip(candidates, solution.values, strict=False) if value > 0.5]
        if not solution.found or not keeps(family.spec, chosen, window):
            return None
        ids = {c.version_id for c in chosen}
        broken = [paper for paper in family.papers if len(paper & ids) > family.spec.most_shared]
        if not broken:
            return chosen
        watched += broken


def paper_program(
    spec: PaperSpec,
    candidates: Sequence[Candidate],
    cost: Sequence[float],
    window: Window | None,
    watched: Sequence[frozenset[int]],
    rules: frozenset[Rule] = ALL_RULES,
) -> Program:
    """The program for one paper; its first columns are the candidates."""
    program = Program()
    first = add_questions(program, spec, candidates, cost)
    if Rule.ENEMIES in rules:
        keep_enemies_apart(program, candidates, first)
    if window is not None:
        keep_within(program, spec, candidates, window)
    for paper in watched:
        share_little(program, candidates, paper, spec.most_shared)
    return program


def spread_overlap(program: Program, candidates: Sequence[Candidate], family: Family) -> None:
    """Let it cost when the overlap with some earlier paper is far from the average. Papers that share nothing at
    first use up the pool, and later ones would share too much with some of them."""
    off = program.add_column(cost=OVERLAP_COST)
    for paper in family.papers:
        held = [(column, 1.0) for column, c in enumerate(candidates) if c.version_id in paper]
        program.add_row([*held, (off, -1.0)], upper=family.usual.shared)
        program.add_row([*held, (off, 1.0)], lower=family.usual.shared)
