"""Noting what a device can do."""

from datetime import datetime
from typing import TYPE_CHECKING

from exams.attempts.queries import exam_for_person
from exams.papers.models import ExamStatus
from exams.proctoring.device_test import Results, findings, fit
from exams.proctoring.device_test_models import DeviceTest

if TYPE_CHECKING:
    from lms.people.models import User

MOST_TESTS = 50  # of one person for one exam


class CannotTest(Exception):
    """The exam is over, or was tested for too often; nothing was stored."""


def store_test(*, exam_id: int, by: "User", results: Results, in_seb: bool, now: datetime) -> DeviceTest:
    """Keep a result. Raises Exam.DoesNotExist for an exam that is not meant for this person, CannotTest."""
    exam = exam_for_person(exam_id, person_id=by.pk, now=now).exam
    if exam.status != ExamStatus.PUBLISHED or exam.closes_at <= now:
        raise CannotTest
    if DeviceTest.objects.filter(exam=exam, person=by).count() >= MOST_TESTS:
        raise CannotTest
    lines = findings(results, wants_full_screen=exam.full_screen, in_seb=in_seb if exam.seb_required else None)
    # Whether Safe Exam Browser was proven is known only now: it goes into the row, the page is drawn from it.
    data = {**results.model_dump(), "in_seb": in_seb if exam.seb_required else None}
    return DeviceTest.objects.create(exam=exam, person=by, at=now, results=data, ok=fit(lines))
