"""What Safe Exam Browser needs for one exam, and what its requests are held against."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from exams.lockdown.headers import Keys
from exams.papers.models import Exam


class SebSettings(models.Model):
    """What the office decided, with the .seb file as it is handed out since: `config` and its `config_key`.

    Without a row the exam has the usual file (see `exams.lockdown.queries.settings_of`). Browser Exam Keys are what
    the office copied out of the versions of the program that it allows; none: any version.
    """

    exam = models.OneToOneField(Exam, models.CASCADE, related_name="seb")
    quit_password_hash = models.CharField(max_length=64, blank=True)
    browser_exam_keys = models.JSONField(_("浏览器考试密钥"), default=list)
    config = models.JSONField()
    config_key = models.CharField(_("配置密钥"), max_length=64)
    changed_at = models.DateTimeField(_("更新时间"), null=True)

    class Meta:
        verbose_name = _("Safe Exam Browser 设置")

    def __str__(self) -> str:
        return f"{self.exam_id} {self.config_key[:8]}"

    @property
    def keys(self) -> Keys:
        """What requests are held against."""
        return Keys(self.config_key, tuple(self.browser_exam_keys))
