"""All parallel papers in one program: exact, but slow, so only for small tasks (pure).

One binary variable per question and paper; a question belongs to at most one family; two papers of a family share a
question when both hold it; the sums of difficulty lie between a variable and that variable plus the spread allowed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

from exams.papers.constraints import (
    ALL_RULES,
    above_usual,
    add_questions,
    all_keep,
    difficulty_terms,
    keep_enemies_apart,
    keep_within,
    tolerated,
)
from exams.papers.program import INFINITY, Program, solve
from exams.papers.spec import GRADE, Candidate, PaperSpec, Rule

MOST_CHOICES = 600
MOST_PAIRS = 6000
NODES = 20_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """`papers`: the questions of each, by number; empty with `impossible` when there are none for certain."""

    papers: list[list[Candidate]] = field(default_factory=list)
    impossible: bool = False


def small(spec: PaperSpec) -> bool:
    """Whether all papers at once are a task of reasonable size."""
    sizes = [spec.papers_in(family) for family in range(spec.families)]
    pairs = sum(size * (size - 1) // 2 for size in sizes)
    return len(spec.pool) * spec.paper_count <= MOST_CHOICES and len(spec.pool) * pairs <= MOST_PAIRS


def joint_papers(spec: PaperSpec, rules: frozenset[Rule] = ALL_RULES) -> Verdict:
    """All papers, or that there are none; neither when the task is too large or was not decided."""
    if not small(spec):
        return Verdict()
    candidates = [c for c in spec.pool if any(section.takes(c) for section in spec.sections)]
    program = Program()
    firsts = [add_paper(program, spec, candidates, rules) for _ in range(spec.paper_count)]
    if Rule.SPREAD in rules:
        add_spread(program, spec, candidates, firsts)
    if Rule.EXPOSURE in rules:
        for place in range(len(candidates)):
            program.add_row(((first + place, 1.0) for first in firsts), upper=spec.most_papers)
    if Rule.FAMILIES in rules and spec.families > 1:
        add_families(program, spec, candidates, firsts)
    if Rule.OVERLAP in rules and spec.most_shared < spec.total:
        add_overlap(program, spec, candidates, firsts)
    solution = solve(program, seed=spec.seed, nodes=NODES)
    if not solution.found:
        return Verdict(impossible=solution.proven)
    papers = [[c for i, c in enumerate(candidates) if solution.values[first + i] > 0.5] for first in firsts]
    return Verdict(papers) if all_keep(spec, papers, rules) else Verdict()


def add_paper(program: Program, spec: PaperSpec, candidates: Sequence[Candidate], rules: frozenset[Rule]) -> int:
    """One paper; returns its first column."""
    first = add_questions(program, spec, candidates, [0.0] * len(candidates))
    if Rule.ENEMIES in rules:
        keep_enemies_apart(program, candidates, first)
    if Rule.TARGET in rules:
        keep_within(program, spec, candidates, tolerated(spec), first=first)
    return first


def add_spread(program: Program, spec: PaperSpec, candidates: Sequence[Candidate], firsts: Sequence[int]) -> None:
    """All sums of difficulty close together."""
    lowest = program.add_column(lower=above_usual(spec, 0), upper=INFINITY)
    for first in firsts:
        terms = [*difficulty_terms(candidates, first), (lowest, -1.0)]
        program.add_row(terms, lower=0.0, upper=spec.widest / GRADE)


def add_families(program: Program, spec: PaperSpec, candidates: Sequence[Candidate], firsts: Sequence[int]) -> None:
    """Every question in papers of one family only."""
    for place in range(len(candidates)):
        owners = [program.add_column(upper=1.0, whole=True) for _ in range(spec.families)]
        program.add_row(((owner, 1.0) for owner in owners), upper=1.0)
        for number, first in enumerate(firsts, start=1):
            program.add_row([(first + place, 1.0), (owners[spec.family_of(number)], -1.0)], upper=0.0)


def add_overlap(program: Program, spec: PaperSpec, candidates: Sequence[Candidate], firsts: Sequence[int]) -> None:
    """Few questions shared by two papers of a family."""
    for one, other in combinations(range(spec.paper_count), 2):
        if spec.family_of(one + 1) != spec.family_of(other + 1):
            continue
        shared = []
        for place in range(len(candidates)):
            both = program.add_column()
            terms = [(firsts[one] + place, 1.0), (firsts[other] + place, 1.0), (both, -1.0)]
            program.add_row(terms, upper=1.0)
            shared.append((both, 1.0))
        program.add_row(shared, upper=spec.most_shared)
