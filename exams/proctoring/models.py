"""What proctors do and say, each with a reason. Interventions and messages are append-only."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exams.attempts.models import Attempt
from exams.papers.models import Exam


class InterventionKind(models.TextChoices):
    ANNOUNCE = "announce", _("全场广播")
    MESSAGE = "message", _("发消息")
    WARN = "warn", _("警告")
    EXTEND = "extend", _("延时")
    PAUSE = "pause", _("暂停")
    RESUME = "resume", _("继续")
    TAKE_OVER = "take_over", _("允许换设备")
    FORCE_SUBMIT = "force_submit", _("强制交卷")
    VOID = "void", _("作废")
    RULE_LATE = "rule_late", _("裁定补传")
    EXTRA_TIME = "extra_time", _("个人加时")
    RETRAINED = "retrained", _("确认已重新培训")
    CHECK_IN = "check_in", _("签到核验")


class Reason(models.Model):
    """Why proctors act: editable rows. `fits`: the kinds of intervention that it is offered for; [] for all."""

    code = models.SlugField(max_length=40, unique=True)
    label = models.CharField(_("理由"), max_length=60)
    fits = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(_("使用中"), default=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.label


class Intervention(models.Model):
    """One thing done to one attempt, or to the whole exam (`attempt` NULL). `by` NULL: the exam's own rules."""

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="interventions")
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True, related_name="interventions")
    kind = models.CharField(max_length=12, choices=InterventionKind)
    reason = models.ForeignKey(Reason, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("说明"), max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["extend", "extra_time"]) | Q(minutes__gt=0), name="intervention_has_minutes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exam_id} {self.attempt_id} {self.kind}"


class MessageKind(models.TextChoices):
    ANNOUNCEMENT = "announcement", _("广播")
    MESSAGE = "message", _("消息")
    WARNING = "warning", _("警告")


class Message(models.Model):
    """What candidates are told during an exam; `attempt` NULL: everybody who is writing."""

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="messages")
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True, related_name="messages")
    kind = models.CharField(max_length=12, choices=MessageKind)
    text = models.CharField(_("内容"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="announcement", attempt__isnull=True)
                | (~Q(kind="announcement") & Q(attempt__isnull=False)),
                name="message_to_all_or_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exam_id} {self.kind} {self.text[:20]}"
