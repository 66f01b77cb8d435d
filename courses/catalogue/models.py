"""Courses and lessons as records, the rules that assign them, and enrolments.

The words are in `content` (Wagtail pages); these rows carry what progress and counting need.
"""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from courses.catalogue.places import ancestors
from lms.organisations.models import Enterprise, Industry, Region, SectorCommittee
from lms.organisations.scope import Scope
from lms.people.audience import Audience, AudienceQuerySet
from lms.people.models import Employment, PersonnelCategory

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Course(models.Model):
    """A course; `code` is also the subject of its outcome. `published` follows the page."""

    code = models.SlugField(_("代码"), max_length=60, unique=True)
    title = models.CharField(_("课程"), max_length=120)
    summary = models.TextField(_("简介"), blank=True)
    page = models.ForeignKey("content.CoursePage", models.SET_NULL, null=True, blank=True, related_name="+")
    credit_hours = models.DecimalField(_("学时"), max_digits=5, decimal_places=1, help_text=_("1 学时 = 45 分钟"))
    must_study = models.BooleanField(_("必学必考"), default=False)
    exam_subject = models.SlugField(_("考试科目"), max_length=60, blank=True)
    published = models.BooleanField(_("已发布"), default=True)
    position = models.PositiveSmallIntegerField(default=0)
    industries = models.ManyToManyField(Industry, blank=True, related_name="+", help_text=_("空 = 所有行业"))
    categories = models.ManyToManyField(PersonnelCategory, blank=True, related_name="+", help_text=_("空 = 人人适用"))

    if TYPE_CHECKING:
        lessons: RelatedManager["Lesson"]
        rules: RelatedManager["AssignmentRule"]

    class Meta:
        ordering = ["position", "code"]
        constraints = [models.CheckConstraint(condition=Q(credit_hours__gt=0), name="course_hours_positive")]

    def __str__(self) -> str:
        return self.title


class LessonKind(models.TextChoices):
    READING = "reading", _("图文")
    VIDEO = "video", _("视频")


class Lesson(models.Model):
    """A lesson. `checkpoints` and `films` (id → seconds) repeat what the page holds, so that a
    heartbeat needs not read the page; `published` is false once the page is gone."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="lessons")
    code = models.SlugField(_("代码"), max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("课时"), max_length=120)
    lead = models.TextField(_("导语"), blank=True)
    page = models.ForeignKey("content.LessonPage", models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.CharField(_("形式"), max_length=10, choices=LessonKind, default=LessonKind.READING)
    minutes_required = models.PositiveSmallIntegerField(_("至少学（分钟）"))
    video_seconds = models.PositiveIntegerField(_("视频时长（秒）"), default=0)
    checkpoints = models.JSONField(default=list, blank=True)
    films = models.JSONField(default=dict, blank=True)
    published = models.BooleanField(default=True)

    class Meta:
        ordering = ["course_id", "position", "code"]

    def __str__(self) -> str:
        return self.title

    @property
    def seconds_required(self) -> int:
        """What must be credited, in seconds."""
        return self.minutes_required * 60


class AssignmentRuleQuerySet(AudienceQuerySet):
    """Rules seen from a person, from an organisation, and by who may change them."""

    def at(self, *, region_paths: frozenset[str], committee_ids: frozenset[int]) -> Self:
        """Rules without a supervisor's area, or whose area contains one of these places."""
        paths = {path for full in region_paths for path in ancestors(full)}
        return self.filter(
            Q(region__isnull=True) | Q(region__path__in=paths),
            Q(committee__isnull=True) | Q(committee_id__in=committee_ids),
        )

    def within(self, scope: Scope) -> Self:
        """Rules that concern somebody in `scope`: of its enterprises, or general ones whose area touches it.

        Rules that name a person are seen by those who may see the person.
        """
        if scope.everything:
            return self
        visible = Enterprise.objects.filter(
            Q(pk__in=Enterprise.objects.within(scope).values("pk")) | Q(workshops__teams__in=scope.team_ids)
        )
        in_region = visible.filter(region__path__startswith=OuterRef("region__path"))
        in_committee = visible.filter(sector_committee_id=OuterRef("committee_id"))
        area = (Q(region__isnull=True) | Exists(in_region)) & (Q(committee__isnull=True) | Exists(in_committee))
        people = Employment.objects.within(scope).values("person_id")
        return self.filter(
            Q(enterprise__in=visible.values("pk")) | (Q(enterprise__isnull=True) & area),
            Q(person__isnull=True) | Q(person_id__in=people),
        )

    def manageable_in(self, scope: Scope) -> Self:
        """Rules that a holder of `scope` may end: one's own enterprise's, or of one's own area."""
        if scope.everything:
            return self
        own = Q(enterprise_id__in=scope.enterprise_ids) | Q(
            enterprise__isnull=True, committee_id__in=scope.committee_ids
        )
        for prefix in scope.region_paths:
            own |= Q(enterprise__isnull=True, region__path__startswith=prefix)
        return self.filter(own)


class AssignmentRule(Audience):
    """Who has to (or may be advised to) learn a course.

    NULL in a dimension means 'all'. `region` and `committee` bound what a supervisor assigns. A rule
    with `due_on` ends with that year; one without is due by the end of each year.
    """

    course = models.ForeignKey(Course, models.CASCADE, related_name="rules", verbose_name=_("课程"))
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("属地"))
    committee = models.ForeignKey(
        SectorCommittee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("专委会")
    )
    due_on = models.DateField(_("完成期限"), null=True, blank=True)
    required = models.BooleanField(_("必修"), default=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("安排时间"))

    objects: ClassVar[Any] = AssignmentRuleQuerySet.as_manager()

    class Meta:
        ordering = ["course_id", "pk"]
        indexes = [models.Index(fields=["course", "valid_from", "valid_until"], name="rule_in_force")]
        constraints = [
            # Otherwise last year's date would make everybody overdue on the first of January.
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(valid_until__isnull=False), name="rule_with_due_date_ends"
            )
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.pk}"

    def due_in(self, year: int) -> date:
        """The day by which the course is due when asked in `year`."""
        return self.due_on or date(year, 12, 31)

    def employments(self, *, on: date) -> models.QuerySet[Employment]:
        """The employments meant on a day, inside the supervisor's area if there is one."""
        found = super().employments(on=on)
        if self.region is not None:
            found = found.filter(enterprise__region__path__startswith=self.region.path)
        if self.committee is not None:
            found = found.filter(enterprise__sector_committee=self.committee)
        return found


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def of_year(self, year: int) -> Self:
        """The enrolments of one year."""
        return self.filter(year=year)


class Enrolment(models.Model):
    """A person takes a course in a year; made at the first opening."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(Course, models.PROTECT, related_name="enrolments")
    year = models.PositiveSmallIntegerField(_("年度"))
    enrolled_at = models.DateTimeField(_("开始学习"))
    due_on = models.DateField(_("完成期限"), null=True, blank=True)
    completed_at = models.DateTimeField(_("学完时间"), null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "course_id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "course", "year"], name="enrolled_once_a_year"),
        ]
        indexes = [models.Index(fields=["course", "year", "completed_at"], name="enrolment_of_course")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.course_id} {self.year}"
