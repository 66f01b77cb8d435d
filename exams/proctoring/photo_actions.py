"""Keeping and removing the photo of a person, all audited."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from exams.attempts.checkin_models import CheckIn
from exams.papers.models import Exam
from exams.proctoring.photo_models import CandidatePhoto
from exams.proctoring.photos import as_text
from lms.audit.actions import record
from lms.regulations.queries import rule_value

if TYPE_CHECKING:
    from lms.people.models import User

KEPT_RULE = "exam.photo_days"


@transaction.atomic
def store_photo(*, exam: Exam, person: "User", jpeg: bytes, by: "User", now: datetime) -> None:
    """Keep a photo (from `photos.portrait`) to which the person has consented; an older one is replaced."""
    kept = {"image": as_text(jpeg), "stored_by": by, "stored_at": now}
    CandidatePhoto.objects.update_or_create(person=person, defaults=kept)
    record(
        action="person.photo_stored", by=by, now=now, target=person, enterprise_id=exam.enterprise_id,
        detail={"exam": exam.pk, "consent": True},
    )  # fmt: skip


@transaction.atomic
def remove_photo(*, exam: Exam, person: "User", by: "User", now: datetime) -> bool:
    """Delete a photo, as the person may ask at any time; False where there is none."""
    deleted, _ = CandidatePhoto.objects.filter(person=person).delete()
    if deleted:
        record(action="person.photo_removed", by=by, now=now, target=person, enterprise_id=exam.enterprise_id)
    return bool(deleted)


@transaction.atomic
def delete_unused_photos(*, now: datetime) -> int:
    """Delete the photos of people who were not checked in for as long as the rule says. Returns how many.

    Raises NoSuchRule where no rule says how long they are kept.
    """
    days = int(rule_value(KEPT_RULE, on=timezone.localdate(now)))
    since = now - timedelta(days=days)
    recent = CheckIn.objects.filter(person=OuterRef("person"), at__gte=since)
    deleted, _ = CandidatePhoto.objects.filter(~Exists(recent), stored_at__lt=since).delete()
    if deleted:
        record(action="exam.photos_deleted", by=None, now=now, detail={"photos": deleted, "days": days})
    return deleted
