"""The difficulty that all parallel papers of an exam have in common (pure)."""

from collections.abc import Iterator, Sequence
from random import Random

from exams.papers.constraints import (
    Window,
    above_usual,
    add_questions,
    difficulty_terms,
    keep_enemies_apart,
    keep_within,
    tolerated,
)
from exams.papers.families import Family
from exams.papers.program import Program, solve
from exams.papers.spec import GRADE, PaperSpec, grain
from exams.papers.stock import usual_paper

NODES = (100, 200, 500)


def windows(spec: PaperSpec, families: Sequence[Family]) -> Iterator[Window]:
    """Where the sums of difficulty of all papers could lie, the best first: near the target, or near what papers have
    when questions are used evenly. Each is as wide as papers may differ, and a paper of some family lies in it."""
    aim = usual_sum(spec) if spec.target is None else spec.target * spec.total
    step = grain([c.difficulty for family in families for c in family.spec.pool]) or 1
    below = spec.widest // step // 2 * step
    sums = {total for family in families if (total := nearest(family, aim)) is not None}
    seen: set[Window] = set()
    for middle in sorted(sums, key=lambda total: (abs(total - aim), total)):
        for low in (middle - below, middle - spec.widest, middle):
            window = inside(tolerated(spec), (low, low + spec.widest))
            if window not in seen:
                seen.add(window)
                yield window


def usual_sum(spec: PaperSpec) -> int:
    """The sum of difficulties of a usual paper."""
    return round(usual_paper(spec, min(spec.most_papers, spec.papers_in(0))).difficulty)


def inside(outer: Window, window: Window) -> Window:
    """The part of a window that lies in another."""
    return max(outer[0], window[0]), min(outer[1], window[1])


def nearest(family: Family, aim: int) -> int | None:
    """A sum of difficulties near `aim` that a paper of a family can have, as the target allows; None when there is no
    such paper."""
    spec = family.spec
    for tier, nodes in enumerate(NODES):
        candidates = family.candidates(Random(spec.seed), tier)
        program = Program()
        first = add_questions(program, spec, candidates, [0.0] * len(candidates))
        keep_enemies_apart(program, candidates, first)
        keep_within(program, spec, candidates, tolerated(spec))
        off = [(program.add_column(cost=1.0), 1.0), (program.add_column(cost=1.0), -1.0)]
        middle = above_usual(spec, aim)
        program.add_row([*difficulty_terms(candidates, first), *off], lower=middle, upper=middle)
        solution = solve(program, seed=spec.seed, slack=spec.widest / GRADE / 4, nodes=nodes)
        if solution.found:
            return sum(c.difficulty for c, v in zip(candidates, solution.values, strict=False) if v > 0.5)
    return None
