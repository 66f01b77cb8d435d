"""What papers are made from and what they come to, as plain data: questions, rules, papers, what is lacking (pure).

Everything that decides about a paper is a whole number: counts, and difficulties in thousandths of a grade. So sums
are exact, and a paper either meets a rule or does not.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from math import gcd
from typing import Any

GRADE = 1000
USUAL_DIFFICULTY = 3 * GRADE
# Mean difficulties of the papers of an exam lie this close together, in thousandths of a grade.
MOST_SPREAD = 10
# The algorithm of each method; a stored assembly names the one that made it.
ALGORITHMS = {"draw": "draw-2", "parallel": "parallel-1", "fixed": "fixed-1"}


def graded(prior: int, measured: Decimal | None) -> int:
    """Difficulty in thousandths of a grade: 1 + 4 × measured (the share of points lost, 0–1), else the prior 1–5.

    So a question that everybody answers counts as 1, one that nobody answers as 5.
    """
    return prior * GRADE if measured is None else GRADE + int(4 * GRADE * measured)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question version that may be drawn. `enemy`: "" or the name of its group; `difficulty`: thousandths of a
    grade; `industry_ids`: those of its industries that a share of the spec names (none: 通用 or others)."""

    version_id: int
    type: str
    topic_id: int
    criterion: bool
    enemy: str = ""
    difficulty: int = USUAL_DIFFICULTY
    industry_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """So many questions of a type, each worth `points`, from the topics given (none: all)."""

    type: str
    count: int
    points: Decimal
    topic_ids: frozenset[int] = frozenset()

    def takes(self, candidate: Candidate) -> bool:
        """Whether the question may stand in this section."""
        return candidate.type == self.type and (not self.topic_ids or candidate.topic_id in self.topic_ids)


