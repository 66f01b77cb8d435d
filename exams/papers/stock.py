"""What a pool can give, counted by strata: exact shortfalls before a single paper is made (pure).

Questions that fit the same sections, count for the same shares, test a criterion or not and have the same enemies
are interchangeable for every rule but difficulty. So a small program over strata instead of questions says whether
a paper exists, and what is missing if not: each rule has a slack that costs. Four stages ask for more and more:

1. PAPER: one paper. Whole numbers, hence exact.
2. FAMILIES: one paper for each family, no question twice.
3. EXPOSURE: all papers, each question as often as it may be used.
4. OVERLAP: the same, with few questions shared. A question in j papers is shared by j·(j − 1)/2 pairs of them, so
   its j-th use costs j − 1 pairs, and all pairs together may share only so much.

Stages 2 to 4 add up all papers and so are necessary, not sufficient: what they refuse is impossible.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import ceil

from exams.papers.program import Program, solve
from exams.papers.spec import Candidate, PaperSpec, Rule, Shortfall, Stage

TINY = 1e-6
# A missing place weighs more than all other rules together: places are filled first, then the rules are looked at.
PLACE = 1000.0
NODES = 5000


@dataclass(frozen=True, slots=True)
class Kind:
    """What questions of a stratum have in common: the sections that they fit, criterion, the shares they count for."""

    sections: tuple[int, ...]
    criterion: bool
    shares: tuple[int, ...]
    enemy: str = ""


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds of a pool, and for each of its questions in order which kind it is (index). A kind without sections
    fits nowhere."""

    kinds: list[Kind]
    places: list[int]


def kinds_of(spec: PaperSpec, *, enemies: bool = True) -> Kinds:
    """The pool by kinds, in order of their first questions; without `enemies` these do not set questions apart."""
    places: dict[tuple[str, int], tuple[int, ...]] = {}
    shares: dict[tuple[int, tuple[int, ...]], tuple[int, ...]] = {}
    numbers: dict[tuple, int] = {}
    groups = Counter(c.enemy for c in spec.pool if c.enemy) if enemies else Counter()
    found: list[int] = []
    for c in spec.pool:
        where = (c.type, c.topic_id)
        if where not in places:
            places[where] = tuple(i for i, section in enumerate(spec.sections) if section.takes(c))
        what = (c.topic_id, c.industry_ids)
        if what not in shares:
            shares[what] = tuple(i for i, share in enumerate(spec.shares) if share.counts(c))
        enemy = c.enemy if c.enemy and groups[c.enemy] > 1 else ""
        key = (places[where], c.criterion, shares[what], enemy)
        found.append(numbers.setdefault(key, len(numbers)))
    return Kinds([Kind(*key) for key in numbers], found)


def sub_spec(spec: PaperSpec, pool: Sequence[Candidate], family: int) -> PaperSpec:
    """The part of a spec that one family of papers is made from."""
    return replace(spec, pool=tuple(pool), paper_count=spec.papers_in(family), families=1)


@dataclass(frozen=True, slots=True)
class Stratum:
    """So many questions of a kind; `difficulty`: mean in thousandths of a grade, or their bound in a bucket."""

    kind: Kind
    size: float
    difficulty: float = 0.0


def strata_of(spec: PaperSpec, *, enemies: bool = True) -> list[Stratum]:
    """The pool by kinds, those that fit nowhere left out; in the order of the pool."""
    sorted_by = kinds_of(spec, enemies=enemies)
    sizes = [0] * len(sorted_by.kinds)
    sums = [0] * len(sorted_by.kinds)
    for candidate, place in zip(spec.pool, sorted_by.places, strict=True):
        sizes[place] += 1
        sums[place] += candidate.difficulty
    rows = zip(sorted_by.kinds, sizes, sums, strict=True)
    return [Stratum(kind, size, total / size) for kind, size, total in rows if kind.sections]


