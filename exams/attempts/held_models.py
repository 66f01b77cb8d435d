"""Changes that reached the server when it could no longer take them: kept with evidence until a person rules."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exams.attempts.models import Attempt


class HeldReason(models.TextChoices):
    LATE = "late", _("到时前作答，到时后才传到")
    DEVICE = "device", _("换设备以后才从原来的设备传到")


class Ruling(models.TextChoices):
    ACCEPTED = "accepted", _("计入")
    REJECTED = "rejected", _("不计入")


class HeldChange(models.Model):
    """One change of one answer, as the browser sent it. `made_at` is the browser's claim on the server's clock.

    `lag_seconds`: how long before its arrival the change claims to have been made.
    """

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="held_changes")
    reason = models.CharField(max_length=8, choices=HeldReason)
    position = models.PositiveSmallIntegerField()
    response = models.JSONField()
    client = models.PositiveBigIntegerField()
    client_number = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    received_at = models.DateTimeField()
    device = models.CharField(max_length=32, blank=True)
    ruling = models.CharField(_("裁定"), max_length=8, choices=Ruling, blank=True)
    ruled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ruled_at = models.DateTimeField(null=True)
    ruling_note = models.CharField(_("理由"), max_length=200, blank=True)

    class Meta:
        ordering = ["attempt_id", "client_number", "client"]
        indexes = [models.Index(fields=["attempt"], condition=Q(ruling=""), name="held_to_rule")]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "client_number", "client"], name="held_once"),
            models.CheckConstraint(
                condition=Q(ruling="", ruled_at__isnull=True) | (~Q(ruling="") & Q(ruled_at__isnull=False)),
                name="held_ruled_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.position} {self.client_number}"

    @property
    def lag_seconds(self) -> int:
        """Seconds between the claimed making and the arrival."""
        return int((self.received_at - self.made_at).total_seconds())
