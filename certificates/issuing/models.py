"""Issuing rules, number series and the certificates themselves."""

from typing import Any, Self

from django.conf import settings
from django.core.files.storage import storages
from django.core.files.storage.base import Storage
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates.designs.models import Design
from lms.coverage.models import Outcome
from lms.organisations.models import Enterprise
from lms.organisations.scope import Scope


def private_storage() -> Storage:
    """PDF files that only a view with an access rule hands out."""
    return storages["private"]


class IssuingRule(models.Model):
    """When a certificate of a subject is due: course completed, exam passed, or both."""

    design = models.ForeignKey(Design, models.PROTECT, related_name="rules", verbose_name=_("证书样式"))
    subject = models.SlugField(_("科目代码"), max_length=60, unique=True)
    needs_course = models.BooleanField(_("须学完课程"), default=True)
    needs_exam = models.BooleanField(_("须考试合格"), default=True)
    active = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering = ["subject"]
        constraints = [
            models.CheckConstraint(
                condition=Q(needs_course=True) | Q(needs_exam=True), name="issuing_rule_needs_something"
            )
        ]

    def __str__(self) -> str:
        return self.subject


class NumberSeries(models.Model):
    """The last number given out per prefix and year; locked while a number is taken, so no gaps, no races."""

    prefix = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="number_series_once")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.last:06d}"


class CertificateStatus(models.TextChoices):
    VALID = "valid", _("有效")
    REVOKED = "revoked", _("已撤销")


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def within(self, scope: Scope) -> Self:
        """Certificates of the enterprises that a holder of `scope` may see."""
        if scope.everything:
            return self
        return self.filter(enterprise__in=Enterprise.objects.within(scope).values("pk"))


class Certificate(models.Model):
    """One numbered certificate. `facts` freezes what it prints; later changes of names do not alter it."""

    number = models.CharField(_("证书编号"), max_length=24, unique=True)
    verify_code = models.CharField(max_length=16, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="certificates")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="certificates")
    design = models.ForeignKey(Design, models.PROTECT, related_name="certificates")
    subject = models.SlugField(_("科目代码"), max_length=60)
    course_title = models.CharField(_("培训项目"), max_length=120)
    basis = models.ForeignKey(Outcome, models.PROTECT, related_name="+", help_text="最后满足的那条成果")
    facts = models.JSONField(default=dict)
    issued_at = models.DateTimeField(_("签发时间"))
    issued_on = models.DateField(_("发证日期"))
    valid_until = models.DateField(_("有效期至"))
    status = models.CharField(_("状态"), max_length=8, choices=CertificateStatus, default=CertificateStatus.VALID)
    revoked_on = models.DateField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=200, blank=True)
    # Revoked because its basis was withdrawn, not by a person: it comes back with the basis.
    revoked_with_basis = models.BooleanField(default=False)
    pdf = models.FileField(storage=private_storage, upload_to="certificates/%Y/", blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        indexes = [models.Index(fields=["person", "subject"], name="certificate_of_person")]
        constraints = [models.UniqueConstraint(fields=["basis"], name="certificate_once_per_basis")]

    def __str__(self) -> str:
        return self.number

    def state_on(self, day: Any) -> str:
        """`valid`, `expired` or `revoked` on a day."""
        if self.status == CertificateStatus.REVOKED and (self.revoked_on is None or self.revoked_on <= day):
            return "revoked"
        return "expired" if self.valid_until < day else "valid"


class IssuingProblem(models.Model):
    """Why a certificate that is due could not be issued; kept until it is solved."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="+")
    rule = models.ForeignKey(IssuingRule, models.CASCADE, related_name="problems")
    reason = models.CharField(_("原因"), max_length=200)
    found_at = models.DateTimeField(_("发现时间"))

    class Meta:
        ordering = ["-found_at"]
        constraints = [models.UniqueConstraint(fields=["person", "rule"], name="issuing_problem_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.reason}"
