"""An attempt to be changed: its row locked, so that whatever happens to it happens one after the other."""

from exams.attempts.models import Attempt
from exams.attempts.statements import locked_row, whole_row
from exams.papers.models import Exam


def locked_with_exam(**look_up: object) -> Attempt:
    """One attempt, its row locked, with its exam; two queries."""
    attempt = locked_row(Attempt, **look_up)
    attempt.exam = whole_row(Exam, pk=attempt.exam_id)
    return attempt
