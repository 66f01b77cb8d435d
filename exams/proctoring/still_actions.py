"""Taking stills with consent, withdrawing it, what people see on them, deleting them after a while."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from exams.attempts.actions import refuse_other_device, refuse_outside_seb, refuse_unless_open
from exams.attempts.models import Attempt
from exams.attempts.still_actions import withdraw_consent
from exams.attempts.still_queries import stills_allowed
from exams.proctoring.photos import as_text
from exams.proctoring.still_models import FaceToFace, Still, StillVerdict
from lms.audit.actions import record
from lms.regulations.queries import rule_value

if TYPE_CHECKING:
    from lms.people.models import User

KEPT_RULE = "exam.still_days"
APART = timedelta(seconds=45)  # the page keeps a minute; clocks and networks are not exact


class NoConsent(Exception):
    """The candidate has not agreed to stills, or no longer does; nothing was stored."""


class EnoughStills(Exception):
    """The attempt has as many stills as its exam asks for; nothing was stored."""


class NotNow(Exception):
    """The exam is paused, or the last still was taken a moment ago; nothing was stored."""


class OwnAttempt(Exception):
    """Nobody decides about themselves; nothing was stored."""


@transaction.atomic
def take_still(*, attempt_key: UUID, by: "User", jpeg: bytes, device: str, now: datetime) -> Still:
    """Keep one still (from `photos.portrait`) of the candidate who is writing.

    Raises Attempt.DoesNotExist, AlreadySubmitted, TimeIsUp, Moved, NotInSeb, NoConsent, EnoughStills, NotNow.
    """
    attempt = own_attempt(attempt_key, by=by)
    refuse_unless_open(attempt, now=now)
    refuse_other_device(attempt, device)
    refuse_outside_seb(attempt)
    most = stills_allowed(attempt)
    if not most:
        raise NoConsent
    taken = attempt.stills.aggregate(number=Count("pk"), last=Max("at"))
    if taken["number"] >= most:
        raise EnoughStills
    if attempt.paused_at or (taken["last"] and now - taken["last"] < APART):
        raise NotNow
    return Still.objects.create(attempt=attempt, at=now, image=as_text(jpeg))


@transaction.atomic
def withdraw_stills(*, attempt_key: UUID, by: "User", now: datetime) -> None:
    """Take consent back: no more stills, and those of this attempt are deleted. Doing it again changes nothing.

    Raises Attempt.DoesNotExist, AlreadySubmitted, TimeIsUp.
    """
    attempt = own_attempt(attempt_key, by=by)
    refuse_unless_open(attempt, now=now)
    if not withdraw_consent(attempt=attempt, now=now):
        return
    deleted = attempt.stills.exclude(image="").update(image="")
    record(
        action="attempt.stills_withdrawn", by=by, now=now, target=attempt, enterprise_id=attempt.exam.enterprise_id,
        detail={"deleted": deleted},
    )  # fmt: skip


def own_attempt(attempt_key: UUID, *, by: "User") -> Attempt:
    """The candidate's attempt with its exam, its row locked; raises Attempt.DoesNotExist."""
    rows = Attempt.objects.select_for_update(of=("self",)).select_related("exam")
    return rows.get(key=attempt_key, person_id=by.pk)


@transaction.atomic
def judge_still(*, still: Still, verdict: StillVerdict, by: "User", now: datetime) -> None:
    """Note what a person sees on a still. Raises OwnAttempt."""
    attempt = still.attempt
    if attempt.person_id == by.pk:
        raise OwnAttempt
    still.verdict, still.judged_by, still.judged_at = verdict, by, now
    still.save(update_fields=["verdict", "judged_by", "judged_at"])
    record(
        action="attempt.still_judged", by=by, now=now, target=attempt, enterprise_id=attempt.exam.enterprise_id,
        detail={"still": still.pk, "verdict": str(verdict)},
    )  # fmt: skip


@transaction.atomic
def confirm_in_person(*, attempt: Attempt, by: "User", now: datetime) -> None:
    """A proctor has seen the candidate; the first one who says so is noted. Raises OwnAttempt."""
    if attempt.person_id == by.pk:
        raise OwnAttempt
    _, first = FaceToFace.objects.get_or_create(attempt=attempt, defaults={"by": by, "at": now})
    if first:
        record(
            action="attempt.seen_in_person", by=by, now=now, target=attempt, enterprise_id=attempt.exam.enterprise_id
        )


@transaction.atomic
def delete_old_stills(*, now: datetime) -> int:
    """Delete the pictures that are older than the rule allows; verdicts stay. Returns how many.

    Raises NoSuchRule where no rule says how long they are kept.
    """
    days = int(rule_value(KEPT_RULE, on=timezone.localdate(now)))
    old = Still.objects.filter(at__lt=now - timedelta(days=days)).exclude(image="")
    deleted = old.update(image="")
    if deleted:
        record(action="exam.stills_deleted", by=None, now=now, detail={"stills": deleted, "days": days})
    return deleted
