"""Dividing a pool into families that share no question, each able to fill its papers (pure).

Questions are dealt out kind by kind, easiest first, so that every family gets its part of each kind and the same
mix of difficulties. Where a kind is so scarce that dealing leaves a family short, a small program says how many of
each kind every family needs for one paper, and only the rest is dealt.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
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
    by_kind: dict[Kind, list[tuple[int, float, Candidate]]] = {}
    for candidate, kind in zip(spec.pool, kinds_of(spec), strict=True):
        if kind.sections:
            by_kind.setdefault(kind, []).append((candidate.difficulty, chance.random(), candidate))
    owner: dict[int, int] = {}
    credit = [0.0] * spec.families
    for kind, rows in by_kind.items():
        promised = list(kept.get(kind, ()))
        for _, _, candidate in sorted(rows, key=lambda row: row[:2]):
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
    kinds: dict[int, Kind]
    usual: Usual
    used: Counter[int] = field(default_factory=Counter)
    papers: list[frozenset[int]] = field(default_factory=list)

    def candidates(self, chance: Random, tier: int) -> list[Candidate]:
        """Questions to choose from, least used first by kind: tier 0 few, 1 more, 2 all."""
        ranks = {c.version_id: (self.used[c.version_id], chance.random()) for c in self.spec.pool}
        taken: Counter[Kind] = Counter()
        found: list[Candidate] = []
        for candidate in sorted(self.spec.pool, key=lambda c: ranks[c.version_id]):
            kind = self.kinds[candidate.version_id]
            if self.used[candidate.version_id] >= self.most:
                break
            if tier == 2 or taken[kind] < self.quota(kind, tier):
                taken[kind] += 1
                found.append(candidate)
        return found

    def quota(self, kind: Kind, tier: int) -> float:
        """How many of a kind are worth looking at."""
        if tier == 0:
            return 3 * self.usual.mix.get(kind, 0.0) + 3
        return sum(self.spec.sections[place].count for place in kind.sections) * 2 + 10

    def take(self, chosen: Sequence[Candidate]) -> None:
        """Note a finished paper."""
        self.papers.append(frozenset(c.version_id for c in chosen))
        self.used.update(self.papers[-1])


def begin(spec: PaperSpec, pools: Sequence[Sequence[Candidate]]) -> list[Family]:
    """The families without papers."""
    kinds = {c.version_id: kind for c, kind in zip(spec.pool, kinds_of(spec, enemies=False), strict=True)}
    made: list[Family] = []
    for number, pool in enumerate(pools):
        own = sub_spec(spec, [c for c in pool if kinds[c.version_id].sections], number)
        made.append(Family(own, spec.most_papers, kinds, usual_paper(own, spec.most_papers)))
    return made
