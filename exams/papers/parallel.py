"""Parallel papers by mixed-integer programming, one after the other (pure).

A paper is a program with one binary variable per question: sections filled, criterion share and shares kept, enemies
apart, the sum of difficulties inside a window that all papers have in common, few questions shared with each earlier
paper of the family. Questions at their limit of exposure are no candidates; of the others those used least so far
are cheapest, chance decides among equals. Two things keep the programs small:

* Candidates are thinned first: of each kind of question only so many as the paper could want, least used first, by
  chance. Only when these do not do, more are taken, and in the end all; so thinning never makes a paper impossible.
* That a paper shares too much with an earlier one is rare: such rows are added only when a solution breaks them.

When some paper cannot be made after all, the papers are begun anew with other chances; then, if the task is small,
`exams.papers.joint` decides it for all papers at once; else what stands in the way is found by leaving out one rule
at a time. Every paper is checked in whole numbers before it counts.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from exams.papers.draw import Draw, paper_from
from exams.papers.families import split
from exams.papers.joint import joint_papers
from exams.papers.program import Program, solve
from exams.papers.spec import (
    GRADE,
    USUAL_DIFFICULTY,
    AssembledPaper,
    Candidate,
    Impossible,
    PaperSpec,
    Rule,
    Shortfall,
    Stage,
    grain,
    paper_seed,
)
from exams.papers.stock import Kind, kinds_of, shortfalls, sub_spec, usual_mix

Window = tuple[int, int]
Chosen = list[Candidate]
# So much worse than the best a paper may be: costs only spread the use evenly.
GAP = 0.2
# Branch and bound ends after so many nodes, for thinned, generous and all candidates.
NODES = (200, 500, 3000)
RESTARTS = 3
ALL_RULES = frozenset({Rule.OVERLAP, Rule.EXPOSURE, Rule.SPREAD, Rule.ENEMIES, Rule.FAMILIES})


@dataclass(slots=True)
class Family:
    """The papers of one family in the making."""

    spec: PaperSpec  # of this family alone
    most: int  # papers that may hold the same question
    kinds: dict[int, Kind]
    mix: dict[Kind, float]
    used: Counter[int] = field(default_factory=Counter)
    papers: list[frozenset[int]] = field(default_factory=list)

    def candidates(self, chance: Random, tier: int) -> Chosen:
        """Questions to choose from, least used first by kind: tier 0 few, 1 more, 2 all."""
        ranks = {c.version_id: (self.used[c.version_id], chance.random()) for c in self.spec.pool}
        taken: Counter[Kind] = Counter()
        found: Chosen = []
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
            return 3 * self.mix.get(kind, 0.0) + 3
        return sum(self.spec.sections[place].count for place in kind.sections) * 2 + 10

    def take(self, chosen: Chosen) -> None:
        """Note a finished paper."""
        self.papers.append(frozenset(c.version_id for c in chosen))
        self.used.update(self.papers[-1])


def parallel_papers(spec: PaperSpec, progress: Callable[[int, int], object]) -> list[AssembledPaper]:
    """All papers by number; raises Impossible with the rules that stand in the way."""
    lacks = shortfalls(spec)
    if lacks:
        raise Impossible(lacks)
    pools = split(spec)
    failed: Failure | None = None
    for restart, window in zip(range(RESTARTS), windows(spec, pools), strict=False):
        made, failed = one_after_the_other(spec, fresh(spec, pools), window, restart, progress)
        if failed is None:
            return made
    decided = joint_papers(spec)
    if decided:
        return [placed(spec, chosen, number) for number, chosen in enumerate(decided, start=1)]
    raise Impossible(obstacles(spec, pools, failed))


def fresh(spec: PaperSpec, pools: Sequence[Chosen]) -> list[Family]:
    """Families without papers."""
    kinds = {c.version_id: kind for c, kind in zip(spec.pool, kinds_of(spec, enemies=False), strict=True)}
    made: list[Family] = []
    for number, pool in enumerate(pools):
        own = sub_spec(spec, [c for c in pool if kinds[c.version_id].sections], number)
        mix, _ = usual_mix(own)
        made.append(Family(own, spec.most_papers, kinds, mix))
    return made


@dataclass(frozen=True, slots=True)
class Failure:
    """The paper that could not be made: its family as it stood, the window."""

    families: Sequence[Family]
    family: int
    window: Window


def one_after_the_other(
    spec: PaperSpec, families: list[Family], window: Window, restart: int, progress: Callable[[int, int], object]
) -> tuple[list[AssembledPaper], Failure | None]:
    """All papers, or how far it went."""
    made: list[AssembledPaper] = []
    for number in range(1, spec.paper_count + 1):
        own = spec.family_of(number)
        chosen = next_paper(families[own], window, seed=paper_seed(spec.seed + restart, number))
        if chosen is None:
            return made, Failure(families, own, window)
        families[own].take(chosen)
        made.append(placed(spec, chosen, number))
        progress(number, spec.paper_count)
    return made, None


def placed(spec: PaperSpec, chosen: Chosen, number: int) -> AssembledPaper:
    """The questions of a paper in their sections, by chance where a question fits several."""
    seed = paper_seed(spec.seed, number)
    chance = Random(seed)
    draw = Draw(spec.sections)
    order = sorted(chosen, key=lambda c: c.version_id)
    chance.shuffle(order)
    for candidate in order:
        draw.add(candidate)
    return paper_from(spec, draw.placed, number=number, seed=seed, chance=chance)


def next_paper(family: Family, window: Window, *, seed: int) -> Chosen | None:
    """The questions of one more paper of a family; None when none was found among all candidates."""
    for tier, nodes in enumerate(NODES):
        candidates = family.candidates(Random(seed), tier)
        chosen = apart_from_earlier(family, candidates, window, seed=seed, nodes=nodes)
        if chosen is not None:
            return chosen
        if len(candidates) == len(family.candidates(Random(seed), 2)):
            return None
    return None


def apart_from_earlier(family: Family, candidates: Chosen, window: Window, *, seed: int, nodes: int) -> Chosen | None:
    """A paper from these candidates that shares little with each earlier one."""
    least = min((family.used[c.version_id] for c in candidates), default=0)
    chance = Random(seed)
    cost = [family.used[c.version_id] - least + chance.random() for c in candidates]
    watched: list[frozenset[int]] = []
    while True:
        chosen = solved(family.spec, candidates, cost, window, watched, seed=seed, nodes=nodes)
        if chosen is None:
            return None
        ids = {c.version_id for c in chosen}
        broken = [paper for paper in family.papers if len(paper & ids) > family.spec.most_shared]
        if not broken:
            return chosen
        watched += broken


def solved(
    spec: PaperSpec, candidates: Chosen, cost: Sequence[float], window: Window | None,
    watched: Sequence[frozenset[int]], *, seed: int, nodes: int, rules: frozenset[Rule] = ALL_RULES,
) -> Chosen | None:  # fmt: skip
    """The cheapest paper from these candidates, more or less; None when none was found."""
    program = Program()
    for price in cost:
        program.add_column(cost=price, upper=1.0, whole=True)
    add_sections(program, spec, candidates)
    add_rules(program, spec, candidates, rules)
    if window is not None:
        low, high = (bound / GRADE - spec.total * USUAL_DIFFICULTY / GRADE for bound in window)
        terms = [(i, (c.difficulty - USUAL_DIFFICULTY) / GRADE) for i, c in enumerate(candidates)]
        program.add_row([term for term in terms if term[1]], lower=low, upper=high)
    for paper in watched:
        program.add_row(((i, 1.0) for i, c in enumerate(candidates) if c.version_id in paper), upper=spec.most_shared)
    solution = solve(program, seed=seed, gap=GAP, nodes=nodes)
    if not solution.found:
        return None
    chosen = [c for c, value in zip(candidates, solution.values, strict=False) if value > 0.5]
    return chosen if keeps(spec, chosen, window, rules) else None


def add_sections(program: Program, spec: PaperSpec, candidates: Chosen, *, first: int = 0) -> None:
    """Every section is filled. Questions that fit the same sections flow into them together, so that only one
    variable per question is needed: sums of whole numbers can always be split into whole parts."""
    sets: dict[tuple[int, ...], list[int]] = {}
    for place, candidate in enumerate(candidates):
        fits = tuple(i for i, section in enumerate(spec.sections) if section.takes(candidate))
        sets.setdefault(fits, []).append(first + place)
    held: list[list[tuple[int, float]]] = [[] for _ in spec.sections]
    for fits, columns in sets.items():
        if len(fits) == 1:
            held[fits[0]] += [(column, 1.0) for column in columns]
            continue
        flows = [program.add_column() for _ in fits]
        program.add_row([*((c, 1.0) for c in columns), *((flow, -1.0) for flow in flows)], lower=0.0, upper=0.0)
        for section, flow in zip(fits, flows, strict=True):
            held[section].append((flow, 1.0))
    for section, terms in zip(spec.sections, held, strict=True):
        program.add_row(terms, lower=section.count, upper=section.count)


def add_rules(
    program: Program, spec: PaperSpec, candidates: Chosen, rules: frozenset[Rule] = ALL_RULES, *, first: int = 0
) -> None:
    """Criterion share, shares, enemies."""
    places = list(enumerate(candidates, start=first))
    program.add_row(((i, 1.0) for i, c in places if c.criterion), lower=spec.criterion_needed)
    for share in spec.shares:
        least, most = share.bounds(spec.total)
        program.add_row(((i, 1.0) for i, c in places if share.counts(c)), lower=least, upper=most)
    groups: dict[str, list[int]] = {}
    for i, candidate in places:
        if candidate.enemy and Rule.ENEMIES in rules:
            groups.setdefault(candidate.enemy, []).append(i)
    for columns in groups.values():
        if len(columns) > 1:
            program.add_row(((column, 1.0) for column in columns), upper=1.0)


def keeps(spec: PaperSpec, chosen: Chosen, window: Window | None, rules: frozenset[Rule] = ALL_RULES) -> bool:
    """Whether questions make a paper by every rule, in whole numbers."""
    draw = Draw(spec.sections)
    placed_all = all(draw.add(candidate) for candidate in chosen) if Rule.ENEMIES in rules else True
    total = sum(c.difficulty for c in chosen)
    shares = [(share.bounds(spec.total), sum(map(share.counts, chosen))) for share in spec.shares]
    return (
        placed_all
        and len(chosen) == spec.total
        and sum(c.criterion for c in chosen) >= spec.criterion_needed
        and all(least <= count <= most for (least, most), count in shares)
        and (window is None or window[0] <= total <= window[1])
    )


# --- the difficulty that all papers have in common ------------------------------------------------------------------


def windows(spec: PaperSpec, pools: Sequence[Chosen]) -> Iterator[Window]:
    """Where the sums of difficulty of all papers could lie, the best first: near the target, or near what papers have
    when questions are used evenly. Each is as wide as the papers may differ."""
    _, usual = usual_mix(spec)
    aim = round(usual) if spec.target is None else spec.target * spec.total
    step = grain([c.difficulty for pool in pools for c in pool]) or 1
    below = spec.widest // step // 2 * step
    reached = sorted({nearest(spec, family, aim) for family in fresh(spec, pools)} - {None}, key=lambda s: abs(s - aim))
    seen: set[Window] = set()
    for middle in reached:
        for low in (middle - below, middle - spec.widest, middle):
            window = inside_tolerance(spec, (low, low + spec.widest))
            if window not in seen:
                seen.add(window)
                yield window


def tolerated(spec: PaperSpec) -> Window:
    """The sums of difficulty that the target allows."""
    if spec.target is None:
        return 0, 10 * GRADE * spec.total
    return (spec.target - spec.tolerance) * spec.total, (spec.target + spec.tolerance) * spec.total


def inside_tolerance(spec: PaperSpec, window: Window) -> Window:
    """The part of a window that the target allows."""
    low, high = tolerated(spec)
    return max(low, window[0]), min(high, window[1])


def nearest(spec: PaperSpec, family: Family, aim: int) -> int | None:
    """The sum of difficulty nearest to `aim` that one paper of a family can have; None when there is no paper."""
    for tier, nodes in enumerate(NODES):
        candidates = family.candidates(Random(spec.seed), tier)
        program = Program()
        for _ in candidates:
            program.add_column(upper=1.0, whole=True)
        add_sections(program, spec, candidates)
        add_rules(program, spec, candidates)
        off = [program.add_column(cost=1.0), program.add_column(cost=1.0)]
        terms = [(i, (c.difficulty - USUAL_DIFFICULTY) / GRADE) for i, c in enumerate(candidates)]
        middle = (aim - USUAL_DIFFICULTY * spec.total) / GRADE
        program.add_row([*terms, (off[0], 1.0), (off[1], -1.0)], lower=middle, upper=middle)
        low, high = (bound / GRADE - spec.total * USUAL_DIFFICULTY / GRADE for bound in tolerated(spec))
        program.add_row(terms, lower=low, upper=high)
        solution = solve(program, seed=spec.seed, slack=spec.widest / GRADE / 4, nodes=nodes)
        if solution.found:
            return sum(c.difficulty for c, v in zip(candidates, solution.values, strict=False) if v > 0.5)
    return None


# --- what stands in the way -----------------------------------------------------------------------------------------


def obstacles(spec: PaperSpec, pools: Sequence[Chosen], failed: Failure | None) -> list[Shortfall]:
    """The rules without which the paper that failed could have been made; all together when it is no single one."""
    if failed is None:
        rule = Rule.TARGET if spec.target is not None else Rule.FAMILIES
        return [Shortfall(None, 0, Stage.OVERLAP, rule)]
    tries: list[tuple[Rule, bool]] = []
    for rule in (Rule.OVERLAP, Rule.EXPOSURE, Rule.SPREAD, Rule.ENEMIES, Rule.FAMILIES):
        if rule is not Rule.FAMILIES or spec.families > 1:
            tries.append((rule, without(spec, failed, rule)))
    guilty = [rule for rule, helps in tries if helps]
    if Rule.SPREAD in guilty and spec.target is not None and not without(spec, failed, Rule.TARGET):
        guilty[guilty.index(Rule.SPREAD)] = Rule.TARGET
    return [Shortfall(None, 0, Stage.OVERLAP, rule) for rule in guilty or [Rule.TOGETHER]]


def without(spec: PaperSpec, failed: Failure, rule: Rule) -> bool:
    """Whether the paper that failed exists when one rule is left out."""
    family = failed.families[failed.family]
    candidates = [c for c in family.spec.pool if rule is Rule.EXPOSURE or family.used[c.version_id] < family.most]
    if rule is Rule.FAMILIES:
        candidates = [c for own in failed.families for c in own.spec.pool if own.used[c.version_id] < own.most]
    window = {Rule.SPREAD: None, Rule.TARGET: tolerated(spec)}.get(rule, failed.window)
    watched = [] if rule is Rule.OVERLAP else family.papers
    cost = [0.0] * len(candidates)
    rules = ALL_RULES - {rule}
    return solved(spec, candidates, cost, window, watched, seed=spec.seed, nodes=NODES[2], rules=rules) is not None
