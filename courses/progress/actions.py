"""Writing study sessions, heartbeats and lesson progress."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from courses.catalogue.actions import complete, enrol
from courses.catalogue.models import Lesson, LessonKind
from courses.progress.honesttime import Claim, Clock, Missing, Verdict, missing, weigh
from courses.progress.models import Beat, EndReason, LessonProgress, StudyDay, StudySession
from lms.people.models import User
from lms.regulations.queries import rule_values

STUDY_RULES = [
    "study.beat_seconds",
    "study.max_credit_per_beat",
    "study.idle_seconds",
    "study.daily_credit_hours",
    "study.credit_minutes",
]


class SessionOver(Exception):
    """The session was closed because the person opened a lesson elsewhere, or its day is over: a session
    belongs to one day's account, the page opens the next one by itself."""


@dataclass(frozen=True)
class BeatResult:
    """What the page is told: the verdict, the lesson's state after it."""

    verdict: Verdict
    session: StudySession
    progress: LessonProgress
    missing: Missing
    completed_now: bool = False


@transaction.atomic
def open_session(*, person: User, lesson: Lesson, phone: bool, now: datetime) -> StudySession:
    """Issue a token for a lesson and close the person's other live session, on whatever device."""
    progress = progress_of(person=person, lesson=lesson, now=now)
    today = timezone.localdate(now)
    rules = rule_values(STUDY_RULES, on=today)
    # The day's row is the person's lock: two openings at once come one after the other.
    day, _ = StudyDay.objects.get_or_create(person=person, day=today)
    StudyDay.objects.select_for_update().get(pk=day.pk)
    counted_until = now
    for older in StudySession.objects.select_for_update().filter(person=person, closed_at__isnull=True):
        counted_until = max(counted_until, older.counted_until)
        close(older, reason=EndReason.ELSEWHERE if older.day_id == day.pk else EndReason.NEW_DAY, now=now)
    return StudySession.objects.create(
        person=person,
        progress=progress,
        day=day,
        phone=phone,
        opened_at=now,
        counted_until=counted_until,
        beat_seconds=int(rules["study.beat_seconds"]),
        most_per_beat=int(rules["study.max_credit_per_beat"]),
        idle_seconds=int(rules["study.idle_seconds"]),
        day_seconds=int(rules["study.daily_credit_hours"] * rules["study.credit_minutes"] * 60),
    )


def progress_of(*, person: User, lesson: Lesson, now: datetime) -> LessonProgress:
    """The person's progress in a lesson this year; enrols at the first opening."""
    enrolment = enrol(person=person, course=lesson.course, by=person, now=now)
    progress, _ = LessonProgress.objects.get_or_create(enrolment=enrolment, lesson=lesson, defaults={"opened_at": now})
    return progress


def close(session: StudySession, *, reason: EndReason, now: datetime) -> None:
    """End a session; its token earns nothing any more."""
    session.closed_at, session.end_reason = now, reason
    session.save(update_fields=["closed_at", "end_reason"])


@transaction.atomic
def take_beat(*, person: User, token: UUID, claim: Claim, resume_at: str, now: datetime) -> BeatResult:
    """Weigh a heartbeat and keep it; at most six queries unless a lesson is finished by it.

    Raises StudySession.DoesNotExist for a foreign or unknown token, SessionOver for a closed session.
    """
    session = (
        StudySession.objects.select_for_update(of=("self",))
        .select_related("day", "progress__lesson", "progress__enrolment__course", "progress__enrolment__person")
        .get(token=token, person=person)
    )
    if session.closed_at:
        raise SessionOver(session.end_reason)
    if session.day.day < timezone.localdate(now):
        raise SessionOver(EndReason.NEW_DAY)
    progress = session.progress
    verdict = weigh(claim, clock_of(session), session.limits, now=now)
    left = missing_of(progress)
    if verdict.refused:
        return BeatResult(verdict, session, progress, left)
    keep(session, claim, verdict, now=now)
    credit(session, verdict, resume_at=resume_at)
    finished = finish_if_complete(progress, by=person, now=now)
    return BeatResult(verdict, session, progress, missing_of(progress), finished)


