"""What Safe Exam Browser needs for one exam, and what its requests are held against."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from exams.lockdown.headers import Keys
from exams.papers.models import Exam


class SebSettings(models.Model):
    """The .seb file of an exam as it is handed out: `config` with its `config_key` (see `exams.lockdown.sebfile`).

    `link` names the file in its address: whoever knows it may read the file. Browser Exam Keys are what the office
    copied out of the versions of the program that it allows; none: any version.
    """

    exam = models.OneToOneField(Exam, models.CASCADE, related_name="seb")
    link = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    exam_key_salt = models.CharField(max_length=44)  # 32 bytes in base64
    quit_password_hash = models.CharField(max_length=64, blank=True)
    browser_exam_keys = models.JSONField(_("浏览器考试密钥"), default=list)
    config = models.JSONField()
    config_key = models.CharField(_("配置密钥"), max_length=64)
    changed_at = models.DateTimeField(_("更新时间"))

    class Meta:
        verbose_name = _("Safe Exam Browser 设置")

    def __str__(self) -> str:
        return f"{self.exam_id} {self.config_key[:8]}"

    @property
    def keys(self) -> Keys:
        """What requests are held against."""
        return Keys(self.config_key, tuple(self.browser_exam_keys))
