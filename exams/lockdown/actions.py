"""Making and changing the settings of Safe Exam Browser for an exam."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from exams.lockdown.configkey import config_key
from exams.lockdown.models import SebSettings
from exams.lockdown.sebfile import quit_hash, settings_for, storable
from exams.papers.models import Exam
from lms.audit.actions import record

if TYPE_CHECKING:
    from lms.people.models import User


def ensure_settings(*, exam: Exam, now: datetime) -> SebSettings:
    """The exam's settings, made on first need; whoever asks first, everybody gets the same."""
    found = SebSettings.objects.filter(exam=exam).first()
    if found is not None:
        return found
    made = SebSettings(exam=exam, exam_key_salt=base64.b64encode(secrets.token_bytes(32)).decode(), changed_at=now)
    write_config(made)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        return SebSettings.objects.get(exam=exam)
    return made


@transaction.atomic
def change_settings(
    *, exam: Exam, quit_password: str | None, browser_exam_keys: Sequence[str], by: "User", now: datetime
) -> SebSettings:
    """Change what the office decides; None keeps the quit password, "" removes it.

    Another password gives the file another Config Key: files handed out before are refused from then on.
    """
    found = SebSettings.objects.select_for_update().get(pk=ensure_settings(exam=exam, now=now).pk)
    if quit_password is not None:
        found.quit_password_hash = quit_hash(quit_password)
    found.browser_exam_keys = list(browser_exam_keys)
    before = found.config_key
    write_config(found)
    found.changed_at = now
    found.save()
    record(
        action="exam.seb_changed", by=by, now=now, target=exam, enterprise_id=exam.enterprise_id,
        detail={"new_file": found.config_key != before, "browser_exam_keys": len(found.browser_exam_keys)},
    )  # fmt: skip
    return found


def write_config(row: SebSettings) -> None:
    """Fill `config` and `config_key` from the other columns; the row is not saved."""
    config = settings_for(
        origin=settings.PUBLIC_ORIGIN,
        start_path=reverse("exams:exam", args=[row.exam_id]),
        quit_path=reverse("exams:seb_quit"),
        exam_key_salt=base64.b64decode(row.exam_key_salt),
        quit_password_hash=row.quit_password_hash,
    )
    row.config, row.config_key = storable(config), config_key(config)
