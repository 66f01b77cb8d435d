"""Marking by people: one mark for one open answer; the last one of an attempt settles its result."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from exams.attempts.actions import locked_with_exam
from exams.attempts.ledger import append
from exams.attempts.marking import mark_facts
from exams.attempts.models import AnswerEvent, Attempt, AttemptStatus, EventKind, Mark, OpenAnswer
from exams.attempts.regrading import regrade
from exams.attempts.statements import update_row
from lms.audit.actions import record
from lms.kit.db import StaleState

if TYPE_CHECKING:
    from lms.people.models import User

MARKED_FIELDS = ("event_count", "head_hash")
COMMENT_LENGTH = 500


class CannotMark(Exception):
    """The mark was not taken. `reason`: sat (sat this exam themselves), graded (the result stands), void, points."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Given:
    """What a marker decides: points, the places of the expected points that are met, a comment."""

    points: Decimal
    met: Collection[int] = ()
    comment: str = ""


def has_sat(exam_id: int, *, person_id: int) -> bool:
    """Whether somebody sat an exam, voided attempts included: such people mark nobody's answers in it."""
    return Attempt.objects.of(person_id).filter(exam_id=exam_id).exists()


def give_mark(*, open_answer: OpenAnswer, given: Given, marks_seen: int, by: "User", now: datetime) -> Mark:
    """Append a mark; with the attempt's last one score, verdict and outcome follow.

    `marks_seen`: how many marks of this answer the marker had before them; StaleState when somebody marked it since.
    Raises CannotMark.
    """
    with transaction.atomic():
        attempt = locked_with_exam(answers__open_parts=open_answer.pk)
        refuse_unless_markable(attempt, by=by)
        number = (open_answer.marks.aggregate(last=Max("number"))["last"] or 0) + 1
        if number != marks_seen + 1:
            raise StaleState(f"{open_answer._meta.label} {open_answer.pk} was marked by somebody else")
        if not 0 <= given.points <= open_answer.possible:
            raise CannotMark("points")
        mark = Mark.objects.create(
            open_answer=open_answer,
            number=number,
            points=given.points,
            possible=open_answer.possible,
            met=sorted(set(given.met)),
            comment=given.comment.strip()[:COMMENT_LENGTH],
            marker=by,
            at=now,
        )
        append(attempt, [mark_event(mark, open_answer)])
        update_row(attempt, MARKED_FIELDS)
        if not waits_for_marks(attempt):
            regrade(attempt, by=None, reason="", now=now)
        record(
            action="exam.answer_marked",
            by=by,
            now=now,
            target=mark,
            enterprise_id=attempt.exam.enterprise_id,
            detail={"exam": attempt.exam_id, "attempt": attempt.pk, "points": f"{mark.points:.2f}", "number": number},
        )
    return mark


def refuse_unless_markable(attempt: Attempt, *, by: "User") -> None:
    """Raises CannotMark."""
    if attempt.person_id == by.pk or has_sat(attempt.exam_id, person_id=by.pk):
        raise CannotMark("sat")
    if attempt.status != AttemptStatus.SUBMITTED:
        raise CannotMark("void")
    if attempt.score is not None:
        raise CannotMark("graded")


def mark_event(mark: Mark, open_answer: OpenAnswer) -> AnswerEvent:
    """Binds a mark into the chain of its attempt."""
    return AnswerEvent(
        kind=EventKind.MARK,
        position=open_answer.answer.position,
        response=mark_facts(mark, part=open_answer.part),
        received_at=mark.at,
    )


def waits_for_marks(attempt: Attempt) -> bool:
    """Whether an open answer of the attempt has no mark; one query."""
    return OpenAnswer.objects.filter(answer__attempt=attempt, marks__isnull=True).exists()
