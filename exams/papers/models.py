"""Exams, their audience and blueprint, and the papers assembled from them."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.bank.models import Question, QuestionType, QuestionVersion, Topic
from exams.papers.sitting import SittingRules
from lms.jobs.models import Job
from lms.organisations.models import Enterprise, Industry
from lms.people.audience import Audience
from lms.people.models import PersonnelCategory

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class ExamKind(models.TextChoices):
    IN_HOUSE = "in_house", _("企业内部考试")
    THEORY = "theory", _("特种作业理论考试")
    MOCK = "mock", _("模拟考试")  # for practice: results count for nothing


class ExamStatus(models.TextChoices):
    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")
    CLOSED = "closed", _("已结束")


class Release(models.TextChoices):
    AT_ONCE = "at_once", _("交卷后立即公布")
    AFTER_WINDOW = "after_window", _("考试时段结束后公布")
    AFTER_APPROVAL = "after_approval", _("核准后公布")


class MultipleRule(models.TextChoices):
    ALL_OR_NOTHING = "all_or_nothing", _("全部选对才得分")
    HALF = "half", _("选对但不全得一半，有错不得分")
    PER_OPTION = "per_option", _("按选项计分，选错一项抵掉选对一项")


class AssemblyMethod(models.TextChoices):
    PARALLEL = "parallel", _("平行组卷：各套难度相同，重题有限")
    DRAW = "draw", _("随机抽题：每套随机抽，尽量少重题")
    FIXED = "fixed", _("固定试卷：自己挑题，人人同一套")


class ExamQuerySet(models.QuerySet["Exam"]):
    def open_at(self, moment: datetime) -> Self:
        """Published exams whose window contains `moment`."""
        return self.filter(status=ExamStatus.PUBLISHED, opens_at__lte=moment, closes_at__gt=moment)


class Exam(SittingRules):
    """When, by what rules and from what blueprint people are examined.

    `subject` is a course code; passing is recorded under it. `enterprise` NULL: the whole town.
    `revision` rises with every edit, so that papers assembled from an older blueprint are refused.
    """

    title = models.CharField(_("考试名称"), max_length=120)
    subject = models.SlugField(_("科目代码"), max_length=60)
    kind = models.CharField(_("类型"), max_length=10, choices=ExamKind, default=ExamKind.IN_HOUSE)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="exams", verbose_name=_("组织单位")
    )
    # A mock exam by which people get used to another one; only exams of kind MOCK name one.
    rehearses = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="rehearsals", verbose_name=_("是哪场考试的演练")
    )
    opens_at = models.DateTimeField(_("开始时间"))
    closes_at = models.DateTimeField(_("截止时间"))
    minutes = models.PositiveSmallIntegerField(_("时长（分钟）"), validators=[MinValueValidator(1)])
    pass_percent = models.DecimalField(
        _("合格线（%）"), max_digits=5, decimal_places=2, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    attempts_allowed = models.PositiveSmallIntegerField(_("可考次数"), validators=[MinValueValidator(1)])
    prerequisite_subject = models.SlugField(_("须先学完的课程"), max_length=60, blank=True)
    release = models.CharField(_("公布成绩"), max_length=14, choices=Release, default=Release.AT_ONCE)
    multiple_rule = models.CharField(
        _("多选题计分"), max_length=16, choices=MultipleRule, default=MultipleRule.ALL_OR_NOTHING
    )
    valid_months = models.PositiveSmallIntegerField(_("成绩有效期（月）"), default=12)
    min_criterion_percent = models.DecimalField(
        _("判定标准题最低占比（%）"), max_digits=5, decimal_places=2, validators=[MaxValueValidator(100)]
    )
    paper_count = models.PositiveSmallIntegerField(
        _("试卷套数"), default=5, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    method = models.CharField(_("组卷方式"), max_length=10, choices=AssemblyMethod, default=AssemblyMethod.PARALLEL)
    category = models.ForeignKey(
        PersonnelCategory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("题目适用人员")
    )
    target_difficulty = models.DecimalField(
        _("目标难度"), max_digits=3, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )  # fmt: skip
    difficulty_tolerance = models.DecimalField(
        _("难度允许偏差"), max_digits=3, decimal_places=2, default=Decimal("0.20"),
        validators=[MinValueValidator(0), MaxValueValidator(4)],
    )  # fmt: skip
    max_overlap_percent = models.PositiveSmallIntegerField(
        _("两套卷最多重题（%）"), default=30, validators=[MaxValueValidator(100)]
    )
    max_exposure_percent = models.PositiveSmallIntegerField(
        _("一道题最多进入多少卷（%）"), default=50, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    # Retakes share no question with the last so many sittings: the papers come in that many + 1 disjoint families.
    fresh_attempts = models.PositiveSmallIntegerField(
        _("补考避开前几次考过的题"), default=1, validators=[MaxValueValidator(5)]
    )
    seed = models.PositiveBigIntegerField(_("组卷种子"), null=True, editable=False)
    status = models.CharField(_("状态"), max_length=10, choices=ExamStatus, default=ExamStatus.DRAFT)
    revision = models.PositiveIntegerField(default=1, editable=False)
    assembly_job = models.ForeignKey(Job, models.SET_NULL, null=True, editable=False, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("创建时间"))
    published_at = models.DateTimeField(_("发布时间"), null=True, editable=False)
    closed_at = models.DateTimeField(_("结束时间"), null=True, editable=False)

    if TYPE_CHECKING:
        sections: RelatedManager["BlueprintSection"]
        papers: RelatedManager["Paper"]
        rehearsals: RelatedManager["Exam"]
        audiences: RelatedManager["ExamAudience"]
        shares: RelatedManager["BlueprintShare"]
        fixed_questions: RelatedManager["FixedQuestion"]

    objects = ExamQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_at", "-pk"]
        indexes = [models.Index(fields=["status", "opens_at", "closes_at"], name="exam_window")]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="exam_closes_after_opening"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="exam_minutes_positive"),
            models.CheckConstraint(
                condition=Q(rehearses__isnull=True) | Q(kind=ExamKind.MOCK), name="exam_rehearsal_is_mock"
            ),
            models.CheckConstraint(
                condition=Q(pass_percent__gt=0, pass_percent__lte=100), name="exam_pass_percent_sensible"
            ),
            models.CheckConstraint(condition=Q(attempts_allowed__gte=1), name="exam_attempts_positive"),
            models.CheckConstraint(condition=Q(paper_count__gte=1), name="exam_papers_positive"),
            models.CheckConstraint(
                condition=Q(min_criterion_percent__range=(0, 100)), name="exam_criterion_percent_sensible"
            ),
            models.CheckConstraint(
                condition=Q(status=ExamStatus.DRAFT) | Q(published_at__isnull=False, seed__isnull=False),
                name="exam_published_with_seed",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ExamAudience(Audience):
    """For whom an exam is meant: one rule, several rules add up."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="audiences")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.exam_id} audience {self.pk}"


