"""The outcome ledger, and requirements with their targets."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.organisations.models import Enterprise, Industry
from lms.people.models import Employment, PersonnelCategory, PersonnelScheme


class OutcomeKind(models.TextChoices):
    COURSE_COMPLETED = "course_completed", _("学完课程")
    EXAM_PASSED = "exam_passed", _("考试合格")
    HOURS_CREDITED = "hours_credited", _("学时")
    SESSION_ATTENDED = "session_attended", _("参加培训")
    CERTIFICATE_HELD = "certificate_held", _("持有培训合格证明")
    SPOT_CHECK_PASSED = "spot_check_passed", _("现场抽查通过")
    SPOT_CHECK_FAILED = "spot_check_failed", _("现场抽查未通过")
    LICENCE_HELD = "licence_held", _("持有操作证")


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    def standing_on(self, day: date) -> Self:
        """Achieved by `day`, not yet expired or withdrawn then (day boundaries in Asia/Shanghai)."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day),
            Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day),
            achieved_on__lte=day,
        )


class Outcome(models.Model):
    """One achievement of one person, with the evidence it rests on.

    Apps record, coverage and eligibility read; `subject` is a stable code such as the course code.
    `amount`: score for exams, hours (学时, 45 min) for hours.
    """

    kind = models.CharField(_("类型"), max_length=24, choices=OutcomeKind)
    subject = models.CharField(_("科目代码"), max_length=60)
    title = models.CharField(_("科目"), max_length=120)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="outcomes")
    employment = models.ForeignKey(Employment, models.PROTECT, null=True, related_name="outcomes")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="outcomes")
    achieved_at = models.DateTimeField(_("取得时间"))
    achieved_on = models.DateField(_("取得日期"))
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    amount = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    facts = models.JSONField(
        default=dict, help_text="required_hours, started_on, pass_percent …: what a certificate prints"
    )
    evidence = models.CharField(_("证据"), max_length=120, help_text="<app>.<model>:<pk>")
    withdrawn_on = models.DateField(_("撤回日期"), null=True)
    withdrawn_reason = models.CharField(_("撤回原因"), max_length=200, blank=True)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        ordering = ["-achieved_at"]
        constraints = [models.UniqueConstraint(fields=["kind", "evidence"], name="outcome_once_per_evidence")]
        indexes = [
            models.Index(fields=["person", "kind", "subject", "achieved_on"], name="outcome_of_person"),
            # Holds all that counting reads, so that no row of the ledger itself is fetched for a coverage number.
            models.Index(
                fields=["kind", "subject", "achieved_on", "valid_until", "withdrawn_on", "person"],
                name="outcome_for_counting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.subject} {self.person_id}"


class Requirement(models.Model):
    """What a group of persons must have achieved; the definition of a coverage number.

    Met by a person when an outcome of `outcome_kind` with one of the category's subjects was achieved
    between `counts_from` and `counts_until` and stands on the day asked about.
    """

    class Kind(models.TextChoices):
        SCHEME = "scheme", _("人员类别年度培训")
        PROGRAMME = "programme", _("主要负责人专题培训")

    code = models.SlugField(_("代码"), unique=True)
    name = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(max_length=12, choices=Kind)
    year = models.PositiveSmallIntegerField(_("年度"))
    scheme = models.ForeignKey(PersonnelScheme, models.PROTECT, null=True, blank=True, related_name="requirements")
    industries = models.ManyToManyField(Industry, blank=True, help_text="空 = 所有行业")
    outcome_kind = models.CharField(max_length=24, choices=OutcomeKind)
    counts_from = models.DateField(_("起计日期"))
    counts_until = models.DateField(_("截止日期"))
    source = models.CharField(_("依据"), max_length=200)

    class Meta:
        ordering = ["year", "code"]

    def __str__(self) -> str:
        return self.name


class RequirementCategory(models.Model):
    """Which category of persons, and which subjects satisfy the requirement for it (any of them)."""

    requirement = models.ForeignKey(Requirement, models.CASCADE, related_name="category_rules")
    category = models.ForeignKey(PersonnelCategory, models.PROTECT, related_name="+")
    subjects = models.JSONField(default=list)
    label = models.CharField(_("满足条件"), max_length=200, blank=True, help_text="写进数字旁的定义")

    class Meta:
        ordering = ["requirement_id", "category__position"]
        constraints = [models.UniqueConstraint(fields=["requirement", "category"], name="requirement_category_once")]

    def __str__(self) -> str:
        return f"{self.requirement_id} {self.category_id}"


class Target(models.Model):
    """A share to be reached by a day (60 % by 2024-12-31 …), with the text that demands it."""

    requirement = models.ForeignKey(Requirement, models.CASCADE, related_name="targets")
    due_on = models.DateField(_("期限"))
    percent = models.DecimalField(_("目标 %"), max_digits=5, decimal_places=2)
    source = models.CharField(_("依据"), max_length=200)

    class Meta:
        ordering = ["due_on"]
        constraints = [models.UniqueConstraint(fields=["requirement", "due_on"], name="target_once_per_day")]

    def __str__(self) -> str:
        return f"{self.percent} % {self.due_on}"
