"""Changing the settings of Safe Exam Browser for an exam."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from exams.lockdown.models import SebSettings
from exams.lockdown.queries import settings_of, written
from exams.lockdown.sebfile import quit_hash
from exams.papers.models import Exam
from lms.audit.actions import record

if TYPE_CHECKING:
    from lms.people.models import User


@transaction.atomic
def change_settings(
    *, exam: Exam, quit_password: str | None, browser_exam_keys: Sequence[str], by: "User", now: datetime
) -> SebSettings:
    """Change what the office decides; None keeps the quit password, "" removes it.

    Another password gives the file another Config Key: files handed out before are refused from then on.
    """
    Exam.objects.select_for_update().get(pk=exam.pk)
    row = settings_of(exam.pk)
    before = row.config_key
    if quit_password is not None:
        row.quit_password_hash = quit_hash(quit_password)
    row.browser_exam_keys, row.changed_at = list(browser_exam_keys), now
    written(row).save()
    record(
        action="exam.seb_changed", by=by, now=now, target=exam, enterprise_id=exam.enterprise_id,
        detail={"new_file": row.config_key != before, "browser_exam_keys": len(row.browser_exam_keys)},
    )  # fmt: skip
    return row
