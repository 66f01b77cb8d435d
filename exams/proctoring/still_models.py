"""Stills of candidates during an exam, and what people saw on them. No program compares faces."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exams.attempts.models import Attempt
from lms.kit.crypto import EncryptedTextField


class StillVerdict(models.TextChoices):
    SAME = "same", _("像本人")
    OTHER = "other", _("不像本人")
    UNCLEAR = "unclear", _("看不清")


class Still(models.Model):
    """One still, taken with consent: a small JPEG in base64, empty once deleted. The verdict is a person's and stays.

    A verdict neither scores nor blocks nor accuses; it may be changed, every one is in the audit log.
    """

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="stills")
    at = models.DateTimeField()
    image = EncryptedTextField(blank=True)
    verdict = models.CharField(max_length=8, choices=StillVerdict, blank=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["attempt_id", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="", judged_by__isnull=True, judged_at__isnull=True)
                | (~Q(verdict="") & Q(judged_by__isnull=False, judged_at__isnull=False)),
                name="still_verdict_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.at}"


class FaceToFace(models.Model):
    """A proctor saw the candidate in person: what stands in for stills."""

    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="face_to_face")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["attempt_id"]

    def __str__(self) -> str:
        return f"{self.attempt_id} seen by {self.by_id}"
