"""Starting, saving, handing in. The chain of events of an attempt is its audit record (no entry in the audit log:
that log is one chain for the whole house, and a thousand people starting at once must not queue for it)."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from exams.attempts.convergence import Change, Stamp
from exams.attempts.deadlines import resolve
from exams.attempts.ledger import first_hash, standing_answers, take_changes, write_answers
from exams.attempts.locking import locked_with_exam
from exams.attempts.models import Attempt, AttemptStatus, SubmitReason
from exams.attempts.outcomes import record_pass
from exams.attempts.packets import Packet, check_positions
from exams.attempts.queries import ExamForPerson, exam_for_person, sittings_of
from exams.attempts.scoring import hand_in
from exams.attempts.statements import locked_row, update_row
from exams.attempts.states import STARTABLE, ExamState
from exams.attempts.time_queries import facts_of
from exams.attempts.timing import Phase
from exams.lockdown.gate import insist
from exams.papers.models import Paper, PaperItem
from lms.people.models import Employment

if TYPE_CHECKING:
    from lms.people.models import User

log = structlog.get_logger(__name__)


class CannotStart(Exception):
    """The exam cannot be started by this person now; `state` says why."""

    def __init__(self, state: ExamState) -> None:
        super().__init__(state)
        self.state = state


class AlreadySubmitted(Exception):
    """The attempt is closed; nothing was taken."""


class Moved(Exception):
    """Another device writes this attempt; nothing was taken."""


class TimeIsUp(Exception):
    """Deadline and grace have passed; nothing was taken, the attempt has been handed in as it stood."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What the browser may believe: these numbers are stored for good."""

    acknowledged: list[int]
    highest_number: int
    deadline_at: datetime
    item_count: int
    news: int
    paused: bool


def start_attempt(*, exam_id: int, by: "User", now: datetime, device: str = "") -> Attempt:
    """Hand out a prepared paper to a device; an attempt that is open already is returned instead.

    Raises Exam.DoesNotExist for an exam that is not meant for this person, CannotStart with the reason (CHECK_IN:
    no proctor has let the person in yet), NotInSeb.
    """
    previous = sittings_of(by.pk, exam_ids=[exam_id])
    running = next((attempt for attempt in previous if attempt.status == AttemptStatus.WRITING), None)
    if running and running.clock.phase(now) is not Phase.OVER:
        return running
    if running:
        expire_attempt(attempt_id=running.pk, now=now)
        previous = sittings_of(by.pk, exam_ids=[exam_id])
    found = exam_for_person(exam_id, person_id=by.pk, now=now)
    state = found.state(previous, now=now)
    if state not in STARTABLE:
        raise CannotStart(state)
    if found.exam.seb_required:
        insist(exam_id)
    attempt = new_attempt(found, previous, by=by, device=device, now=now)
    try:
        with transaction.atomic():
            attempt.save(force_insert=True)
    except IntegrityError:  # the same person pressed twice: the other request has made it
        return Attempt.objects.get(exam_id=exam_id, person=by, number=attempt.number)
    return attempt


def new_attempt(found: ExamForPerson, previous: list[Attempt], *, by: "User", device: str, now: datetime) -> Attempt:
    """An unsaved attempt with a paper as fresh for this person as there is one."""
    candidates = freshest(prepared_papers(found.exam.pk), previous, sittings=found.exam.fresh_attempts)
    seed = secrets.randbits(62)
    if not candidates:
        raise CannotStart(ExamState.CLOSED)
    paper = candidates[seed % len(candidates)]
    employment = Employment.objects.on(timezone.localdate(now)).filter(person=by).order_by("-started_on").first()
    attempt = Attempt(
        exam=found.exam,
        paper_id=paper.pk,
        person=by,
        employment=employment,
        seed=seed,
        item_count=paper.size,
        number=max((attempt.number for attempt in previous), default=0) + 1,
        max_score=paper.total_points,
        started_at=now,
        grace_seconds=found.grace_seconds,
        extra_seconds=60 * found.extra_minutes,
        device=device,
        seb_required=found.exam.seb_required,
    )
    attempt.deadline_at = resolve(facts_of(attempt), ()).at
    attempt.head_hash = first_hash(attempt)
    return attempt


