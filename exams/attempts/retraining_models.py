"""Retraining that a person of the exam office confirms: held outside the platform, on its own evidence."""

from django.conf import settings
from django.db import models

from exams.attempts.models import Attempt


class Retraining(models.Model):
    """After this failed attempt the candidate was trained again; `reason` says how that is known."""

    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="retraining")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.attempt_id} retrained"
