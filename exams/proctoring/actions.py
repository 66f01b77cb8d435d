"""What proctors may do while an exam runs: every order is a row with its reason, beside what it does."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from exams.attempts import (
    checkin_actions,
    closing_actions,
    device_actions,
    late_actions,
    retraining_actions,
    time_actions,
)
from exams.attempts.actions import AlreadySubmitted, TimeIsUp
from exams.attempts.checkin_models import CheckIn, CheckInOutcome
from exams.attempts.held_models import Ruling
from exams.attempts.models import Attempt, AttemptStatus
from exams.papers.models import Exam
from exams.proctoring.models import Intervention, InterventionKind, Message, MessageKind, Reason
from lms.audit.actions import record

if TYPE_CHECKING:
    from lms.people.models import User

REFUSED = (AlreadySubmitted, TimeIsUp, time_actions.CannotChangeTime)
TOLD = {InterventionKind.MESSAGE: MessageKind.MESSAGE, InterventionKind.WARN: MessageKind.WARNING}


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done and why; `text` for messages, `minutes` for extensions."""

    kind: InterventionKind
    reason: Reason | None
    note: str = ""
    minutes: int | None = None
    text: str = ""

    @property
    def words(self) -> str:
        """The reason as the record keeps it."""
        return "：".join(part for part in (self.reason.label if self.reason else "", self.note) if part)[:200]


@dataclass(slots=True)
class Done:
    """For how many attempts it was done, and which could not (handed in meanwhile, paused already …)."""

    count: int = 0
    refused: list[int] = field(default_factory=list)


def intervene(*, exam: Exam, order: Order, attempt_ids: Iterable[int], by: "User", now: datetime) -> Done:
    """Carry out an order for some attempts of an exam, each in its own transaction; nobody's own attempt is touched."""
    done = Done()
    own = Attempt.objects.filter(exam=exam, pk__in=list(attempt_ids)).exclude(person=by).order_by("pk")
    for attempt_id in own.values_list("pk", flat=True):
        try:
            with transaction.atomic():
                note_intervention(exam, order, attempt_id, by=by, now=now)
                HANDLERS[order.kind](attempt_id, order, by, now)
            done.count += 1
        except REFUSED:
            done.refused.append(attempt_id)
    return done


def writing_ids(exam: Exam) -> list[int]:
    """Everybody who is writing."""
    return list(Attempt.objects.filter(exam=exam, status=AttemptStatus.WRITING).values_list("pk", flat=True))


@transaction.atomic
def announce(*, exam: Exam, order: Order, by: "User", now: datetime) -> Message:
    """Tell everybody who is writing; two writes, however many they are."""
    note_intervention(exam, order, None, by=by, now=now)
    message = Message.objects.create(exam=exam, kind=MessageKind.ANNOUNCEMENT, text=order.text, by=by, at=now)
    Attempt.objects.filter(exam=exam, status=AttemptStatus.WRITING).update(news=F("news") + 1)
    record(
        action="exam.announced", by=by, now=now, target=exam, enterprise_id=exam.enterprise_id, reason=order.words,
        detail={"message": message.pk},
    )  # fmt: skip
    return message


def note_intervention(
    exam: Exam, order: Order, attempt_id: int | None, *, by: "User | None", now: datetime
) -> Intervention:
    """The row of an order."""
    return Intervention.objects.create(
        exam=exam, attempt_id=attempt_id, kind=order.kind, reason=order.reason, note=order.note[:200],
        minutes=order.minutes, by=by, at=now,
    )  # fmt: skip


def tell(attempt_id: int, order: Order, by: "User", now: datetime) -> None:
    """A message or a warning to one candidate."""
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("exam").get(pk=attempt_id)
    if attempt.status != AttemptStatus.WRITING:
        raise AlreadySubmitted
    message = Message.objects.create(
        exam=attempt.exam, attempt=attempt, kind=TOLD[order.kind], text=order.text, by=by, at=now
    )
    Attempt.objects.filter(pk=attempt_id).update(news=F("news") + 1)
    record(
        action=f"attempt.{order.kind}", by=by, now=now, target=attempt, enterprise_id=attempt.exam.enterprise_id,
        reason=order.words, detail={"message": message.pk},
    )  # fmt: skip


