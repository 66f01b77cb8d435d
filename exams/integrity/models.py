"""What happened around an attempt, and what its record shows afterwards. Evidence for people: nothing here judges."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exams.attempts.models import Attempt
from lms.kit.append_only import AppendOnlyModel


class SignalSource(models.TextChoices):
    BROWSER = "browser", _("考生的浏览器")
    SERVER = "server", _("服务器")


class SignalKind(models.TextChoices):
    LEFT_PAGE = "left_page", _("离开页面")
    FULL_SCREEN_LEFT = "full_screen_left", _("退出全屏")
    COPY = "copy", _("复制")
    PASTE = "paste", _("粘贴")
    CONTEXT_MENU = "context_menu", _("右键菜单")
    PRINT = "print", _("打印")
    SECOND_SCREEN = "second_screen", _("接了第二块屏幕")
    NETWORK_CHANGED = "network_changed", _("网络类型变了")
    ADDRESS = "address", _("网络地址")
    SECOND_DEVICE = "second_device", _("另一台设备想答题")
    TAKE_OVER = "take_over", _("换了设备")
    SEB_REFUSED = "seb_refused", _("不在 Safe Exam Browser 里")
    NO_CAMERA = "no_camera", _("照不成相")
    MANY = "many", _("太多，不再逐条记")


class Signal(AppendOnlyModel):
    """One thing that was noticed. `at` is the server's time, `made_at` and `seconds` are the browser's claims.

    `counted`: counts towards what the kind is about (a leave long enough, an address after the first one). `detail`
    holds what `exams.integrity.reports` lets through. An address is kept as a keyed hash, different for every attempt,
    and masked; it is personal data.
    """

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="signals")
    kind = models.CharField(_("信号"), max_length=16, choices=SignalKind)
    source = models.CharField(_("来源"), max_length=8, choices=SignalSource)
    at = models.DateTimeField(_("时间"))
    made_at = models.DateTimeField(null=True)
    seconds = models.DecimalField(_("时长（秒）"), max_digits=8, decimal_places=1, null=True)
    counted = models.BooleanField(default=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["attempt_id", "at", "pk"]
        indexes = [models.Index(fields=["attempt", "kind"], name="signal_of_attempt")]
        constraints = [
            # A report that is sent again (its answer was lost) is stored once.
            models.UniqueConstraint(
                fields=["attempt", "kind", "made_at"], condition=Q(source="browser"), name="signal_reported_once"
            ),
            models.CheckConstraint(condition=Q(seconds__isnull=True) | Q(seconds__gte=0), name="signal_lasts"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.kind}"


class Trait(models.TextChoices):
    RAPID = "rapid", _("有题答得太快")
    LOW_EFFORT = "low_effort", _("整体答得太快")
    SLOW = "slow", _("有题答得太慢")
    REVISIONS = "revisions", _("改对的题太多")


class Behaviour(models.Model):
    """What the record of a submitted attempt shows beside the others of its exam (see `exams.integrity.behaviour`).

    Computed, not recorded: replaced whenever attempts have been added or keys corrected. `traits` names what stands
    out, `figures` says by how much.
    """

    attempt = models.OneToOneField(Attempt, models.CASCADE, related_name="behaviour")
    traits = models.JSONField(default=list)
    figures = models.JSONField(default=dict)
    compared_with = models.PositiveIntegerField(_("一起比较的答卷"))
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ["attempt_id"]

    def __str__(self) -> str:
        return f"{self.attempt_id} {', '.join(self.traits)}"
