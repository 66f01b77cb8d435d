"""What the pages of proctors show, gathered."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from exams.attempts.device_actions import may_take_over
from exams.attempts.models import Attempt, AttemptStatus
from exams.attempts.moments import explain
from exams.attempts.packets import now_in_ms
from exams.attempts.queries import exam_for_person
from exams.attempts.retraining_models import Retraining
from exams.attempts.time_queries import deadline_of
from exams.integrity.queries import signals_of, standing_out
from exams.integrity.words import describe
from exams.papers.models import Exam
from exams.papers.sitting import CheckInRule
from exams.proctoring.board import Seat, people_meant
from exams.proctoring.checkin_queries import door_figures, people_at_the_door
from exams.proctoring.forms import ORDERED, reasons_for
from exams.proctoring.models import InterventionKind, Message, Reason
from exams.proctoring.still_queries import stills_of
from lms.people.models import User

OFFLINE = timedelta(seconds=40)  # without a sign of the page; it gives one every few seconds, noted every 15
MOST_OUTSIDE = 100
IDLE = timedelta(minutes=3)  # without an answer


def state_of(seat: Seat, *, now: datetime) -> str:
    """One word for a seat; the script of the board decides by the same rules."""
    if seat.status != AttemptStatus.WRITING:
        return seat.status
    if seat.paused:
        return "paused"
    if seat.seen_at and now - seat.seen_at > OFFLINE:
        return "offline"
    if seat.answered_at and now - seat.answered_at > IDLE:
        return "idle"
    return "writing"


def board_screen(exam: Exam, seats: Sequence[Seat], *, now: datetime) -> dict[str, Any]:
    """Context of the board."""
    states = {seat.pk: state_of(seat, now=now) for seat in seats}
    tally = Counter(states.values())
    meant = people_meant(exam, now=now)
    door = door_figures(exam, now=now) if exam.check_in != CheckInRule.OFF else None
    return {
        "exam": exam,
        "seats": [(seat, states[seat.pk]) for seat in seats],
        "tally": {name: tally[name] for name in ("writing", "idle", "offline", "paused", "submitted", "voided")},
        "away": tally["idle"] + tally["offline"],
        "with_signals": sum(bool(seat.leaves > exam.leave_tolerance or seat.signals or seat.held) for seat in seats),
        "not_started": max(0, meant - len(seats)),
        "door": door,
        "outside": not_started(exam, now=now) if door else [],
        "reasons": {kind.value: reasons_for(kind) for kind in (InterventionKind.ANNOUNCE, InterventionKind.PAUSE)},
        "standing_out": list(standing_out(exam.pk)) if exam.closes_at < now else [],
        "now_ms": now_in_ms(now),
        "live_words": board_words(exam),
    }


def not_started(exam: Exam, *, now: datetime) -> list[User]:
    """Those at the door, the ones let in first, as far as a board can show them; two queries."""
    people = people_at_the_door(exam, now=now).exclude(standing="started")
    return list(people.order_by("standing", "name", "pk")[:MOST_OUTSIDE])


def board_words(exam: Exam) -> dict[str, Any]:
    """Words and bounds for the script."""
    return {
        "writing": _("答题中"), "idle": _("停顿"), "offline": _("离线"), "paused": _("已暂停"),
        "submitted": _("已交卷"), "voided": _("已作废"), "left": _("切屏 {n} 次"), "signals": _("{n} 条信号"),
        "held": _("补传 {n} 处待裁定"), "stills": _("{n} 张照片待看"),
        "ago": _("{n} 秒前"), "minutes_ago": _("{n} 分钟前"), "just": _("刚刚"),
        "offline_ms": OFFLINE // timedelta(milliseconds=1), "idle_ms": IDLE // timedelta(milliseconds=1),
        "tolerance": exam.leave_tolerance,
    }  # fmt: skip


def seat_screen(exam: Exam, attempt: Attempt) -> dict[str, Any]:
    """Context of one seat: who, what the time is made of, evidence, and what may be done."""
    attempt.exam = exam
    kinds = [kind for kind in ORDERED if fits(attempt, kind)]
    reasons = list(Reason.objects.filter(active=True))
    return {
        "exam": exam,
        "attempt": attempt,
        "why": explain(deadline_of(attempt)),
        "evidence": [(signal, describe(signal)) for signal in reversed(signals_of(attempt))][:50],
        "stills": stills_of(attempt),
        "held": attempt.held_changes.filter(ruling="").count(),
        "told": Message.objects.filter(attempt=attempt).order_by("-pk")[:5],
        "orders": [(kind, [r for r in reasons if not r.fits or kind in r.fits]) for kind in kinds],
    }


def fits(attempt: Attempt, kind: InterventionKind) -> bool:
    """Whether an order makes sense for an attempt now."""
    if kind == InterventionKind.ANNOUNCE or attempt.status == AttemptStatus.VOIDED:
        return False
    if kind == InterventionKind.VOID:
        return True
    if kind == InterventionKind.RETRAINED:
        return attempt.passed is False and exam_retrains(attempt)
    if attempt.status != AttemptStatus.WRITING:
        return False
    if kind == InterventionKind.TAKE_OVER:
        return not may_take_over(attempt)
    if kind in (InterventionKind.PAUSE, InterventionKind.RESUME):
        return (kind == InterventionKind.RESUME) == (attempt.paused_at is not None)
    return True


def exam_retrains(attempt: Attempt) -> bool:
    """Whether the exam asks for training after failures, and none is confirmed for this one."""
    return bool(attempt.exam.retrain_after) and not Retraining.objects.filter(attempt=attempt).exists()


def person_meant(exam: Exam, number: str, *, now: datetime) -> User | None:
    """Somebody for whom the exam is meant, by staff number."""
    person = User.objects.filter(username=number.strip()).first()
    if person is None:
        return None
    try:
        return person if exam_for_person(exam.pk, person_id=person.pk, now=now).meant else None
    except Exam.DoesNotExist:
        return None
