"""What was done to the time of attempts, and who has extra time. Both are append-only."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exams.attempts.deadlines import ChangeKind
from exams.attempts.models import Attempt
from exams.papers.models import Exam


class ExtraTime(models.Model):
    """Extra time of one person in one exam, given before the start (an accommodation)."""

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="extra_times")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("考生"))
    minutes = models.PositiveSmallIntegerField(
        _("加时（分钟）"), validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    reason = models.CharField(_("理由"), max_length=200)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["exam_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["exam", "person"], name="extra_time_once"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="extra_time_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.exam_id} {self.person_id} +{self.minutes}"


class TimeChange(models.Model):
    """One change of an attempt's time. `seconds`: of an extension."""

    KINDS = [
        (ChangeKind.EXTENSION.value, _("延长")),
        (ChangeKind.PAUSE.value, _("暂停")),
        (ChangeKind.RESUMPTION.value, _("继续")),
    ]

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="time_changes")
    kind = models.CharField(max_length=10, choices=KINDS)
    seconds = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ["attempt_id", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="extension", seconds__gt=0) | (~Q(kind="extension") & Q(seconds=0)),
                name="time_change_extension_has_seconds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.kind} {self.seconds}"
