"""Regions, sector committees, industries, enterprises and what is inside them."""

from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.kit.identifiers import is_uscc
from lms.organisations.scope import Scope

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


def validate_uscc(value: str) -> None:
    """Refuse a social credit code whose form or check character is wrong (GB 32100)."""
    if not is_uscc(value):
        raise ValidationError(_("统一社会信用代码的校验位不对：%(value)s"), params={"value": value}, code="uscc")


class Region(models.Model):
    """A town, village or park; `path` is the chain of codes, so a subtree is one prefix."""

    code = models.CharField(_("代码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=200, unique=True, help_text="/town/village/")

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name


class SectorCommittee(models.Model):
    """专业安全生产委员会: supervises the enterprises entrusted to it."""

    code = models.SlugField(_("代码"), unique=True)
    name = models.CharField(_("名称"), max_length=60)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Industry(models.Model):
    """An industry, or a special field (粉尘涉爆, 液氨制冷, 有限空间) that cuts across industries.

    "高危" has several scopes (domain.md, trap 3), therefore one flag each: hours of training
    (five sectors) and statutory assessment (安全生产法 Art. 27).
    """

    class Kind(models.TextChoices):
        SECTOR = "sector", _("行业")
        SPECIAL = "special", _("专项领域")

    code = models.SlugField(_("代码"), unique=True)
    name = models.CharField(_("名称"), max_length=40, unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SECTOR)
    high_risk_hours = models.BooleanField(_("高危（学时口径）"), default=False)
    high_risk_assessment = models.BooleanField(_("高危（考核口径）"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class EnterpriseQuerySet(models.QuerySet["Enterprise"]):
    def within(self, scope: Scope) -> Self:
        """The enterprises that a holder of `scope` may see; nothing for an empty scope."""
        if scope.everything:
            return self
        visible = Q(pk__in=scope.enterprise_ids) | Q(sector_committee_id__in=scope.committee_ids)
        for prefix in scope.region_paths:
            visible |= Q(region__path__startswith=prefix)
        return self.filter(visible)

    def registered_on(self, day: object) -> Self:
        """The register as it stood on `day`: the denominator of every enterprise figure."""
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day), registered_on__lte=day)


class Enterprise(models.Model):
    """生产经营单位."""

    name = models.CharField(_("单位名称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=30)
    code = models.SlugField(_("工号前缀"), max_length=12, unique=True)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, unique=True, validators=[validate_uscc])
    region = models.ForeignKey(Region, models.PROTECT, related_name="enterprises", verbose_name=_("属地"))
    sector_committee = models.ForeignKey(
        SectorCommittee, models.PROTECT, null=True, blank=True, related_name="enterprises", verbose_name=_("专委会")
    )
    industry = models.ForeignKey(Industry, models.PROTECT, related_name="main_enterprises", verbose_name=_("主行业"))
    industries = models.ManyToManyField(Industry, related_name="enterprises", verbose_name=_("行业与专项领域"))
    registered_on = models.DateField(_("登记日期"))
    closed_on = models.DateField(_("注销日期"), null=True, blank=True)
    last_staff_number = models.PositiveIntegerField(default=0, editable=False)

    if TYPE_CHECKING:
        workshops: RelatedManager["Workshop"]

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=models.F("registered_on")),
                name="enterprise_closed_after_registered",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Workshop(models.Model):
    """车间 / 部门."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="workshops")
    name = models.CharField(_("车间/部门"), max_length=60)

    class Meta:
        ordering = ["enterprise_id", "name"]
        constraints = [models.UniqueConstraint(fields=["enterprise", "name"], name="workshop_name_once")]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """班组."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="teams")
    name = models.CharField(_("班组"), max_length=60)

    class Meta:
        ordering = ["workshop_id", "name"]
        constraints = [models.UniqueConstraint(fields=["workshop", "name"], name="team_name_once")]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """岗位 of an enterprise, with its trade (工种) and duties (全员安全生产岗位责任制)."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="posts")
    name = models.CharField(_("岗位"), max_length=60)
    trade = models.CharField(_("工种"), max_length=60, blank=True)
    duties = models.TextField(_("岗位安全职责"), blank=True)

    class Meta:
        ordering = ["enterprise_id", "name"]
        constraints = [models.UniqueConstraint(fields=["enterprise", "name"], name="post_name_once")]

    def __str__(self) -> str:
        return self.name
