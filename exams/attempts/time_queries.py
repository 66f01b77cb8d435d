"""The time of an attempt with all that it is made of."""

from collections.abc import Iterable
from datetime import timedelta

from exams.attempts.deadlines import Change, ChangeKind, Deadline, TimeFacts, resolve
from exams.attempts.models import Attempt
from exams.attempts.time_models import TimeChange


def deadline_of(attempt: Attempt) -> Deadline:
    """What the attempt's deadline is made of; one query. `attempt.exam` should be loaded."""
    return resolve(facts_of(attempt), changes_in(attempt.time_changes.order_by("pk")))


def facts_of(attempt: Attempt) -> TimeFacts:
    """What is fixed at the start."""
    return TimeFacts(
        started_at=attempt.started_at,
        limit=timedelta(minutes=attempt.exam.minutes),
        closes_at=attempt.exam.closes_at,
        extra=timedelta(seconds=attempt.extra_seconds),
    )


def changes_in(rows: Iterable[TimeChange]) -> list[Change]:
    """Rows as the resolver reads them."""
    return [Change(ChangeKind(row.kind), row.at, timedelta(seconds=row.seconds)) for row in rows]