@dataclass(frozen=True, slots=True)
class PreparedPaper:
    """A paper that can be handed out; its questions are numbered 1 … `size`."""

    pk: int
    total_points: Decimal
    size: int
    family: int = 0


def prepared_papers(exam_id: int) -> list[PreparedPaper]:
    """The assembled papers of an exam by number; one query, one index step per paper for its size."""
    last = PaperItem.objects.filter(paper=OuterRef("pk")).order_by("-position").values("position")[:1]
    rows = Paper.objects.filter(exam_id=exam_id).annotate(size=Subquery(last)).order_by("number")
    return [PreparedPaper(*row) for row in rows.values_list("pk", "total_points", "size", "family") if row[2]]


def freshest(papers: Sequence[PreparedPaper], previous: Sequence[Attempt], *, sittings: int) -> list[PreparedPaper]:
    """The papers to choose from for a sitting: of families that the last so many sittings did not use (papers of
    different families share no question), else of the one used longest ago; unseen ones of those if there are any."""
    family_of = {paper.pk: paper.family for paper in papers}
    recent = previous[-sittings:] if sittings else ()
    used = {family_of[attempt.paper_id]: attempt.number for attempt in recent if attempt.paper_id in family_of}
    longest_ago = min((used.get(paper.family, 0) for paper in papers), default=0)
    rested = [paper for paper in papers if used.get(paper.family, 0) == longest_ago]
    seen = {attempt.paper_id for attempt in previous}
    return [paper for paper in rested if paper.pk not in seen] or rested


def save_answers(*, attempt_key: UUID, by: "User", packet: Packet, now: datetime, device: str = "") -> Saved:
    """Store changes and acknowledge them; what is known already is acknowledged again without effect.

    Raises Attempt.DoesNotExist, AlreadySubmitted, TimeIsUp, Moved, NotInSeb, BadPacket.
    """
    if packet.changes:
        attempt = store_changes(attempt_key, lambda attempt: packet.to_changes(), by=by, device=device, now=now)
    else:
        attempt = told_the_time(attempt_key, by=by, device=device, now=now)
    return Saved(
        acknowledged=packet.numbers,
        highest_number=attempt.highest_number,
        deadline_at=attempt.deadline_at,
        item_count=attempt.item_count,
        news=attempt.news,
        paused=attempt.paused_at is not None,
    )


def keep_answers(
    *, attempt_key: UUID, by: "User", answers: dict[int, tuple[str, ...]], now: datetime, device: str = ""
) -> Attempt:
    """Store what a browser without scripts sent, without handing in; what it does not change leaves no event.

    Raises Attempt.DoesNotExist, AlreadySubmitted, TimeIsUp, Moved, NotInSeb, BadPacket.
    """
    return store_changes(attempt_key, lambda attempt: form_changes(attempt, answers), by=by, device=device, now=now)


def store_changes(
    attempt_key: UUID, changes_of: Callable[[Attempt], list[Change]], *, by: "User", device: str, now: datetime
) -> Attempt:
    """The changes (made from the locked attempt) as events and answers, in one transaction."""
    try:
        with transaction.atomic():
            attempt = locked_row(Attempt, key=attempt_key, person=by.pk)
            refuse_unless_open(attempt, now=now)
            refuse_other_device(attempt, device)
            refuse_outside_seb(attempt)
            changes = changes_of(attempt)
            check_positions(changes, item_count=attempt.item_count)
            changed = take_changes(attempt, changes, now=now)
            write_answers(attempt, changed, now=now)
            attempt.last_seen_at = now
            update_row(attempt, ("event_count", "highest_number", "head_hash", "last_seen_at"))
    except TimeIsUp:
        expire_attempt(attempt_id=Attempt.objects.values_list("pk", flat=True).get(key=attempt_key), now=now)
        raise
    return attempt


