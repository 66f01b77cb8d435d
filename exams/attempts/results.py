"""What a released result shows: by clause, and the wrong answers with their explanations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from exams.attempts.arrangement import question_order
from exams.attempts.marked import HandMark, MarkedBody, Question, marked_body
from exams.attempts.models import Answer, Attempt, Mark
from exams.attempts.sheets import Picture, Source
from exams.bank.bodies import CASE, SHORT_ANSWER
from exams.bank.models import QuestionVersion
from exams.papers.correction_models import CorrectionKind
from exams.papers.models import PaperItem


@dataclass(frozen=True, slots=True)
class MarkedQuestion:
    """A question after release. `number` as the candidate saw it; `ruling`: what was corrected about it, and why."""

    number: int
    position: int
    points: Decimal
    earned: Decimal
    body: MarkedBody
    picture: Picture | None
    explanation: str
    clauses: Sequence[Any]
    ruling: str = ""
    why: str = ""

    @property
    def type(self) -> str:
        """Its type."""
        return self.body.type

    @property
    def right(self) -> bool:
        """Full marks."""
        return self.earned >= self.points

    @property
    def worth_showing(self) -> bool:
        """Points were lost, a person wrote a comment, or the key was corrected."""
        return not self.right or self.body.remarked or bool(self.ruling)


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
    """All questions of a released attempt, in the candidate's order; three queries, one for clauses and one for marks.

    The caller must have made sure that the result is released. `attempt.exam` should be loaded.
    """
    rows = list(
        PaperItem.objects.filter(paper_id=attempt.paper_id)
        .order_by("position")
        .select_related("version__picture", "correction__source")
        .prefetch_related("version__clauses")
    )
    answers = {answer.position: answer for answer in Answer.objects.filter(attempt=attempt)}
    written = any(row.version.type in (SHORT_ANSWER, CASE) for row in rows)
    hand = hand_marks(attempt) if written else {}
    ordered = question_order(
        rows, seed=attempt.seed, position=lambda row: row.position, kind=lambda row: row.version.type
    )
    return [
        marked(number, row, answers.get(row.position), attempt, hand.get(row.position, {}))
        for number, row in enumerate(ordered, 1)
    ]


def hand_marks(attempt: Attempt) -> dict[int, dict[str, HandMark]]:
    """What people gave, by position and sub-question; words are the newest mark's; one query."""
    found: dict[int, dict[str, HandMark]] = {}
    rows = Mark.objects.filter(open_answer__answer__attempt=attempt, open_answer__points__isnull=False)
    for position, part, points, comment, met in rows.order_by("number").values_list(
        "open_answer__answer__position", "open_answer__part", "open_answer__points", "comment", "met"
    ):
        found.setdefault(position, {})[part] = HandMark(points or Decimal(0), comment, met)
    return found


def picture_of(version: QuestionVersion) -> Picture | None:
    """The picture of a version."""
    picture = version.picture
    return Picture(picture.digest, version.picture_alt, picture.width, picture.height) if picture else None


def marked(
    number: int, row: PaperItem, answer: Answer | None, attempt: Attempt, hand: dict[str, HandMark]
) -> MarkedQuestion:
    """One question with key and explanation; the points are those on record."""
    version, correction = row.version, row.correction
    judged, dropped = row.judged_by, correction is not None and correction.kind == CorrectionKind.DROP
    picture = picture_of(version)
    question = Question(
        source=Source(version.type, version.stem, version.options, row.points),
        key=judged.key,
        response=answer.response if answer else (),
        seed=attempt.seed,
        place=row.position,
        rule=attempt.exam.multiple_rule,
        picture=picture,
    )
    return MarkedQuestion(
        number=number,
        position=row.position,
        points=Decimal(0) if dropped else row.points,
        earned=answer.points if answer and answer.points is not None else Decimal(0),
        body=marked_body(question, hand),
        picture=picture,
        explanation=judged.explanation,
        clauses=list(version.clauses.all()),
        ruling=row.ruling,
        why=correction.reason if correction and row.ruling else "",
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
