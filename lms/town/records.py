"""Writing sittings: attempts with their chained events, graded answers, receipts and outcomes.

The arithmetic (chain, grading, receipt) is the engine's own; only the storing is done many attempts at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from exams.attempts.chain import link
from exams.attempts.convergence import Change, Register, Stamp, replay
from exams.attempts.deadlines import resolve
from exams.attempts.grading import open_parts
from exams.attempts.ledger import answer_event, chain_key, chained_fields, first_hash
from exams.attempts.models import Answer, AnswerEvent, Attempt, AttemptStatus, OpenAnswer, SubmitReason
from exams.attempts.scoring import UNANSWERED, open_points, settle, sign, submit_event, verdicts
from exams.attempts.time_queries import facts_of
from exams.attempts.timing import months_later
from exams.papers.models import Exam
from lms.coverage.models import Outcome, OutcomeKind
from lms.town.examinations import Kit
from lms.town.people import Job
from lms.town.sittings import Mark
from lms.town.streams import random_key

ATTEMPTS_AT_ONCE = 400
ROWS = 4_000
ON_ITS_WAY = timedelta(milliseconds=180)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A sitting as it happened."""

    exam: Exam
    kit: Kit
    job: Job
    enterprise_id: int
    number: int
    seed: int
    started_at: datetime
    seconds: float
    marks: Sequence[Mark]


class SittingWriter:
    """Takes sittings one by one and stores them in bulk."""

    def __init__(self, grace_seconds: int) -> None:
        self.grace_seconds = grace_seconds
        self.waiting: list[tuple[Sitting, Attempt, list[AnswerEvent], list[Answer]]] = []

    def add(self, sitting: Sitting, chance: Random) -> Attempt:
        """Grade, chain and sign a sitting; it is stored with the next portion."""
        attempt = self.new_attempt(sitting, chance)
        final = attempt.started_at + timedelta(seconds=round(sitting.seconds))
        expired = final > attempt.deadline_at
        changes = self.changes(sitting, attempt, client=chance.getrandbits(53) or 1)
        register = replay(changes)
        found = verdicts(sitting.kit.items, register, multiple_rule=sitting.exam.multiple_rule)
        attempt.status = AttemptStatus.SUBMITTED
        attempt.submitted_at = attempt.deadline_at if expired else final
        attempt.submit_reason = SubmitReason.EXPIRED if expired else SubmitReason.PERSON
        settle(attempt, sitting.kit.items, found)
        attempt.highest_number = len(changes)
        taken = [answer_event(change, change.made_at + ON_ITS_WAY) for change in changes if change.made_at]
        closing = attempt.deadline_at + timedelta(seconds=self.grace_seconds + 4) if expired else final
        attempt.last_seen_at = taken[-1].received_at if expired and taken else final
        events = chained(attempt, [*taken, submit_event(attempt, closing, open_points(found), sitting.kit.items)])
        sign(attempt)
        saved = {event.position: event.received_at for event in taken}
        rows = [
            answer_row(
                position, register.get(position, UNANSWERED), None if one.open else one.earned,
                saved.get(position, closing),
            )
            for position, one in found.items()
        ]  # fmt: skip
        self.waiting.append((sitting, attempt, events, rows))
        if len(self.waiting) >= ATTEMPTS_AT_ONCE:
            self.write()
        return attempt

    def new_attempt(self, sitting: Sitting, chance: Random) -> Attempt:
        """The row as it stood at the start."""
        exam, kit = sitting.exam, sitting.kit
        attempt = Attempt(
            exam=exam,
            paper_id=kit.pk,
            person_id=sitting.job.person.pk,
            employment_id=sitting.job.pk,
            number=sitting.number,
            key=random_key(chance),
            seed=sitting.seed,
            item_count=len(kit.tasks),
            grace_seconds=self.grace_seconds,
            started_at=sitting.started_at,
            max_score=kit.total_points,
        )  # fmt: skip
        attempt.deadline_at = resolve(facts_of(attempt), ()).at
        attempt.head_hash = first_hash(attempt)
        return attempt

    def changes(self, sitting: Sitting, attempt: Attempt, *, client: int) -> list[Change]:
        """The marks as the browser sent them; nothing after the deadline."""
        room = (attempt.deadline_at - attempt.started_at).total_seconds() - 2
        return [
            Change(
                Stamp(number, client),
                mark.position,
                mark.response,
                sitting.started_at + timedelta(milliseconds=round(mark.second * 1000)),
            )
            for number, mark in enumerate((mark for mark in sitting.marks if mark.second < room), start=1)
        ]

    def write(self) -> None:
        """Store everything that waits."""
        Attempt.objects.bulk_create([attempt for _, attempt, _, _ in self.waiting])
        events: list[AnswerEvent] = []
        answers: list[Answer] = []
        outcomes: list[Outcome] = []
        for sitting, attempt, taken, rows in self.waiting:
            for event in taken:
                event.attempt_id = attempt.pk
            for answer in rows:
                answer.attempt_id = attempt.pk
            events += taken
            answers += rows
            if attempt.passed:
                outcomes.append(passed_outcome(sitting, attempt))
        AnswerEvent.objects.bulk_create(events, batch_size=ROWS)
        Answer.objects.bulk_create(answers, batch_size=ROWS)
        Outcome.objects.bulk_create(outcomes)
        OpenAnswer.objects.bulk_create(
            [row for sitting, _, _, rows in self.waiting for row in open_rows(sitting, rows)], batch_size=ROWS
        )
        self.waiting.clear()


def chained(attempt: Attempt, events: list[AnswerEvent]) -> list[AnswerEvent]:
    """Number and chain events as the ledger does; sets the attempt's end of chain."""
    key = chain_key()
    for sequence, event in enumerate(events, start=1):
        event.sequence = sequence
        event.hash = attempt.head_hash = link(key, attempt.head_hash, chained_fields(event))
    attempt.event_count = len(events)
    return events


def answer_row(position: int, register: Register, earned: Decimal | None, saved_at: datetime) -> Answer:
    """The answer that counts, graded where no person has to."""
    return Answer(
        position=position,
        response=list(register.response),
        client=register.stamp.client,
        client_number=register.stamp.number,
        saved_at=saved_at,
        points=earned,
    )


def open_rows(sitting: Sitting, answers: Sequence[Answer]) -> Iterator[OpenAnswer]:
    """What people have to mark in stored answers."""
    items = {item.position: item for item in sitting.kit.items}
    for answer in answers:
        item = items[answer.position]
        for part, possible in open_parts(item, answer.response).items():
            yield OpenAnswer(answer=answer, version_id=item.version_id, part=part, possible=possible)


def passed_outcome(sitting: Sitting, attempt: Attempt) -> Outcome:
    """What `exams.attempts.actions.record_pass` notes."""
    exam = sitting.exam
    assert attempt.submitted_at is not None
    assert attempt.result is not None
    day = timezone.localdate(attempt.submitted_at)
    return Outcome(
        kind=OutcomeKind.EXAM_PASSED,
        subject=exam.subject,
        title=exam.title,
        person_id=sitting.job.person.pk,
        employment_id=sitting.job.pk,
        enterprise_id=sitting.enterprise_id,
        achieved_at=attempt.submitted_at,
        achieved_on=day,
        valid_until=months_later(day, exam.valid_months) if exam.valid_months else None,
        amount=attempt.result.percent,
        evidence=f"exams.attempt:{attempt.pk}",
    )
