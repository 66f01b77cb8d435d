"""What a released result shows: by clause, and the wrong answers with their explanations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from exams.attempts.arrangement import option_order, question_order
from exams.attempts.models import Answer, Attempt
from exams.attempts.queries import LETTERS
from exams.bank.bodies import TRUE_FALSE
from exams.papers.models import PaperItem


@dataclass(frozen=True, slots=True)
class MarkedOption:
    """An option with what was chosen and what is right."""

    letter: str
    text: str
    chosen: bool
    right: bool


@dataclass(frozen=True, slots=True)
class MarkedQuestion:
    """A question after release. `number` as the candidate saw it."""

    number: int
    position: int
    type: str
    stem: str
    points: Decimal
    earned: Decimal
    options: Sequence[MarkedOption]
    explanation: str
    clauses: Sequence[Any]

    @property
    def right(self) -> bool:
        """Full marks."""
        return self.earned >= self.points

    @property
    def answered(self) -> bool:
        """Whether anything was chosen."""
        return any(option.chosen for option in self.options)


@dataclass(slots=True)
class ClauseLine:
    """How the questions on one clause went; `clause` None collects those without a clause."""

    clause: Any
    pips: list[bool] = field(default_factory=list)

    @property
    def right(self) -> int:
        """Questions with full marks."""
        return sum(self.pips)

    @property
    def wrong(self) -> int:
        """Questions without."""
        return len(self.pips) - self.right

    @property
    def weak(self) -> bool:
        """At least half of them wrong."""
        return self.wrong * 2 >= len(self.pips)


def marked_questions(attempt: Attempt) -> list[MarkedQuestion]:
    """All questions of a released attempt, in the candidate's order; three queries and one for clauses.

    The caller must have made sure that the result is released.
    """
    rows = list(
        PaperItem.objects.filter(paper_id=attempt.paper_id)
        .order_by("position")
        .select_related("version")
        .prefetch_related("version__clauses")
    )
    answers = {answer.position: answer for answer in Answer.objects.filter(attempt=attempt)}
    ordered = question_order(
        rows, seed=attempt.seed, position=lambda row: row.position, kind=lambda row: row.version.type
    )
    return [marked(number, row, answers.get(row.position), attempt.seed) for number, row in enumerate(ordered, 1)]


def marked(number: int, row: PaperItem, answer: Answer | None, seed: int) -> MarkedQuestion:
    """One question with key and explanation."""
    version = row.version
    ordered = option_order(
        version.options,
        seed=seed,
        position=row.position,
        name=lambda option: option["id"],
        fixed=version.type == TRUE_FALSE,
    )
    chosen = set(answer.response) if answer else set()
    options = [
        MarkedOption(LETTERS[index], option["text"], option["id"] in chosen, option["id"] in version.key)
        for index, option in enumerate(ordered)
    ]
    earned = answer.points if answer and answer.points is not None else Decimal(0)
    return MarkedQuestion(
        number=number,
        position=row.position,
        type=version.type,
        stem=version.stem,
        points=row.points,
        earned=earned,
        options=options,
        explanation=version.explanation,
        clauses=list(version.clauses.all()),
    )


def by_clause(questions: Iterable[MarkedQuestion]) -> list[ClauseLine]:
    """One line per clause, most wrong answers first, questions without a clause last."""
    lines: dict[object, ClauseLine] = {}
    for question in questions:
        for clause in question.clauses or [None]:
            line = lines.setdefault(clause.pk if clause else None, ClauseLine(clause))
            line.pips.append(question.right)
    for line in lines.values():
        line.pips.sort(reverse=True)
    return sorted(lines.values(), key=lambda line: (line.clause is None, -line.wrong, -len(line.pips)))
