"""Check-in: a proctor looks at a person and a document before the person may start. Append-only."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.papers.models import Exam
from lms.kit.append_only import AppendOnlyModel


class CheckInOutcome(models.TextChoices):
    MATCH = "match", _("人证相符")
    OTHER_PROOF = "other_proof", _("没有证件照片可比，另行核实")
    MISMATCH = "mismatch", _("人证不符")


# What lets somebody in.
ADMITTING = (CheckInOutcome.MATCH, CheckInOutcome.OTHER_PROOF)


class CheckIn(AppendOnlyModel):
    """What a proctor decided about one person at one exam; the newest row counts. `reason` may be empty for a match."""

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="check_ins")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="check_ins")
    outcome = models.CharField(max_length=12, choices=CheckInOutcome)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["exam", "person"], name="check_in_of_person")]
        constraints = [
            models.CheckConstraint(condition=~Q(by=F("person")), name="check_in_by_somebody_else"),
            models.CheckConstraint(condition=Q(outcome="match") | ~Q(reason=""), name="check_in_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.exam_id} {self.person_id} {self.outcome}"

    @property
    def admits(self) -> bool:
        """Whether it lets the person in."""
        return self.outcome in ADMITTING
