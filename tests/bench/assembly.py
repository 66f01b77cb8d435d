"""Parallel papers at three sizes: time, difficulty, overlap, exposure, beside the floor of a bare draw.

    python tests/bench/assembly.py                     (or: python -m tests.bench assembly)

Each task has two families, four sections that compete for questions, 30 % on criteria, shares of a topic and of two
industries, one question in ten with enemies, half of the difficulties measured; at most 30 % of a paper shared by two
papers, a question in at most half of the papers. The floor is a seeded random draw of as many questions by type,
without any other rule. "check" is what the editor asks on every change (without its queries). One process does it
all; "cpu s" beside "seconds" shows how busy the machine was with other things.
"""

import math
import sys
import time
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from exams.papers.assembly import assemble
from exams.papers.program import solver_name
from exams.papers.spec import AssembledPaper, Candidate, PaperSpec, SectionSpec, ShareSpec, graded
from exams.papers.stock import shortfalls

# papers, questions per paper, questions in the bank
SIZES = ((20, 50, 1_000), (60, 80, 3_000), (200, 100, 10_000))
TYPES = {"single": 50, "multiple": 20, "true_false": 30}
HEAD = ("papers", "items", "bank", "check s", "seconds", "cpu s", "papers/s", "spread", "overlap %", "exposure %",
        "floor s")  # fmt: skip
BAR_SECONDS, BAR_SPREAD = 60.0, 0.01


def bank(size: int) -> tuple[Candidate, ...]:
    """Questions of three types in twenty topics and five industries."""
    chance = Random(size)
    return tuple(
        Candidate(
            version_id=number,
            type=chance.choices(list(TYPES), list(TYPES.values()))[0],
            topic_id=chance.randint(1, 20),
            criterion=chance.random() < 0.4,
            enemy=f"e{chance.randint(1, size // 20)}" if chance.random() < 0.1 else "",
            difficulty=graded(chance.choice((1, 2, 2, 3, 3, 3, 4, 4, 5)), measured(chance)),
            industry_ids=(chance.randint(1, 5),) if chance.random() < 0.5 else (),
        )
        for number in range(1, size + 1)
    )


def measured(chance: Random) -> Decimal | None:
    """Share of points lost, known for every second question."""
    return Decimal(chance.randint(50, 900)) / 1000 if chance.random() < 0.5 else None


def task(papers: int, items: int, size: int) -> PaperSpec:
    """The task of one size."""
    tenth = items // 10
    return PaperSpec(
        sections=(
            SectionSpec("single", 4 * tenth, Decimal(1)),
            SectionSpec("single", tenth, Decimal(1), frozenset(range(1, 6))),
            SectionSpec("multiple", 2 * tenth, Decimal(1)),
            SectionSpec("true_false", items - 7 * tenth, Decimal(1)),
        ),
        pool=bank(size),
        min_criterion_percent=Decimal(30),
        paper_count=papers,
        seed=1,
        method="parallel",
        families=2,
        shares=(
            ShareSpec(20, 60, frozenset(range(1, 8))),
            ShareSpec(5, 100, industry_id=1),
            ShareSpec(0, 30, industry_id=2),
        ),
        max_overlap_percent=30,
        max_exposure_percent=50,
    )


def floor(spec: PaperSpec) -> float:
    """Seconds of a bare seeded draw of the same numbers by type."""
    begin = time.perf_counter()
    by_type = {kind: [c.version_id for c in spec.pool if c.type == kind] for kind in TYPES}
    for number in range(spec.paper_count):
        chance = Random(spec.seed + number)
        drawn = {kind: chance.sample(ids, len(ids)) for kind, ids in by_type.items()}
        for section in spec.sections:
            del drawn[section.type][: section.count]
    return time.perf_counter() - begin


def figures(spec: PaperSpec, papers: Sequence[AssembledPaper]) -> tuple[float, float, float]:
    """Spread of mean difficulty (grades), largest overlap in a family and exposure (percent)."""
    means = [paper.difficulty / len(paper.items) / 1000 for paper in papers]
    held = [(paper.family, {item.version_id for item in paper.items}) for paper in papers]
    shared = [(one[0] == two[0], len(one[1] & two[1])) for one, two in combinations(held, 2)]
    assert not any(count for same, count in shared if not same), "families share a question"
    used = Counter(version for _, ids in held for version in ids)
    overlap = max((count for same, count in shared if same), default=0)
    return max(means) - min(means), 100 * overlap / spec.total, 100 * max(used.values()) / spec.paper_count


def main() -> None:
    """Run every size and print the table; the last one is held against the bar."""
    print(solver_name())
    print(" ".join(f"{word:>10}" for word in HEAD))
    times: dict[int, float] = {}
    spread = 0.0
    for papers, items, size in SIZES:
        spec = task(papers, items, size)
        begin = time.perf_counter()
        lacks = shortfalls(spec)
        check = time.perf_counter() - begin
        assert not lacks, lacks
        begin, begin_cpu = time.perf_counter(), time.process_time()
        made = assemble(spec)
        seconds, cpu = time.perf_counter() - begin, time.process_time() - begin_cpu
        times[papers * items] = seconds
        spread, overlap, exposure = figures(spec, made)
        row = (papers, items, size, round(check, 3), round(seconds, 2), round(cpu, 2), round(papers / seconds, 1),
               round(spread, 4), round(overlap, 1), round(exposure, 1), round(floor(spec), 3))  # fmt: skip
        print(" ".join(f"{value:>10}" for value in row), flush=True)
    first, last = min(times), max(times)
    print(f"exponent over places to fill {math.log(times[last] / times[first]) / math.log(last / first):.2f}")
    met = times[last] <= BAR_SECONDS and spread <= BAR_SPREAD + 1e-9
    print(f"bar {BAR_SECONDS:.0f} s and spread {BAR_SPREAD} at the largest size: {'met' if met else 'NOT met'}")


if __name__ == "__main__":
    main()
