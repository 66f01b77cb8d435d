"""What candidates' devices can do, as they found out before the exam. Append-only."""

from django.conf import settings
from django.db import models

from exams.papers.models import Exam


class DeviceTest(models.Model):
    """One test of one device; `ok`: it will do for this exam.

    `results` is `exams.proctoring.device_test.Results` as plain data, with `in_seb`: null where Safe Exam Browser is
    not asked for. What a browser says of itself may be wrong; it decides about nothing.
    """

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="device_tests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    results = models.JSONField()
    ok = models.BooleanField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["exam", "person"], name="device_test_of_person")]

    def __str__(self) -> str:
        return f"{self.exam_id} {self.person_id} {self.ok}"