class BlueprintSection(models.Model):
    """One part of every paper: so many questions of a type, each worth so much, from these topics (none = all)."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    type = models.CharField(_("题型"), max_length=12, choices=QuestionType)
    count = models.PositiveSmallIntegerField(_("题数"), validators=[MinValueValidator(1), MaxValueValidator(300)])
    points = models.DecimalField(_("每题分值"), max_digits=5, decimal_places=2)
    topics = models.ManyToManyField(Topic, blank=True, related_name="+", verbose_name=_("知识点"))

    class Meta:
        ordering = ["exam_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["exam", "position"], name="section_position_once"),
            models.CheckConstraint(condition=Q(count__gte=1), name="section_count_positive"),
            models.CheckConstraint(condition=Q(points__gt=0), name="section_points_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.exam_id} §{self.position}"


class BlueprintShare(models.Model):
    """How much of every paper a topic (with its children) or an industry has: at least, at most, in percent."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="shares")
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("知识点"))
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("行业")
    )
    min_percent = models.PositiveSmallIntegerField(_("至少（%）"), default=0, validators=[MaxValueValidator(100)])
    max_percent = models.PositiveSmallIntegerField(_("至多（%）"), default=100, validators=[MaxValueValidator(100)])

    class Meta:
        ordering = ["exam_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["exam", "topic"], name="share_of_topic_once"),
            models.UniqueConstraint(fields=["exam", "industry"], name="share_of_industry_once"),
            models.CheckConstraint(
                condition=Q(topic__isnull=True) ^ Q(industry__isnull=True), name="share_of_topic_or_industry"
            ),
            models.CheckConstraint(
                condition=Q(min_percent__lte=F("max_percent"), max_percent__lte=100), name="share_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exam_id} {self.min_percent}–{self.max_percent}%"


class FixedQuestion(models.Model):
    """A question chosen by hand for a fixed paper; the version that is current at publication is frozen."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="fixed_questions")
    position = models.PositiveSmallIntegerField()
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    points = models.DecimalField(_("分值"), max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["exam_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["exam", "position"], name="fixed_position_once"),
            models.UniqueConstraint(fields=["exam", "question"], name="fixed_question_once"),
            models.CheckConstraint(condition=Q(points__gt=0), name="fixed_points_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.exam_id} fixed {self.position}"


class Assembly(models.Model):
    """What the papers of an exam were drawn from, frozen: replaying `request` gives the same papers.

    `request` is `exams.papers.assembly.PaperSpec` as plain data, pool and seed included.
    """

    exam = models.OneToOneField(Exam, models.PROTECT, related_name="assembly")
    method = models.CharField(max_length=20)
    request = models.JSONField()
    assembled_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.exam_id} {self.method}"


class Paper(models.Model):
    """One assembled form; rebuilt bit for bit from `seed` and the version ids it could draw from."""

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="papers")
    number = models.PositiveSmallIntegerField(_("卷号"))
    seed = models.PositiveBigIntegerField()
    total_points = models.DecimalField(_("总分"), max_digits=7, decimal_places=2)
    # Papers of different families share no question; the n-th sitting of a person takes another family.
    family = models.PositiveSmallIntegerField(_("分组"), default=0)
    # Mean difficulty of its questions, 1–5; NULL for papers assembled before it was kept.
    difficulty = models.DecimalField(_("难度"), max_digits=5, decimal_places=4, null=True)

    if TYPE_CHECKING:
        items: RelatedManager["PaperItem"]

    class Meta:
        ordering = ["exam_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["exam", "number"], name="paper_number_once"),
            models.CheckConstraint(condition=Q(total_points__gt=0), name="paper_points_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.exam_id} №{self.number}"


class PaperItem(models.Model):
    """The place of a question version in a paper; `correction`: what counts for it instead of its own key."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="+")
    points = models.DecimalField(max_digits=5, decimal_places=2)
    correction = models.ForeignKey("exams.Correction", models.PROTECT, null=True, editable=False, related_name="items")

    class Meta:
        ordering = ["paper_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "position"], name="paper_position_once"),
            models.UniqueConstraint(fields=["paper", "version"], name="paper_version_once"),
            models.CheckConstraint(condition=Q(points__gt=0), name="paper_item_points_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id}:{self.position}"

    @property
    def judged_by(self) -> QuestionVersion:
        """The version whose key counts: the one on the paper, or the later one that a correction names."""
        return self.correction.source if self.correction and self.correction.source else self.version

    @property
    def ruling(self) -> str:
        """What was decided about the question since the exam, "" for nothing."""
        return self.correction.words if self.correction else ""