@dataclass(frozen=True, slots=True)
class ShareSpec:
    """Of every paper's questions at least and at most so many percent are of these topics, or of this industry."""

    min_percent: int
    max_percent: int
    topic_ids: frozenset[int] = frozenset()
    industry_id: int | None = None

    def counts(self, candidate: Candidate) -> bool:
        """Whether the question counts for the share."""
        if self.industry_id is not None:
            return self.industry_id in candidate.industry_ids
        return candidate.topic_id in self.topic_ids

    def bounds(self, total: int) -> tuple[int, int]:
        """Fewest and most questions of a paper of `total`; the fewest may exceed the most after rounding."""
        return -(-total * self.min_percent // 100), total * self.max_percent // 100


@dataclass(frozen=True, slots=True)
class PaperSpec:
    """Everything the papers depend on. `target` and `tolerance`: thousandths of a grade, per question.

    `families`: groups of papers that share no question. A fixed paper (`method`) has one section per question.
    """

    sections: tuple[SectionSpec, ...]
    pool: tuple[Candidate, ...]
    min_criterion_percent: Decimal
    paper_count: int
    seed: int
    method: str = "draw"
    families: int = 1
    shares: tuple[ShareSpec, ...] = ()
    target: int | None = None
    tolerance: int = 200
    max_overlap_percent: int = 100
    max_exposure_percent: int = 100

    @property
    def total(self) -> int:
        """Questions per paper."""
        return sum(section.count for section in self.sections)

    @property
    def criterion_needed(self) -> int:
        """Criterion questions that every paper must hold at least."""
        exact = Decimal(self.total) * self.min_criterion_percent / 100
        return int(exact.to_integral_value(ROUND_CEILING))

    @property
    def most_shared(self) -> int:
        """Questions that two papers may have in common."""
        return self.total * self.max_overlap_percent // 100

    @property
    def most_papers(self) -> int:
        """Papers that may hold the same question."""
        return max(1, self.paper_count * self.max_exposure_percent // 100)

    @property
    def widest(self) -> int:
        """How far the sums of difficulty of two papers may lie apart, in thousandths of a grade."""
        return MOST_SPREAD * self.total

    def family_of(self, number: int) -> int:
        """The family of the paper with this number (from 1); families take turns."""
        return (number - 1) % self.families

    def papers_in(self, family: int) -> int:
        """How many papers a family has."""
        return (self.paper_count - family + self.families - 1) // self.families


@dataclass(frozen=True, slots=True)
class AssembledItem:
    """A question in its place."""

    version_id: int
    section: int
    points: Decimal


@dataclass(frozen=True, slots=True)
class AssembledPaper:
    """One form; `seed` is its own. `difficulty`: sum over its questions, thousandths of a grade."""

    number: int
    seed: int
    items: tuple[AssembledItem, ...]
    family: int = 0
    difficulty: int = 0

    @property
    def total_points(self) -> Decimal:
        """Points that can be reached."""
        return sum((item.points for item in self.items), Decimal(0))

    @property
    def mean_difficulty(self) -> Decimal:
        """Mean grade of its questions, 1–5, four places."""
        return (Decimal(self.difficulty) / (GRADE * len(self.items))).quantize(Decimal("0.0001"))


class Stage(StrEnum):
    """Up to which demand the bank was asked: one paper, one for each family, all papers, all papers kept apart."""

    PAPER = "paper"
    FAMILIES = "families"
    EXPOSURE = "exposure"
    OVERLAP = "overlap"


class Rule(StrEnum):
    """Which rule cannot be met."""

    COUNT = "count"  # too few questions: of a section, or on criteria where no section is named
    SHARE_MIN = "share_min"
    SHARE_MAX = "share_max"
    ENEMIES = "enemies"
    FAMILIES = "families"
    EXPOSURE = "exposure"
    OVERLAP = "overlap"
    SPREAD = "spread"
    TARGET = "target"
    TOGETHER = "together"  # no single rule, several together


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What the pool lacks: `section` is an index into the sections, None for the criterion share or another `rule`.

    `share`: index into the shares, for rules about them. `reach`: lowest and highest difficulty of a paper that the
    pool allows, thousandths of a grade, for a target out of reach. `among`: rules that stand in the way together.
    """

    section: int | None
    missing: int
    stage: Stage = Stage.PAPER
    rule: Rule = Rule.COUNT
    share: int | None = None
    reach: tuple[int, int] | None = None
    among: tuple[Rule, ...] = ()


class Impossible(Exception):
    """The pool cannot fill the blueprint."""

    def __init__(self, shortfalls: Sequence[Shortfall]) -> None:
        super().__init__(", ".join(f"{lack.stage} {lack.rule} {lack.section}: {lack.missing}" for lack in shortfalls))
        self.shortfalls = tuple(shortfalls)


def paper_seed(seed: int, number: int) -> int:
    """The own seed of a paper, 63 bits."""
    digest = hashlib.sha256(f"{seed}:{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def grain(difficulties: Sequence[int]) -> int:
    """The step in which sums of a fixed number of these difficulties move; 0 when all are equal."""
    return gcd(*(value - difficulties[0] for value in difficulties)) if difficulties else 0


def spec_data(spec: PaperSpec) -> dict[str, Any]:
    """A spec as plain data for storage; `spec_from` is the inverse."""
    return {
        "method": spec.method,
        "sections": [[s.type, s.count, str(s.points), sorted(s.topic_ids)] for s in spec.sections],
        "pool": [
            [c.version_id, c.type, c.topic_id, int(c.criterion), c.enemy, c.difficulty, list(c.industry_ids)]
            for c in spec.pool
        ],
        "min_criterion_percent": str(spec.min_criterion_percent),
        "paper_count": spec.paper_count,
        "seed": spec.seed,
        "families": spec.families,
        "shares": [[s.min_percent, s.max_percent, sorted(s.topic_ids), s.industry_id] for s in spec.shares],
        "target": spec.target,
        "tolerance": spec.tolerance,
        "max_overlap_percent": spec.max_overlap_percent,
        "max_exposure_percent": spec.max_exposure_percent,
    }


def spec_from(data: dict[str, Any]) -> PaperSpec:
    """The spec as it was stored. What "draw-1" did not know yet has the value that changes nothing."""
    return PaperSpec(
        sections=tuple(
            SectionSpec(kind, count, Decimal(points), frozenset(topic_ids))
            for kind, count, points, topic_ids in data["sections"]
        ),
        pool=tuple(candidate_from(*row) for row in data["pool"]),
        min_criterion_percent=Decimal(data["min_criterion_percent"]),
        paper_count=data["paper_count"],
        seed=data["seed"],
        method=data.get("method", "draw"),
        families=data.get("families", 1),
        shares=tuple(
            ShareSpec(least, most, frozenset(topic_ids), industry_id)
            for least, most, topic_ids, industry_id in data.get("shares", [])
        ),
        target=data.get("target"),
        tolerance=data.get("tolerance", 200),
        max_overlap_percent=data.get("max_overlap_percent", 100),
        max_exposure_percent=data.get("max_exposure_percent", 100),
    )


def candidate_from(
    version_id: int,
    kind: str,
    topic_id: int,
    criterion: int,
    enemy: str,
    difficulty: int = USUAL_DIFFICULTY,
    industry_ids: Sequence[int] = (),
) -> Candidate:
    """One row of a stored pool."""
    return Candidate(version_id, kind, topic_id, bool(criterion), enemy, difficulty, tuple(industry_ids))
