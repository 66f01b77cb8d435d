"""The .seb file of an exam, and whose exams demand the browser."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from exams.lockdown.configkey import config_key
from exams.lockdown.models import SebSettings
from exams.lockdown.sebfile import settings_for, storable
from exams.papers.models import Exam, ExamAudience, ExamStatus
from lms.kit.crypto import lookup_hash
from lms.people.audience import facts_of


def demanding_exams(person_id: int, *, now: datetime) -> QuerySet[Exam]:
    """Exams that a person may sit or has sat, as far as they demand the browser."""
    day = timezone.localdate(now)
    audience = ExamAudience.objects.in_force(day).matching(facts_of(person_id, on=day)).filter(exam=OuterRef("pk"))
    demanding = Exam.objects.filter(seb_required=True).exclude(status=ExamStatus.DRAFT)
    sat = Q(pk__in=Exam.objects.filter(attempts__person_id=person_id).values("pk"))
    return demanding.filter(sat | Exists(audience))


def settings_of(exam_id: int) -> SebSettings:
    """What holds for an exam: as the office left it, or the usual file (an unsaved row); one query."""
    found = SebSettings.objects.filter(exam_id=exam_id).first()
    return found or written(SebSettings(exam_id=exam_id))


def written(row: SebSettings) -> SebSettings:
    """Fill `config` and `config_key` from what the office decided; nothing is saved."""
    config = settings_for(
        origin=settings.PUBLIC_ORIGIN,
        start_path=reverse("exams:exam", args=[row.exam_id]),
        quit_path=reverse("exams:seb_quit"),
        exam_key_salt=bytes.fromhex(lookup_hash("seb-salt", str(row.exam_id))),
        quit_password_hash=row.quit_password_hash,
    )
    row.config, row.config_key = storable(config), config_key(config)
    return row


def link_of(exam_id: int) -> UUID:
    """The part of the file's address that cannot be guessed; whoever knows it may read the file."""
    return UUID(hex=lookup_hash("seb-link", str(exam_id))[:32])
