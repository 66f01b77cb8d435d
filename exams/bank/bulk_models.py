"""A change of many questions at once, row by row."""

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from exams.bank.models import Question
from lms.jobs.models import Job
from lms.organisations.scope import Scope

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class BulkEditQuerySet(models.QuerySet["BulkEdit"]):
    def within(self, scope: Scope) -> Self:
        """One's own edits; administrators see all."""
        return self if scope.everything else self.filter(owner_id=scope.person_id)


class BulkEdit(models.Model):
    """One change for a selection of questions, confirmed after its preview.

    `change` is `exams.bank.bulk.Change` as plain data, `selection` what was asked for: `{"ids": […]}` or the
    parameters of the list's address. Questions that changed after `seen_at`, the moment of the preview, are skipped.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("操作人"))
    change: Any = models.JSONField(_("改动"))
    selection: Any = models.JSONField(_("选择的题目"))
    seen_at = models.DateTimeField(_("预览时间"))
    created_at = models.DateTimeField(_("时间"))
    prepared = models.BooleanField(default=False)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")

    if TYPE_CHECKING:
        rows: RelatedManager["BulkEditRow"]

    objects = BulkEditQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"bulk edit {self.pk}"


class RowOutcome(models.TextChoices):
    WAITING = "waiting", _("还没改")
    CHANGED = "changed", _("已改")
    SAME = "same", _("本来就是这样")
    STALE = "stale", _("预览以后被别人改过")
    UNFIT = "unfit", _("这个状态不能这样改")


class BulkEditRow(models.Model):
    """What became of one question; `before` is what it had."""

    edit = models.ForeignKey(BulkEdit, models.CASCADE, related_name="rows")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    outcome = models.CharField(_("结果"), max_length=8, choices=RowOutcome, default=RowOutcome.WAITING)
    before: Any = models.JSONField(_("原来"), null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["edit", "question"], name="bulk_row_once")]
        indexes = [models.Index(fields=["edit", "outcome"], name="bulk_row_by_outcome")]

    def __str__(self) -> str:
        return f"{self.edit_id}:{self.question_id} {self.outcome}"
