"""Users, personnel schemes and dated employments."""

import hmac
from datetime import date
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin, UserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.kit.crypto import EncryptedTextField, lookup_hash
from lms.kit.masking import mask_id, mask_name, mask_phone
from lms.organisations.models import Enterprise, Post, Team, Workshop
from lms.organisations.scope import Scope


class IdType(models.TextChoices):
    CITIZEN = "citizen", _("居民身份证")
    RESIDENCE = "residence", _("港澳台居民居住证")
    FOREIGNER = "foreigner", _("外国人永久居留身份证")
    PASSPORT = "passport", _("护照")


class User(AbstractBaseUser, PermissionsMixin):
    """A person. `username` is the staff number (工号), unique in the town: enterprise code + number.

    ID number and phone are encrypted; the hashes find a person without reading them.
    """

    username = models.CharField(_("工号"), max_length=40, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    email = models.EmailField(_("邮箱"), null=True, blank=True, unique=True)
    phone = EncryptedTextField(_("手机号"), blank=True, default="")
    phone_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)
    id_type = models.CharField(_("证件类型"), max_length=12, choices=IdType, default=IdType.CITIZEN)
    id_number = EncryptedTextField(_("证件号码"), blank=True, default="")
    id_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)
    must_change_password = models.BooleanField(default=False)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(_("在用"), default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return f"{self.name}（{self.username}）"

    def set_identity(self, *, id_type: str, id_number: str, phone: str) -> None:
        """Set the encrypted numbers together with their look-up hashes (does not save)."""
        self.id_type, self.id_number, self.phone = id_type, id_number, phone
        self.id_hash = lookup_hash("id", id_number) if id_number else None
        self.phone_hash = lookup_hash("phone", phone) if phone else None

    @staticmethod
    def identity_hash(id_number: str) -> str:
        """The keyed hash by which a person with this ID number is found."""
        return lookup_hash("id", id_number)

    @property
    def awaits_activation(self) -> bool:
        """Whether nobody has chosen a password for this account yet."""
        return self.is_active and not self.has_usable_password()

    def is_proved_by(self, *, id_tail: str, phone: str) -> bool:
        """Whether somebody who knows these facts may activate the account; never true for missing facts."""
        if not self.id_number or not self.phone:
            return False
        tail_fits = hmac.compare_digest(self.id_number[-6:].upper().encode(), id_tail.strip().upper().encode())
        return tail_fits & hmac.compare_digest(self.phone.encode(), phone.strip().encode())

    @property
    def masked_id(self) -> str:
        """ID number as pages show it."""
        return mask_id(self.id_number)

    @property
    def masked_phone(self) -> str:
        """Phone as pages show it."""
        return mask_phone(self.phone)

    @property
    def masked_name(self) -> str:
        """Name as public pages show it."""
        return mask_name(self.name)

    def get_full_name(self) -> str:
        """Name for Wagtail and allauth."""
        return self.name

    def get_short_name(self) -> str:
        """Name for Wagtail and allauth."""
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email or None
        super().save(*args, **kwargs)


class PersonnelScheme(models.Model):
    """One meaning of 三类人员 (there are three, domain.md trap 2), with its source."""

    code = models.SlugField(_("代码"), unique=True)
    name = models.CharField(_("名称"), max_length=60)
    source = models.CharField(_("依据"), max_length=200)
    effective_from = models.DateField(_("施行日期"))
    effective_to = models.DateField(_("废止日期"), null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class PersonnelCategory(models.Model):
    """A category of persons. It may belong to several schemes (安全生产管理人员, 班组长 …)."""

    code = models.SlugField(_("代码"), unique=True)
    name = models.CharField(_("人员类别"), max_length=40, unique=True)
    schemes = models.ManyToManyField(PersonnelScheme, related_name="categories", blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class EmploymentType(models.TextChoices):
    OWN = "own", _("正式工")
    DISPATCHED = "dispatched", _("劳务派遣")
    FLEXIBLE = "flexible", _("灵活用工")
    CONTRACTOR = "contractor", _("外包单位")


class EmploymentQuerySet(models.QuerySet["Employment"]):
    def on(self, day: date) -> Self:
        """The dated roster: employments in force on `day`."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day), started_on__lte=day)

    def within(self, scope: Scope) -> Self:
        """The employments whose person a holder of `scope` may see."""
        if scope.everything:
            return self
        visible = Q(enterprise__in=Enterprise.objects.within(scope).values("pk")) | Q(team_id__in=scope.team_ids)
        return self.filter(visible)


class Employment(models.Model):
    """A person at work in an enterprise between two days.

    `enterprise` is where the person works and is counted (the host); dispatched and contractor
    workers name their legal employer in `employer_name` (plan, clause 12: counted by the host).
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="employments", verbose_name=_("人员"))
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="employments", verbose_name=_("单位"))
    employment_type = models.CharField(_("用工形式"), max_length=12, choices=EmploymentType, default=EmploymentType.OWN)
    employer_name = models.CharField(_("派遣/外包单位"), max_length=120, blank=True)
    workshop = models.ForeignKey(Workshop, models.PROTECT, null=True, blank=True, related_name="employments")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="employments")
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="employments")
    trade = models.CharField(_("工种"), max_length=60, blank=True)
    started_on = models.DateField(_("入职日期"))
    ended_on = models.DateField(_("离职日期"), null=True, blank=True)

    objects = EmploymentQuerySet.as_manager()

    class Meta:
        ordering = ["person_id", "started_on"]
        indexes = [models.Index(fields=["enterprise", "started_on", "ended_on"], name="employment_roster")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=models.F("started_on")),
                name="employment_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["person", "enterprise"], condition=Q(ended_on__isnull=True), name="employment_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}@{self.enterprise_id}"

    @property
    def left_words(self) -> str:
        """`2026-10-31 离职`, or the empty string for an open employment."""
        return gettext("%(day)s 离职") % {"day": self.ended_on.isoformat()} if self.ended_on else ""


class EmploymentCategoryQuerySet(models.QuerySet["EmploymentCategory"]):
    def on(self, day: date) -> Self:
        """The memberships in force on `day`."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)


class EmploymentCategory(models.Model):
    """In which personnel category an employment was, and when."""

    employment = models.ForeignKey(Employment, models.CASCADE, related_name="category_periods")
    category = models.ForeignKey(PersonnelCategory, models.PROTECT, related_name="periods")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    objects = EmploymentCategoryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["employment", "category", "valid_from"], name="category_period_once")
        ]
        indexes = [models.Index(fields=["category", "valid_from", "valid_until"], name="category_period")]

    def __str__(self) -> str:
        return f"{self.employment_id} {self.category_id}"


class LicenceDeclaration(models.Model):
    """A special operator's licence as the enterprise declared it on import, not yet verified.

    The platform records statutory licences, it never issues them (domain.md, trap 5).
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="licence_declarations")
    trade_category = models.CharField(_("特种作业类别"), max_length=60)
    number = EncryptedTextField(_("证书编号"), blank=True, default="")
    number_hash = models.CharField(max_length=64, blank=True, default="")
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    declared_on = models.DateField(_("申报日期"))

    class Meta:
        ordering = ["person_id", "trade_category"]
        constraints = [
            models.UniqueConstraint(fields=["person", "trade_category", "number_hash"], name="licence_declared_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.trade_category}"