@dataclass(slots=True)
class Ledger:
    """A program over strata: how often questions of each are used over `papers` papers, each at most `cap` times."""

    spec: PaperSpec
    strata: Sequence[Stratum]
    papers: int
    cap: int
    whole: bool = False
    program: Program = field(default_factory=Program)
    uses: list[list[tuple[int, int]]] = field(default_factory=list)  # per stratum: (section, column)
    new: list[int] = field(default_factory=list)  # per section: column of the questions that would have to be added
    new_uses: list[int] = field(default_factory=list)  # per section: column of their uses
    criterion: int = -1  # column of the criterion questions lacking
    shares: list[tuple[int, int]] = field(default_factory=list)  # per share: columns of too few, too many
    pairs: list[tuple[int, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        add = self.program.add_column
        for stratum in self.strata:
            most = stratum.size * self.cap
            self.uses.append([(s, add(upper=most, whole=self.whole)) for s in stratum.kind.sections])
        # Of two sections that could both lack a question, the later one does.
        last = len(self.spec.sections)
        self.new = [add(cost=PLACE + last - place, whole=self.whole) for place in range(last)]
        self.new_uses = [add() for _ in range(last)]
        self.criterion = add(cost=1.0)
        self.shares = [(add(cost=1.0), add(cost=1.0)) for _ in self.spec.shares]
        self.fill_sections()
        self.keep_sizes()
        self.keep_criterion()
        self.keep_shares()
        self.keep_enemies_apart()

    def columns(self, stratum: int) -> list[int]:
        """All uses of a stratum."""
        return [column for _, column in self.uses[stratum]]

    def fill_sections(self) -> None:
        """Every section has its number; a new question fills as many places as an old one could."""
        held: list[list[tuple[int, float]]] = [[(column, 1.0)] for column in self.new_uses]
        for uses in self.uses:
            for section, column in uses:
                held[section].append((column, 1.0))
        for part, terms in zip(self.spec.sections, held, strict=True):
            self.program.add_row(terms, lower=part.count * self.papers, upper=part.count * self.papers)
        for new, uses_of_it in zip(self.new, self.new_uses, strict=True):
            self.program.add_row([(uses_of_it, 1.0), (new, -float(self.cap))], upper=0.0)

    def keep_sizes(self) -> None:
        """No question is used more often than it may be."""
        for place, stratum in enumerate(self.strata):
            terms = [(column, 1.0) for column in self.columns(place)]
            self.program.add_row(terms, upper=stratum.size * self.cap)

    def sum_of(self, chosen: Iterable[int]) -> list[tuple[int, float]]:
        """The uses of some strata as a row."""
        return [(column, 1.0) for place in chosen for column in self.columns(place)]

    def keep_criterion(self) -> None:
        """The share of criterion questions."""
        chosen = self.sum_of(i for i, stratum in enumerate(self.strata) if stratum.kind.criterion)
        needed = self.spec.criterion_needed * self.papers
        if needed:
            self.program.add_row([*chosen, (self.criterion, 1.0)], lower=needed)

    def keep_shares(self) -> None:
        """The shares of topics and industries."""
        for place, (share, (few, many)) in enumerate(zip(self.spec.shares, self.shares, strict=True)):
            chosen = self.sum_of(i for i, stratum in enumerate(self.strata) if place in stratum.kind.shares)
            least, most = share.bounds(self.spec.total)
            self.program.add_row([*chosen, (few, 1.0)], lower=least * self.papers)
            self.program.add_row([*chosen, (many, -1.0)], upper=most * self.papers)

    def keep_enemies_apart(self) -> None:
        """Of an enemy group one question per paper."""
        groups: dict[str, list[int]] = {}
        for place, stratum in enumerate(self.strata):
            if stratum.kind.enemy:
                groups.setdefault(stratum.kind.enemy, []).append(place)
        for places in groups.values():
            self.program.add_row(self.sum_of(places), upper=self.papers)

    def count_pairs(self) -> None:
        """Columns for the first, second, … use of each question, with what it adds to the sharing of pairs."""
        sources: list[tuple[list[int], float, int | None]] = [
            (self.columns(place), stratum.size, None) for place, stratum in enumerate(self.strata)
        ]
        sources += [([uses], 0.0, new) for new, uses in zip(self.new, self.new_uses, strict=True)]
        for columns, size, growing in sources:
            steps: list[tuple[int, float]] = []
            for before, width in widths(self.cap):
                column = self.program.add_column(upper=width * size if growing is None else float("inf"))
                if growing is not None:
                    self.program.add_row([(column, 1.0), (growing, -float(width))], upper=0.0)
                steps.append((column, -1.0))
                self.pairs.append((column, float(before)))
            self.program.add_row([*((column, 1.0) for column in columns), *steps], lower=0.0, upper=0.0)

    def forbid_lacks(self) -> None:
        """Every rule holds to the letter; the program may then have no solution."""
        for column in (*self.new, *self.new_uses, self.criterion, *(c for pair in self.shares for c in pair)):
            self.program.upper[column] = 0.0

    def lacks(self, stage: Stage) -> list[Shortfall]:
        """What is missing at this stage; empty when nothing is."""
        solution = solve(self.program, nodes=NODES)
        value = solution.values
        found = [
            Shortfall(place, ceil(value[column] - TINY), stage)
            for place, column in enumerate(self.new)
            if value[column] > TINY
        ]
        if value[self.criterion] > TINY:
            found.append(Shortfall(None, ceil(value[self.criterion] / self.cap - TINY), stage))
        for place, columns in enumerate(self.shares):
            for rule, column in zip((Rule.SHARE_MIN, Rule.SHARE_MAX), columns, strict=True):
                if value[column] > TINY:
                    missing = ceil(value[column] / self.cap - TINY)
                    found.append(Shortfall(None, missing, stage, rule, place))
        return found


def widths(cap: int) -> Iterator[tuple[int, int]]:
    """Uses of a question in steps that grow: (uses before the step, uses in it). Costs are those of the first use."""
    before = 0
    while before < cap:
        width = max(1, min(before // 2, cap - before))
        yield before, width
        before += width


def shortfalls(spec: PaperSpec) -> list[Shortfall]:
    """What the pool lacks, at the first stage where something is missing; empty: nothing can be said against it."""
    strata = strata_of(spec)
    # Most banks are large enough without any question that has enemies; those would make the program large.
    calm = [stratum for stratum in strata if not stratum.kind.enemy]
    if len(calm) < len(strata) and not counted_lacks(spec, calm):
        return target_lacks(spec)
    return counted_lacks(spec, strata) or target_lacks(spec)


def counted_lacks(spec: PaperSpec, strata: Sequence[Stratum]) -> list[Shortfall]:
    """What is missing by numbers of questions, stage by stage."""
    found = Ledger(spec, strata, papers=1, cap=1, whole=True).lacks(Stage.PAPER)
    if not found and spec.families > 1:
        found = Ledger(spec, strata, papers=spec.families, cap=1).lacks(Stage.FAMILIES)
    if found or spec.method != "parallel":
        return found
    cap = min(spec.most_papers, spec.papers_in(0))
    if spec.paper_count > spec.families * cap or cap > 1:
        found = Ledger(spec, strata, papers=spec.paper_count, cap=cap).lacks(Stage.EXPOSURE)
    return found or overlap_lacks(spec, strata, cap)


def overlap_lacks(spec: PaperSpec, strata: Sequence[Stratum], cap: int) -> list[Shortfall]:
    """Whether all pairs of papers together would share too much, however evenly the questions are used."""
    sizes = [spec.papers_in(family) for family in range(spec.families)]
    pairs = sum(size * (size - 1) // 2 for size in sizes)
    if not pairs or spec.most_shared >= spec.total:
        return []
    ledger = Ledger(spec, strata, papers=spec.paper_count, cap=cap)
    ledger.count_pairs()
    ledger.program.add_row(ledger.pairs, upper=float(spec.most_shared * pairs))
    return ledger.lacks(Stage.OVERLAP)


def crowding(spec: PaperSpec) -> float:
    """How much of what two papers may share they share on average when questions are used as evenly as can be;
    near 1 the papers are hard to find even where nothing is lacking. 0 when sharing is no matter."""
    sizes = [spec.papers_in(family) for family in range(spec.families)]
    pairs = sum(size * (size - 1) // 2 for size in sizes)
    if not pairs or spec.most_shared >= spec.total:
        return 0.0
    cap = min(spec.most_papers, spec.papers_in(0))
    ledger = Ledger(spec, strata_of(spec, enemies=False), papers=spec.paper_count, cap=cap)
    ledger.count_pairs()
    for column, before in ledger.pairs:
        ledger.program.cost[column] = before
    ledger.forbid_lacks()
    return solve(ledger.program).objective / (pairs * max(spec.most_shared, 0.5))


BUCKET = 100


def target_lacks(spec: PaperSpec) -> list[Shortfall]:
    """Whether the difficulty aimed at lies beyond what papers from the pool can have."""
    if spec.method != "parallel" or spec.target is None:
        return []
    low, high = reach(spec)
    if low <= spec.target + spec.tolerance and high >= spec.target - spec.tolerance:
        return []
    return [Shortfall(None, 0, Stage.EXPOSURE, Rule.TARGET, reach=(ceil(low), int(high)))]


def reach(spec: PaperSpec) -> tuple[float, float]:
    """Lowest and highest mean difficulty that all papers can have in common, thousandths of a grade; never too narrow.

    Difficulties are rounded outwards to tenths of a grade. Without any paper: infinite, reversed.
    """
    sorted_by = kinds_of(spec, enemies=False)
    cap = min(spec.most_papers, spec.papers_in(0))
    found: list[float] = []
    for sign in (1, -1):
        sizes: Counter[tuple[int, int]] = Counter()
        for candidate, place in zip(spec.pool, sorted_by.places, strict=True):
            sizes[place, sign * (sign * candidate.difficulty // BUCKET) * BUCKET] += 1
        rows = [(sorted_by.kinds[place], size, difficulty) for (place, difficulty), size in sizes.items()]
        strata = [Stratum(*row) for row in rows if row[0].sections]
        ledger = Ledger(spec, strata, papers=spec.paper_count, cap=cap)
        for place, stratum in enumerate(strata):
            for column in ledger.columns(place):
                ledger.program.cost[column] = sign * stratum.difficulty / PLACE
        ledger.forbid_lacks()
        solution = solve(ledger.program)
        found.append(sign * solution.objective * PLACE / (spec.paper_count * spec.total))
    return found[0], found[1]


@dataclass(frozen=True, slots=True)
class Usual:
    """What a paper looks like when all questions are used as evenly as the rules allow: questions of each kind, the
    sum of their difficulties (thousandths of a grade), questions that two papers share on average at least."""

    mix: dict[Kind, float]
    difficulty: float
    shared: float


def usual_paper(spec: PaperSpec, cap: int) -> Usual:
    """The usual paper when a question may stand in `cap` papers; families do not count."""
    strata = strata_of(spec, enemies=False)
    ledger = Ledger(spec, strata, papers=spec.paper_count, cap=min(cap, spec.paper_count))
    ledger.count_pairs()
    for column, before in ledger.pairs:
        ledger.program.cost[column] = before
    ledger.forbid_lacks()
    solution = solve(ledger.program)
    mix: dict[Kind, float] = {}
    for place, stratum in enumerate(strata):
        used = sum(solution.values[column] for column in ledger.columns(place)) if solution.found else stratum.size
        mix[stratum.kind] = used / spec.paper_count
    by_kind = {stratum.kind: stratum.difficulty for stratum in strata}
    pairs = spec.paper_count * (spec.paper_count - 1) / 2
    shared = solution.objective / pairs if solution.found and pairs else 0.0
    return Usual(mix, sum(count * by_kind[kind] for kind, count in mix.items()), shared)


def available(spec: PaperSpec) -> Iterator[int]:
    """Questions of the pool that fit each section."""
    sizes: Counter[tuple[str, int]] = Counter((c.type, c.topic_id) for c in spec.pool)
    samples: dict[tuple[str, int], Candidate] = {(c.type, c.topic_id): c for c in spec.pool}
    for section in spec.sections:
        yield sum(size for key, size in sizes.items() if section.takes(samples[key]))