def extend(attempt_id: int, order: Order, by: "User", now: datetime) -> None:
    """More time."""
    time_actions.extend(attempt_id=attempt_id, minutes=order.minutes or 0, by=by, reason=order.words, now=now)


def pause(attempt_id: int, order: Order, by: "User", now: datetime) -> None:
    """Stop the clock."""
    time_actions.pause(attempt_id=attempt_id, by=by, reason=order.words, now=now)


def resume(attempt_id: int, order: Order, by: "User", now: datetime) -> None:
    """Let the clock go on."""
    time_actions.resume(attempt_id=attempt_id, by=by, reason=order.words, now=now)


def allow_take_over(attempt_id: int, order: Order, by: "User", now: datetime) -> None:
    """Let another device go on."""
    device_actions.allow_take_over(attempt_id=attempt_id, by=by, reason=order.words, now=now)


def force_submit(attempt_id: int, order: Order, by: "User", now: datetime) -> None:
    """Hand in."""
    closing_actions.force_submit(attempt_id=attempt_id, by=by, reason=order.words, now=now)


def void(attempt_id: int, order: Order, by: "User", now: datetime) -> None:
    """Declare void."""
    closing_actions.void_attempt(attempt_id=attempt_id, by=by, reason=order.words, now=now)


def confirm_retraining(attempt_id: int, order: Order, by: "User", now: datetime) -> None:
    """Let somebody who failed try again after training."""
    retraining_actions.confirm_retraining(attempt_id=attempt_id, by=by, reason=order.words, now=now)


HANDLERS: dict[InterventionKind, Callable[[int, Order, "User", datetime], None]] = {
    InterventionKind.MESSAGE: tell,
    InterventionKind.WARN: tell,
    InterventionKind.EXTEND: extend,
    InterventionKind.PAUSE: pause,
    InterventionKind.RESUME: resume,
    InterventionKind.TAKE_OVER: allow_take_over,
    InterventionKind.FORCE_SUBMIT: force_submit,
    InterventionKind.VOID: void,
    InterventionKind.RETRAINED: confirm_retraining,
}


@transaction.atomic
def rule_on_late(
    *, attempt: Attempt, held_ids: Iterable[int], ruling: Ruling, order: Order, by: "User", now: datetime
) -> None:
    """Decide about late changes of one attempt. Raises exams.attempts.late_actions.CannotRule."""
    note_intervention(attempt.exam, order, attempt.pk, by=by, now=now)
    late_actions.rule_on(attempt_id=attempt.pk, held_ids=held_ids, ruling=ruling, by=by, reason=order.words, now=now)


@transaction.atomic
def give_extra_time(*, exam: Exam, person: "User", order: Order, by: "User", now: datetime) -> None:
    """Extra time before the start. Raises exams.attempts.time_actions.CannotChangeTime."""
    note_intervention(exam, order, None, by=by, now=now)
    time_actions.give_extra_time(
        exam=exam, person=person, minutes=order.minutes or 0, by=by, reason=order.words, now=now
    )


@transaction.atomic
def decide_at_the_door(
    *, exam: Exam, person: "User", outcome: CheckInOutcome, order: Order, by: "User", now: datetime
) -> CheckIn:
    """Let somebody in, or not. Raises exams.attempts.checkin_actions.CannotCheckIn."""
    if order.words:
        note_intervention(exam, order, None, by=by, now=now)
    return checkin_actions.check_in(exam=exam, person=person, outcome=outcome, by=by, reason=order.words, now=now)


def submit_by_rule(*, attempt: Attempt, count: int, now: datetime) -> None:
    """The exam's own rule about leaving the page hands an attempt in; one that has ended stays as it is."""
    note = _("离开答题页 %(count)s 次，超过容许次数") % {"count": count}
    order = Order(InterventionKind.FORCE_SUBMIT, None, note)
    try:
        with transaction.atomic():
            note_intervention(attempt.exam, order, attempt.pk, by=None, now=now)
            closing_actions.force_submit(attempt_id=attempt.pk, by=None, reason=note, now=now)
    except AlreadySubmitted:
        return
