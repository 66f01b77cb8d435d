"""Grading a submitted attempt from its record: after its last mark, or when something that it rests on has changed."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from exams.attempts.convergence import Register
from exams.attempts.grading import Item
from exams.attempts.ledger import ANSWER_FIELDS, append
from exams.attempts.models import Answer, AnswerEvent, Attempt, EventKind, OpenAnswer
from exams.attempts.outcomes import settle_pass
from exams.attempts.scoring import (
    Recomputed,
    corrections_in,
    grade_facts,
    items_of,
    recomputed,
    write_open_answers,
)
from exams.attempts.statements import insert_rows, update_row
from exams.attempts.verification import replayed

if TYPE_CHECKING:
    from lms.people.models import User

REGRADED_FIELDS = ("score", "max_score", "passed", "event_count", "head_hash", "news")


def regrade(
    attempt: Attempt, *, by: "User | None", reason: str, now: datetime, facts: dict[str, Any] | None = None
) -> None:
    """Points, score, verdict, last event and outcome of a locked, submitted attempt, from its record.

    An attempt that still waits for marks gets its points and no score. `facts` are added to the event.
    """
    answers, items = replayed(list(attempt.events.order_by("sequence"))), items_of(attempt.paper_id)
    found = recomputed(attempt, answers, items)
    rewrite_points(attempt, answers, found, now=now)
    if found.score is None:
        write_open_answers(attempt, items, answers)
    note_needs(attempt, items)
    attempt.max_score = found.possible
    attempt.score = found.score.earned if found.score else None
    attempt.passed = found.score.reaches(attempt.exam.pass_percent) if found.score else None
    attempt.news += 1
    said = {**grade_facts(attempt), **corrections_in(items), **(facts or {})}
    event = AnswerEvent(kind=EventKind.GRADE, response=said, received_at=now)
    append(attempt, [event])
    update_row(attempt, REGRADED_FIELDS)
    settle_pass(attempt, by=by, reason=reason, now=now)


def note_needs(attempt: Attempt, items: list[Item]) -> None:
    """People decide about no question that a correction decides, and again about one that it gave back; two queries."""
    rows = OpenAnswer.objects.filter(answer__attempt=attempt)
    decided = [item.position for item in items if not item.counts]
    rows.filter(answer__position__in=decided, needed=True).update(needed=False)
    rows.exclude(answer__position__in=decided).filter(needed=False).update(needed=True)


def rewrite_points(attempt: Attempt, answers: dict[int, Register], found: Recomputed, *, now: datetime) -> None:
    """The answers that count, with their points, in one statement; the moment of saving stays where it is known."""
    saved = dict(Answer.objects.filter(attempt=attempt).values_list("position", "saved_at"))
    rows = []
    for position, points in found.points.items():
        register = answers.get(position)
        response = list(register.response) if register else []
        client, number = (register.stamp.client, register.stamp.number) if register else (0, 0)
        rows.append((attempt.pk, position, response, client, number, saved.get(position, now), points))
    names = (*ANSWER_FIELDS, "points")
    insert_rows(Answer, names, rows, unique=("attempt", "position"), replace=names[2:])
