"""What every paper of an exam must be like, as plain data: from a saved exam or from a form being filled in (pure)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One part: so many questions of a type, each worth `points`, from these topics (none: all)."""

    type: str
    count: int
    points: Decimal
    topic_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ShareRow:
    """How much of every paper a topic or an industry (one of the two) has, in percent of its questions."""

    topic_id: int | None = None
    industry_id: int | None = None
    min_percent: int = 0
    max_percent: int = 100


@dataclass(frozen=True, slots=True)
class FixedRow:
    """A question chosen by hand for a fixed paper."""

    question_id: int
    points: Decimal


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Everything the papers of an exam depend on besides bank and seed.

    `method` is a value of `AssemblyMethod`; a fixed paper has `fixed` and no sections. `on`: the day on which the
    questions must be in force. `fresh_attempts`: how many sittings back a retake shares no question with.
    """

    method: str
    sections: tuple[SectionRow, ...]
    min_criterion_percent: Decimal
    paper_count: int
    on: date
    shares: tuple[ShareRow, ...] = ()
    fixed: tuple[FixedRow, ...] = ()
    category_id: int | None = None
    target_difficulty: Decimal | None = None
    difficulty_tolerance: Decimal = Decimal("0.20")
    max_overlap_percent: int = 30
    max_exposure_percent: int = 50
    fresh_attempts: int = 1
    attempts_allowed: int = 1

    @property
    def families(self) -> int:
        """Groups of papers that share no question: one for each sitting of a person that must be fresh."""
        return 1 if self.method == "fixed" else min(self.fresh_attempts, self.attempts_allowed - 1) + 1
