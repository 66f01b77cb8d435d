"""The append-only, hash-chained audit log."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.kit.append_only import AppendOnlyModel


class AuditHead(models.Model):
    """One row: the newest link of the chain. Locked while an entry is appended."""

    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash[:12]}"


class AuditEntry(AppendOnlyModel):
    """Who did what to which object, when, from where and why.

    hash = SHA-256(previous hash ‖ canonical JSON of the entry); see `lms.audit.chain`.
    """

    sequence = models.BigIntegerField(unique=True)
    at = models.DateTimeField(_("时间"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("操作人")
    )
    action = models.CharField(_("动作"), max_length=60, db_index=True)
    target_type = models.CharField(_("对象类型"), max_length=60, blank=True)
    target_id = models.CharField(_("对象"), max_length=60, blank=True)
    enterprise = models.ForeignKey("lms.Enterprise", models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("原因"), blank=True)
    detail = models.JSONField(_("内容"), default=dict)
    address = models.GenericIPAddressField(_("地址"), null=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-sequence"]
        indexes = [models.Index(fields=["target_type", "target_id"], name="audit_target")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"
