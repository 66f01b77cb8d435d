"""Dividing a pool into families that share no question, each able to fill its papers (pure).

Questions are dealt out kind by kind, easiest first, so that every family gets its part of each kind and the same
mix of difficulties. Where a kind is so scarce that dealing leaves a family short, a small program says how many of
each kind every family needs for one paper, and only the rest is dealt.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from random import Random

from exams.papers.program import Program, solve
from exams.papers.spec import Candidate, Impossible, PaperSpec, Rule, Shortfall, Stage
from exams.papers.stock import Kind, Ledger, Stratum, Usual, kinds_of, strata_of, sub_spec, usual_paper

NODES = 20_000


def split(spec: PaperSpec) -> list[list[Candidate]]:
    """One pool for each family, in the order of the whole pool; raises Impossible when there is no way."""
    if spec.families == 1:
        return [list(spec.pool)]
    fair = [spec.papers_in(family) / spec.paper_count for family in range(spec.families)]
    for weights in (fair, [1 / spec.families] * spec.families):
        pools = deal(spec, weights, {})
        if all(fills(spec, family, pool) for family, pool in enumerate(pools)):
            return pools
    return deal(spec, fair, reserved(spec))


def fills(spec: PaperSpec, family: int, pool: Sequence[Candidate]) -> bool:
    """Whether a family can make one paper, and by the count of its questions all of them."""
    own = sub_spec(spec, pool, family)
    strata = strata_of(own)
    if Ledger(own, strata, papers=1, cap=1, whole=True).lacks(Stage.PAPER):
        return False
    if spec.method != "parallel":
        return True
    cap = min(spec.most_papers, own.paper_count)
    return not Ledger(own, strata, papers=own.paper_count, cap=cap).lacks(Stage.EXPOSURE)


def deal(spec: PaperSpec, weights: Sequence[float], kept: dict[Kind, list[int]]) -> list[list[Candidate]]:
    """Questions to families by weight. `kept`: how many of a kind each family gets before the rest is dealt."""
    chance = Random(spec.seed)
    sorted_by = kinds_of(spec)
    by_kind: list[list[tuple[int, float, Candidate]]] = [[] for _ in sorted_by.kinds]
    for candidate, place in zip(spec.pool, sorted_by.places, strict=True):
        by_kind[place].append((candidate.difficulty, chance.random(), candidate))
    owner: dict[int, int] = {}
    credit = [0.0] * spec.families
    for kind, rows in zip(sorted_by.kinds, by_kind, strict=True):
        promised = list(kept.get(kind, ()))
        for _, _, candidate in sorted(rows, key=lambda row: row[:2]) if kind.sections else ():
            if any(promised):
                family = max(range(len(promised)), key=promised.__getitem__)
                promised[family] -= 1
            else:
                credit = [have + weight for have, weight in zip(credit, weights, strict=True)]
                family = max(range(spec.families), key=credit.__getitem__)
                credit[family] -= 1
            owner[candidate.version_id] = family
    pools: list[list[Candidate]] = [[] for _ in range(spec.families)]
    for candidate in spec.pool:
        if candidate.version_id in owner:
            pools[owner[candidate.version_id]].append(candidate)
    return pools


def reserved(spec: PaperSpec) -> dict[Kind, list[int]]:
    """How many questions of each kind every family needs for one paper; raises Impossible when there are too few."""
    strata = strata_of(spec)
    program = Program()
    parts = [paper_of(program, spec, strata) for _ in range(spec.families)]
    for place, stratum in enumerate(strata):
        terms = [(column, 1.0) for part in parts for column in part[place]]
        program.add_row(terms, upper=stratum.size)
    solution = solve(program, nodes=NODES)
    if not solution.found:
        raise Impossible([Shortfall(None, 0, Stage.FAMILIES, Rule.FAMILIES)])
    return {
        stratum.kind: [round(sum(solution.values[column] for column in part[place])) for part in parts]
        for place, stratum in enumerate(strata)
    }


def paper_of(program: Program, spec: PaperSpec, strata: Sequence[Stratum]) -> list[list[int]]:
    """One more paper in a shared program: its columns, by stratum."""
    ledger = Ledger(spec, strata, papers=1, cap=1, whole=True, program=program)
    ledger.forbid_lacks()
    return [ledger.columns(place) for place in range(len(strata))]


@dataclass(slots=True)
class Family:
    """The papers of one family in the making. `most`: papers that may hold the same question."""

    spec: PaperSpec  # of this family alone
    most: int
    usual: Usual
    used: Counter[int] = field(default_factory=Counter)
    papers: list[frozenset[int]] = field(default_factory=list)
    by_kind: list[list[Candidate]] = field(default_factory=list)
    quotas: list[tuple[int, int]] = field(default_factory=list)  # by kind: how many are worth looking at, by tier

    def __post_init__(self) -> None:
        sorted_by = kinds_of(self.spec, enemies=False)
        self.by_kind = [[] for _ in sorted_by.kinds]
        for candidate, place in zip(self.spec.pool, sorted_by.places, strict=True):
            self.by_kind[place].append(candidate)
        for kind in sorted_by.kinds:
            most = sum(self.spec.sections[place].count for place in kind.sections)
            self.quotas.append((ceil(3 * self.usual.mix.get(kind, 0.0)) + 3, 2 * most + 10))

    def candidates(self, chance: Random, tier: int) -> list[Candidate]:
        """Questions to choose from, least used first by kind: tier 0 few, 1 more, 2 all."""
        found: list[tuple[int, float, Candidate]] = []
        used = self.used
        for members, quotas in zip(self.by_kind, self.quotas, strict=True):
            ranked = [(used[c.version_id], chance.random(), c) for c in members]
            ranked.sort(key=rank)
            found += ranked if tier == 2 else ranked[: quotas[tier]]
        return [c for use, _, c in sorted(found, key=rank) if use < self.most]

    def anew(self) -> "Family":
        """The same family without papers."""
        return replace(self, used=Counter(), papers=[], by_kind=[], quotas=[])

    def usable(self) -> int:
        """How many questions may still be used."""
        return sum(self.used[c.version_id] < self.most for c in self.spec.pool)

    def take(self, chosen: Sequence[Candidate]) -> None:
        """Note a finished paper."""
        self.papers.append(frozenset(c.version_id for c in chosen))
        self.used.update(self.papers[-1])


def rank(row: tuple[int, float, Candidate]) -> tuple[int, float]:
    """Least used first, then by chance."""
    return row[:2]


def begin(spec: PaperSpec, pools: Sequence[Sequence[Candidate]]) -> list[Family]:
    """The families without papers."""
    made: list[Family] = []
    for number, pool in enumerate(pools):
        fitting = [c for c in pool if any(section.takes(c) for section in spec.sections)]
        own = sub_spec(spec, fitting, number)
        made.append(Family(own, spec.most_papers, usual_paper(own, spec.most_papers)))
    return made