def told_the_time(attempt_key: UUID, *, by: "User", device: str, now: datetime) -> Attempt:
    """What an empty packet asks for: nothing is written."""
    attempt = Attempt.objects.get(key=attempt_key, person_id=by.pk)
    try:
        refuse_unless_open(attempt, now=now)
    except TimeIsUp:
        expire_attempt(attempt_id=attempt.pk, now=now)
        raise
    refuse_other_device(attempt, device)
    refuse_outside_seb(attempt)
    return attempt


def refuse_other_device(attempt: Attempt, device: str) -> None:
    """Raises Moved when another device writes the attempt."""
    if attempt.device and attempt.device != device:
        raise Moved


def refuse_outside_seb(attempt: Attempt) -> None:
    """Raises NotInSeb when the attempt may only be written in Safe Exam Browser; one query, only then."""
    if attempt.seb_required:
        insist(attempt.exam_id)


def refuse_unless_open(attempt: Attempt, *, now: datetime) -> None:
    """Raises AlreadySubmitted or TimeIsUp."""
    if attempt.status != AttemptStatus.WRITING:
        raise AlreadySubmitted
    if attempt.clock.phase(now) is Phase.OVER:
        raise TimeIsUp


def submit_attempt(
    *,
    attempt_key: UUID,
    by: "User",
    now: datetime,
    packet: Packet | None = None,
    form_answers: dict[int, tuple[str, ...]] | None = None,
    device: str = "",
) -> Attempt:
    """Hand in, with the changes that are still outstanding; handing in twice changes nothing.

    After deadline and grace the attempt is handed in as it was saved. Raises Attempt.DoesNotExist, Moved, NotInSeb,
    BadPacket.
    """
    with transaction.atomic():
        attempt = locked_with_exam(key=attempt_key, person=by.pk)
        if attempt.status != AttemptStatus.WRITING:
            return attempt
        refuse_other_device(attempt, device)
        refuse_outside_seb(attempt)
        changes = packet.to_changes() if packet else form_changes(attempt, form_answers or {})
        check_positions(changes, item_count=attempt.item_count)
        if attempt.clock.phase(now) is Phase.OVER:
            hand_in_expired(attempt, now=now)
        else:
            hand_in(attempt, changes, reason=SubmitReason.PERSON, submitted_at=now, now=now)
            record_pass(attempt, now=now)
    return attempt


def form_changes(attempt: Attempt, answers: dict[int, tuple[str, ...]]) -> list[Change]:
    """Changes of a browser without scripts: newer than everything stored, by the order of pressing the button.

    Its fields name every question each time; only those that differ from what stands are changes.
    """
    standing = {position: register.response for position, (register, _) in standing_answers(attempt).items()}
    changed = [(at, response) for at, response in sorted(answers.items()) if response != standing.get(at, ())]
    return [
        Change(Stamp(attempt.highest_number + offset, 1), position, tuple(response))
        for offset, (position, response) in enumerate(changed, start=1)
    ]


def hand_in_expired(attempt: Attempt, *, now: datetime) -> None:
    """A locked attempt whose time is over: everything that was saved counts, the deadline is its end."""
    hand_in(attempt, (), reason=SubmitReason.EXPIRED, submitted_at=attempt.deadline_at, now=now)
    record_pass(attempt, now=now)


def expire_attempt(*, attempt_id: int, now: datetime) -> bool:
    """Hand in one attempt if its time is over; False when somebody else did or it is not yet over."""
    with transaction.atomic():
        attempt = locked_with_exam(pk=attempt_id)
        if attempt.status != AttemptStatus.WRITING or attempt.clock.phase(now) is not Phase.OVER:
            return False
        hand_in_expired(attempt, now=now)
    return True


def submit_expired(*, now: datetime, attempt_ids: Iterable[int] | None = None) -> int:
    """Hand in every attempt whose time is over, each in its own transaction; returns the number.

    One that fails is logged and keeps nobody else waiting; the next run tries it again.
    """
    due = Attempt.objects.running_out(by=now)
    handed_in = 0
    for attempt_id in list(due.values_list("pk", flat=True)) if attempt_ids is None else attempt_ids:
        try:
            handed_in += expire_attempt(attempt_id=attempt_id, now=now)
        except Exception:
            log.exception("expired attempt could not be handed in", attempt=attempt_id)
    return handed_in
