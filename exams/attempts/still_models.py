"""Whether a candidate lets the camera take stills during an attempt: asked by itself, never a condition."""

from django.db import models
from django.db.models import Q

from exams.attempts.models import Attempt


class StillConsent(models.Model):
    """What the candidate chose at the start. `withdrawn_at`: changed their mind since; it is not given again."""

    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="still_consent")
    given = models.BooleanField()
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["attempt_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(given=True), name="still_consent_given_before_withdrawn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {'yes' if self.holds else 'no'}"

    @property
    def holds(self) -> bool:
        """Whether stills may be taken."""
        return self.given and self.withdrawn_at is None
