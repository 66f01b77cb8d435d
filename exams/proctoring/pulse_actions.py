"""Answering the pulse of an open page: what has changed, and what its signals lead to."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q

from exams.attempts.actions import (
    AlreadySubmitted,
    expire_attempt,
    refuse_other_device,
    refuse_outside_seb,
    refuse_unless_open,
)
from exams.attempts.models import Attempt, AttemptStatus
from exams.attempts.moments import explain
from exams.attempts.packets import now_in_ms
from exams.attempts.time_queries import deadline_of
from exams.attempts.timing import Phase
from exams.integrity.actions import Taken, take_signals
from exams.integrity.tolerance import Step
from exams.proctoring.actions import submit_by_rule
from exams.proctoring.models import Message
from exams.proctoring.pulse import Pulse

if TYPE_CHECKING:
    from lms.people.models import User

# A page that answers only now and then is told apart from one that is gone by more than this.
SEEN_EVERY = timedelta(seconds=15)


@dataclass(slots=True)
class Answer:
    """What the page is told. `why` and `messages` only when something is new."""

    attempt: Attempt
    why: str = ""
    messages: list[Message] = field(default_factory=list)
    taken: Taken | None = None

    def as_json(self, now: datetime) -> dict[str, Any]:
        """As the page reads it."""
        attempt, taken = self.attempt, self.taken
        return {
            "now": now_in_ms(now),
            "deadline": now_in_ms(attempt.deadline_at),
            "paused": attempt.paused_at is not None,
            "news": attempt.news,
            "why": self.why,
            "messages": [
                {"id": row.pk, "kind": row.kind, "text": row.text, "at": now_in_ms(row.at)} for row in self.messages
            ],
            "left": {"count": taken.count, "tolerance": taken.tolerance} if taken else None,
        }


def take_pulse(*, attempt_key: UUID, by: "User", pulse: Pulse, device: str, address: str, now: datetime) -> Answer:
    """One query when nothing is new; one more to note that the page lives (every 15 s), two more for news.

    Raises Attempt.DoesNotExist, AlreadySubmitted, TimeIsUp, Moved, NotInSeb, BadReports.
    """
    attempt = Attempt.objects.select_related("exam").get(key=attempt_key, person_id=by.pk)
    if attempt.status == AttemptStatus.WRITING and attempt.clock.phase(now) is Phase.OVER:
        expire_attempt(attempt_id=attempt.pk, now=now)
    refuse_unless_open(attempt, now=now)
    refuse_other_device(attempt, device)
    refuse_outside_seb(attempt)
    answer = Answer(attempt)
    due = attempt.last_seen_at is None or now - attempt.last_seen_at >= SEEN_EVERY
    if due:
        Attempt.objects.filter(pk=attempt.pk).update(last_seen_at=now)
    if due or pulse.signals:
        answer.taken = take_signals(attempt=attempt, signals=pulse.signals, now=now, address=address)
        if answer.taken.step == Step.SUBMIT:
            submit_by_rule(attempt=attempt, count=answer.taken.count, now=now)
            raise AlreadySubmitted
    if attempt.news != pulse.news:
        answer.why = explain(deadline_of(attempt))
        answer.messages = messages_for(attempt, after=pulse.messages_seen)
    return answer


def messages_for(attempt: Attempt, *, after: int = 0) -> list[Message]:
    """What this candidate is to read, sent since the start; one query."""
    rows = Message.objects.filter(Q(attempt=attempt) | Q(attempt__isnull=True), exam_id=attempt.exam_id)
    return list(rows.filter(pk__gt=after, at__gte=attempt.started_at)[:50])
