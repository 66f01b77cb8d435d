"""What the papers of an exam are like, in figures (pure).

Overlap of two papers: questions that stand in both, in percent of the questions of the shorter one.
Exposure of a question: papers that hold it, in percent of all papers.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper as stored."""

    id: int
    number: int
    family: int
    difficulty: Decimal | None
    points: Decimal


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A question version as the papers hold it. `topic_ids`: its topic and the one above."""

    type: str
    topic_ids: tuple[int, ...]
    industry_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperFigures:
    """A paper in figures. `shared`: questions in common with the paper that it is most alike, number `twin`."""

    number: int
    family: int
    difficulty: Decimal | None
    points: Decimal
    questions: int
    criterion: int
    shared: int
    twin: int

    @property
    def criterion_percent(self) -> Decimal:
        """Share of criterion questions."""
        return percent(self.criterion, self.questions)

    @property
    def shared_percent(self) -> Decimal:
        """Overlap with the paper that it is most alike."""
        return percent(self.shared, self.questions)


@dataclass(frozen=True, slots=True)
class Spread:
    """A share over all papers, in percent: mean, least, most."""

    mean: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Report:
    """All papers, ordered by family and number. `shared[i][j]`: questions that papers i and j have in common."""

    papers: tuple[PaperFigures, ...]
    shared: tuple[tuple[int, ...], ...]
    exposure: Mapping[int, int]
    types: Mapping[str, Spread]
    topics: Mapping[int, Spread]
    industries: Mapping[int, Spread]

    @cached_property
    def families(self) -> Mapping[int, int]:
        """How many papers each family has."""
        return dict(Counter(paper.family for paper in self.papers))

    @cached_property
    def difficulties(self) -> Sequence[Decimal]:
        """Difficulty of every paper; empty when one is not known."""
        known = [paper.difficulty for paper in self.papers if paper.difficulty is not None]
        return known if len(known) == len(self.papers) else []

    @property
    def difficulty_gap(self) -> Decimal | None:
        """Between the easiest and the hardest paper."""
        return max(self.difficulties) - min(self.difficulties) if self.difficulties else None

    @cached_property
    def pairs(self) -> Mapping[int, int]:
        """How many pairs of papers share so many questions."""
        return dict(sorted(Counter(value for place, row in enumerate(self.shared) for value in row[:place]).items()))

    @property
    def highest_overlap(self) -> int:
        """Questions that the two papers most alike share."""
        return max(self.pairs, default=0)

    @property
    def mean_overlap(self) -> Decimal:
        """Questions that two papers share, on average."""
        count = sum(self.pairs.values())
        total = sum(value * times for value, times in self.pairs.items())
        return Decimal(total) / count if count else Decimal(0)

    @cached_property
    def strangers(self) -> int:
        """Questions shared by papers of different families; there must be none."""
        return sum(
            value
            for place, row in enumerate(self.shared)
            for other, value in enumerate(row[:place])
            if self.papers[place].family != self.papers[other].family
        )

    @property
    def highest_exposure(self) -> int:
        """Papers that hold the question used most."""
        return max(self.exposure.values(), default=0)

    @property
    def lowest_criterion(self) -> Decimal:
        """Share of criterion questions in the paper that has fewest, in percent."""
        return min((paper.criterion_percent for paper in self.papers), default=Decimal(0))


def percent(part: int, whole: int) -> Decimal:
    """A share in percent; 0 of nothing."""
    return Decimal(part * 100) / whole if whole else Decimal(0)


def report_from(
    rows: Sequence[PaperRow],
    items: Iterable[tuple[int, int]],
    versions: Mapping[int, VersionRow],
    tested: frozenset[int],
) -> Report:
    """The figures. `items`: pairs of paper id and version id; `tested`: versions that test a criterion."""
    rows = sorted(rows, key=lambda row: (row.family, row.number))
    held: dict[int, list[int]] = {row.id: [] for row in rows}
    for paper_id, version_id in items:
        held[paper_id].append(version_id)
    shared = shared_questions([held[row.id] for row in rows])
    return Report(
        papers=tuple(figures(row, held[row.id], tested, shared[place], rows) for place, row in enumerate(rows)),
        shared=shared,
        exposure=dict(Counter(version for versions_held in held.values() for version in versions_held)),
        types=spreads(held.values(), lambda version: (versions[version].type,)),
        topics=spreads(held.values(), lambda version: versions[version].topic_ids),
        industries=spreads(held.values(), lambda version: versions[version].industry_ids),
    )


def shared_questions(papers: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """Questions that each two papers have in common; papers as bit patterns, 40,000 pairs in some 20 ms."""
    place = {version: n for n, version in enumerate({version: 0 for paper in papers for version in paper})}
    bits = []
    for paper in papers:
        pattern = bytearray(len(place) // 8 + 1)
        for version in paper:
            pattern[place[version] >> 3] |= 1 << (place[version] & 7)
        bits.append(int.from_bytes(pattern, "little"))
    lower = [[(a & b).bit_count() for b in bits[:n]] for n, a in enumerate(bits)]
    return tuple(
        (*lower[n], len(paper), *(lower[other][n] for other in range(n + 1, len(papers))))
        for n, paper in enumerate(papers)
    )


def figures(
    row: PaperRow, held: Sequence[int], tested: frozenset[int], shared: Sequence[int], rows: Sequence[PaperRow]
) -> PaperFigures:
    """One paper."""
    others = [(value, -place) for place, value in enumerate(shared) if rows[place].id != row.id]
    most, place = max(others, default=(0, 0))
    return PaperFigures(
        number=row.number,
        family=row.family,
        difficulty=row.difficulty,
        points=row.points,
        questions=len(held),
        criterion=sum(version in tested for version in held),
        shared=most,
        twin=rows[-place].number if others else row.number,
    )


def spreads(papers: Iterable[Sequence[int]], kinds: Callable[[int], Iterable[K]]) -> dict[K, Spread]:
    """Share of each kind over the papers."""
    counts: list[tuple[int, Counter[K]]] = []
    for paper in papers:
        counts.append((len(paper), Counter(kind for version in paper for kind in kinds(version))))
    known = {kind for _, counter in counts for kind in counter}
    found = {}
    for kind in known:
        shares = [percent(counter[kind], total) for total, counter in counts]
        found[kind] = Spread(sum(shares, Decimal(0)) / len(shares), min(shares), max(shares))
    return found