def clock_of(session: StudySession) -> Clock:
    """What the server knows before the beat."""
    progress = session.progress
    return Clock(
        last_number=session.last_number,
        counted_until=session.counted_until,
        day_credited=session.day.credited_seconds,
        lesson_done=progress.completed_at is not None,
        media_only=progress.lesson.kind == LessonKind.VIDEO,
        watched=progress.watched,
        lengths=progress.lesson.films,
    )


def keep(session: StudySession, claim: Claim, verdict: Verdict, *, now: datetime) -> None:
    """Write the beat and the clock after it."""
    Beat.objects.create(
        session=session,
        number=claim.number,
        received_at=now,
        interval_seconds=round(verdict.interval, 3),
        credited_seconds=verdict.credited,
        reason=verdict.reason,
        visible=claim.visible,
        idle_seconds=round(min(max(claim.idle_seconds, 0.0), 86400.0), 1),
        played=dict(claim.played),
    )
    session.last_number, session.counted_until = claim.number, verdict.counted_until
    session.credited_seconds += verdict.credited
    session.save(update_fields=["last_number", "counted_until", "credited_seconds"])


def credit(session: StudySession, verdict: Verdict, *, resume_at: str) -> None:
    """Add the credited seconds to the day and to the lesson; remember the place."""
    if verdict.credited:
        session.day.credited_seconds += verdict.credited
        session.day.save(update_fields=["credited_seconds"])
    progress = session.progress
    changes: dict[str, Any] = {}
    if verdict.credited:
        changes["credited_seconds"] = progress.credited_seconds + verdict.credited
    if verdict.watched != progress.watched:
        changes["watched"] = dict(verdict.watched)
    if resume_at and resume_at != progress.resume_at:
        changes["resume_at"] = resume_at
    change(progress, **changes)


def change(progress: LessonProgress, **changes: Any) -> None:
    """Set and save some fields."""
    for name, value in changes.items():
        setattr(progress, name, value)
    if changes:
        progress.save(update_fields=list(changes))


def missing_of(progress: LessonProgress) -> Missing:
    """What the lesson still needs."""
    lesson = progress.lesson
    if progress.completed_at:
        return Missing()
    return missing(
        credited=progress.credited_seconds,
        required=lesson.seconds_required,
        passed=progress.passed_checkpoints,
        checkpoints=lesson.checkpoints,
        watched=progress.watched,
        films=lesson.films,
    )


def finish_if_complete(progress: LessonProgress, *, by: User, now: datetime) -> bool:
    """Close the lesson when nothing is missing, and the course with its last lesson; True when it just happened."""
    if progress.completed_at or missing_of(progress):
        return False
    change(progress, completed_at=now)
    enrolment = progress.enrolment
    rows = list(enrolment.lesson_progress.values_list("lesson_id", "credited_seconds", "completed_at"))
    done = {lesson_id for lesson_id, _, completed_at in rows if completed_at}
    wanted = Lesson.objects.filter(course_id=enrolment.course_id, published=True).values_list("pk", flat=True)
    if set(wanted) <= done:
        complete(enrolment=enrolment, seconds=sum(seconds for _, seconds, _ in rows), by=by, now=now)
    return True


@dataclass(frozen=True)
class CheckpointResult:
    """Whether the answer was right, and the lesson's state after it."""

    right: bool
    progress: LessonProgress
    missing: Missing


@transaction.atomic
def answer_checkpoint(
    *, person: User, lesson: Lesson, checkpoint: str, choice: int, key: int, now: datetime
) -> CheckpointResult:
    """Grade one answer; a right one stays passed. `key` comes from the page, never from the browser."""
    own = progress_of(person=person, lesson=lesson, now=now)
    progress = (
        LessonProgress.objects.select_for_update(of=("self",))
        .select_related("lesson", "enrolment__course", "enrolment__person")
        .get(pk=own.pk)
    )
    right = choice == key
    changes: dict[str, Any] = {}
    if checkpoint not in progress.passed_checkpoints:
        changes["tries"] = progress.tries | {checkpoint: progress.tries.get(checkpoint, 0) + 1}
        if right:
            changes["passed_checkpoints"] = [*progress.passed_checkpoints, checkpoint]
    change(progress, **changes)
    finish_if_complete(progress, by=person, now=now)
    return CheckpointResult(right, progress, missing_of(progress))
