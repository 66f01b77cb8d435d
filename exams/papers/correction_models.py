"""Corrections of keys: what counts for a question in one exam after its papers were handed out."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exams.bank.models import QuestionVersion
from exams.papers.models import Exam
from lms.jobs.models import Job


class CorrectionKind(models.TextChoices):
    KEY = "key", _("按更正后的答案判")
    FULL = "full", _("人人得满分")
    DROP = "drop", _("这道题不计分")
    NONE = "none", _("恢复原来的答案")


class Correction(models.Model):
    """One decision about one question version of an exam; the newest of an exam and a version counts.

    `source`: the later version of the same question whose key is taken. Papers keep the version that people saw.
    `settled_at`: since when every attempt handed in is graded by it.
    """

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="corrections")
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="+")
    kind = models.CharField(_("怎样判"), max_length=4, choices=CorrectionKind)
    source = models.ForeignKey(QuestionVersion, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("原因"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=CorrectionKind.KEY, source__isnull=False)
                | ~Q(kind=CorrectionKind.KEY) & Q(source__isnull=True),
                name="correction_takes_a_key_from_somewhere",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.exam_id} {self.version_id} {self.kind}"

    @property
    def words(self) -> str:
        """What was decided, as candidates read it; "" where the paper's own key counts again."""
        return "" if self.kind == CorrectionKind.NONE else str(self.get_kind_display())
