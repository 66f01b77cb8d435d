"""Marking by people: one mark for one open answer; the last one that an attempt needs settles its result."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from exams.attempts.agreement import SECOND, MarkingRule, StagedMark, by_stage, decided, stage_for
from exams.attempts.ledger import append
from exams.attempts.locking import locked_with_exam
from exams.attempts.models import AnswerEvent, Attempt, AttemptStatus, EventKind, Mark, OpenAnswer
from exams.attempts.regrading import regrade
from exams.attempts.scoring import mark_facts, marking_rule
from exams.attempts.statements import update_row
from exams.marking.queries import has_sat, staged_marks
from lms.audit.actions import record
from lms.kit.db import StaleState

if TYPE_CHECKING:
    from lms.people.models import User

MARKED_FIELDS = ("event_count", "head_hash")
COMMENT_LENGTH = 500


class CannotMark(Exception):
    """The mark was not taken.

    `reason`: sat (sat this exam themselves), graded (the result stands), void, needless (a correction decides about the
    question), settled (double marking: not theirs to give any more), points.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Given:
    """What a marker decides: points, the places of the expected points that are met, a comment."""

    points: Decimal
    met: Collection[int] = ()
    comment: str = ""


def give_mark(*, open_answer: OpenAnswer, given: Given, marks_seen: int, by: "User", now: datetime) -> Mark:
    """Append a mark; with the attempt's last one score, verdict and outcome follow.

    `marks_seen`: how many marks of this answer the marker knew of; StaleState when somebody marked it since and that
    matters. Raises CannotMark.
    """
    with transaction.atomic():
        attempt = locked_with_exam(pk=open_answer.answer.attempt_id)
        open_answer.refresh_from_db(fields=["points", "needed"])
        refuse_unless_markable(attempt, open_answer, by=by)
        rule, before = marking_rule(attempt.exam), staged_marks(open_answer)
        stage = turn_of(by, open_answer, before, rule, marks_seen=marks_seen)
        if not 0 <= given.points <= open_answer.possible:
            raise CannotMark("points")
        mark = Mark.objects.create(
            open_answer=open_answer,
            number=len(before) + 1,
            stage=stage,
            points=given.points,
            possible=open_answer.possible,
            met=sorted(set(given.met)),
            comment=given.comment.strip()[:COMMENT_LENGTH],
            marker=by,
            at=now,
        )
        settle(open_answer, [*before, StagedMark(stage, by.pk, mark.points)], rule)
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
            detail={
                "exam": attempt.exam_id,
                "attempt": attempt.pk,
                "points": f"{mark.points:.2f}",
                "number": mark.number,
                "stage": stage,
            },
        )
    return mark


def turn_of(
    by: "User", open_answer: OpenAnswer, before: list[StagedMark], rule: MarkingRule, *, marks_seen: int
) -> int:
    """The stage of the mark that somebody may give now; raises CannotMark, StaleState."""
    stage = stage_for(by.pk, before, rule, possible=open_answer.possible)
    if stage is None:
        raise CannotMark("settled")
    # The second of two is blind: whether the first mark came meanwhile is nothing to them.
    if len(before) != marks_seen and not (rule.double and stage == SECOND):
        raise StaleState(f"{open_answer._meta.label} {open_answer.pk} was marked by somebody else")
    return stage


def settle(open_answer: OpenAnswer, marks: list[StagedMark], rule: MarkingRule) -> None:
    """Note what the marks come to."""
    points = {stage: mark.points for stage, mark in by_stage(marks).items()}
    open_answer.points = decided(points, rule, possible=open_answer.possible)
    open_answer.save(update_fields=["points"])


def refuse_unless_markable(attempt: Attempt, open_answer: OpenAnswer, *, by: "User") -> None:
    """Raises CannotMark."""
    if attempt.person_id == by.pk or has_sat(attempt.exam_id, person_id=by.pk):
        raise CannotMark("sat")
    if attempt.status != AttemptStatus.SUBMITTED:
        raise CannotMark("void")
    if attempt.score is not None:
        raise CannotMark("graded")
    if not open_answer.needed:
        raise CannotMark("needless")


def mark_event(mark: Mark, open_answer: OpenAnswer) -> AnswerEvent:
    """Binds a mark into the chain of its attempt."""
    return AnswerEvent(
        kind=EventKind.MARK,
        position=open_answer.answer.position,
        response=mark_facts(mark, part=open_answer.part),
        received_at=mark.at,
    )


def waits_for_marks(attempt: Attempt) -> bool:
    """Whether people still have to decide about an answer of the attempt; one query."""
    return OpenAnswer.objects.waiting().filter(answer__attempt=attempt).exists()
