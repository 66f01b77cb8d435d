"""Keeping and removing the photo of a person, both audited."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from exams.papers.models import Exam
from exams.proctoring.photo_models import CandidatePhoto
from exams.proctoring.photos import as_text
from lms.audit.actions import record

if TYPE_CHECKING:
    from lms.people.models import User


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
