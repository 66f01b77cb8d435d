"""What the pages show, gathered. The sheet's part comes from classes that hold no key and no explanation."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from exams.attempts.models import Attempt, AttemptStatus, EventKind
from exams.attempts.packets import now_in_ms
from exams.attempts.queries import colleagues_average, exam_line, sheet_groups, sheet_of, window_of
from exams.attempts.receipts import tidy
from exams.attempts.results import by_clause, marked_questions
from exams.attempts.states import DUE
from exams.attempts.still_queries import stills_allowed
from exams.attempts.time_queries import deadline_of
from exams.attempts.verification import receipt_agrees
from exams.attempts.words import script_words
from exams.papers.models import Exam

SCALE_WIDTH = 288  # units of the score's drawing


def sheet_screen(attempt: Attempt, *, now: datetime) -> dict[str, Any]:
    """Context of the attempt page; four queries, one more where the exam takes stills."""
    questions = sheet_of(attempt)
    return {
        "exam": attempt.exam,
        "exam_title": attempt.exam.title,
        "rules": rules_of(attempt.exam),
        "attempt_key": attempt.key,
        "questions": questions,
        "groups": sheet_groups(questions),
        "answered": sum(question.answered for question in questions),
        "seconds_left": attempt.clock.seconds_left(now),
        "deadline_at": attempt.deadline_at,
        "now_ms": now_in_ms(now),
        "deadline_ms": now_in_ms(attempt.deadline_at),
        "highest": attempt.highest_number,
        "paused": attempt.paused_at is not None,
        "stills": stills_allowed(attempt),
        "words": script_words(),
    }


def rules_of(exam: Exam) -> str:
    """What `signals.js` asks of the exam, as JSON."""
    rules = {"leaveTolerance": exam.leave_tolerance, "blockCopy": exam.block_copy, "fullScreen": exam.full_screen}
    return json.dumps(rules)


@dataclass(frozen=True, slots=True)
class ScoreDrawing:
    """Where things stand on the score's line, in drawing units."""

    value: str
    mark: str
    mark_end: bool

    @classmethod
    def of(cls, percent: float, pass_percent: float) -> "ScoreDrawing":
        """From two percentages."""
        mark = SCALE_WIDTH * pass_percent / 100
        return cls(value=f"{SCALE_WIDTH * percent / 100:.1f}", mark=f"{mark:.1f}", mark_end=pass_percent > 30)


def result_screen(attempt: Attempt, *, now: datetime) -> dict[str, Any]:
    """Context of the result page; marks, keys and explanations only where they are released."""
    context: dict[str, Any] = {
        "attempt": attempt,
        "exam": attempt.exam,
        "voided": attempt.status == AttemptStatus.VOIDED,
        "released": False,
        "held": held_tally(attempt),
        "in_marking": attempt.status == AttemptStatus.SUBMITTED and attempt.score is None,
    }
    if attempt.submitted_at is not None:
        context["used"] = attempt.clock.seconds_used(attempt.submitted_at) - seconds_paused(attempt)
    score = attempt.result
    if context["voided"] or score is None or not window_of(attempt.exam).released(now):
        return context
    questions = marked_questions(attempt)
    average = colleagues_average(attempt)
    lines = by_clause(questions)
    line = exam_line(attempt.exam_id, person_id=attempt.person_id, now=now)
    return context | {
        "released": True,
        "score": score,
        "drawing": ScoreDrawing.of(float(score.percent), float(attempt.exam.pass_percent)),
        "average": average,
        "above": None if average is None else score.percent - average,
        "clause_lines": lines,
        "weak": [entry for entry in lines if entry.clause and entry.weak],
        "wrong": sum(not question.right for question in questions),
        "corrected": sum(bool(question.ruling) for question in questions),
        "shown": [question for question in questions if question.worth_showing],
        "may_retake": line.state in DUE,
        "attempts_left": line.attempts_left,
    }


def seconds_paused(attempt: Attempt) -> int:
    """Whole seconds for which the clock stood; no query for an attempt in which nothing happened."""
    return int(deadline_of(attempt).pauses.total_seconds()) if attempt.news else 0


def held_tally(attempt: Attempt) -> dict[str, int]:
    """How many late changes wait for a ruling, were counted, were not: {} where there are none; one query."""
    rows = attempt.held_changes.order_by().values_list("ruling").annotate(number=Count("pk"))
    return {ruling or "waiting": number for ruling, number in rows}


def receipt_screen(typed: str, *, now: datetime) -> dict[str, Any]:
    """Context of the public check: the code's attempt, whether signature and chain hold."""
    context: dict[str, Any] = {"typed": typed, "asked": bool(typed), "checked_at": now, "found": None}
    code = tidy(typed)
    if not code:
        return context
    found = Attempt.objects.select_related("exam", "person").filter(receipt=code).first()
    if found is None:
        return context
    return context | {
        "found": found,
        "holds": receipt_agrees(found),
        "records": found.events.filter(kind__in=[EventKind.ANSWER, EventKind.SUBMIT]).count(),
        "voided": found.status == AttemptStatus.VOIDED,
        "name": found.person.masked_name,
    }
