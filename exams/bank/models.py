"""Questions as identities, their immutable versions, topics, the clauses they test, and imports."""

from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn, Self

from django.apps import apps
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length, Substr
from django.utils.translation import gettext_lazy as _

from exams.bank.problems import ProblemKind
from lms.jobs.models import Job, private_storage
from lms.organisations.models import Industry
from lms.organisations.scope import Scope
from lms.people.models import PersonnelCategory

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class QuestionType(models.TextChoices):
    SINGLE = "single", _("单选题")
    MULTIPLE = "multiple", _("多选题")
    TRUE_FALSE = "true_false", _("判断题")
    FILL_IN = "fill_in", _("填空题")
    ORDERING = "ordering", _("排序题")
    MATCHING = "matching", _("匹配题")
    HOTSPOT = "hotspot", _("看图找隐患")
    SHORT_ANSWER = "short_answer", _("简答题")
    CASE = "case", _("案例题")


class CognitiveLevel(models.TextChoices):
    REMEMBER = "remember", _("记忆")
    UNDERSTAND = "understand", _("理解")
    APPLY = "apply", _("应用")
    ANALYSE = "analyse", _("分析")


class QuestionStatus(models.TextChoices):
    DRAFT = "draft", _("草稿")
    REVIEW = "review", _("待审核")
    PUBLISHED = "published", _("已发布")
    RETIRED = "retired", _("已停用")


class Immutable(Exception):
    """A question version is never changed or deleted; revising a question makes a new one."""


class Topic(models.Model):
    """知识点; a tree of two levels is enough for the trade."""

    name = models.CharField(_("知识点"), max_length=60, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class CodeCounter(models.Model):
    """One row: the last question number given out. Locked while numbers are taken."""

    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.last)


class ImportStatus(models.TextChoices):
    CHECKING = "checking", _("正在核对")
    CHECKED = "checked", _("待确认")
    APPLYING = "applying", _("正在写入")
    APPLIED = "applied", _("已导入")
    FAILED = "failed", _("没有导入")


class QuestionImportQuerySet(models.QuerySet["QuestionImport"]):
    def within(self, scope: Scope) -> Self:
        """One's own imports; administrators see all."""
        return self if scope.everything else self.filter(owner_id=scope.person_id)


class QuestionImport(models.Model):
    """One uploaded file on its way into the bank: checked first, written only when confirmed."""

    file = models.FileField(storage=private_storage, upload_to="question-imports/%Y/%m/")
    name = models.CharField(_("文件"), max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    status = models.CharField(_("状态"), max_length=10, choices=ImportStatus, default=ImportStatus.CHECKING)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    good = models.PositiveIntegerField(_("可以导入"), default=0)
    bad = models.PositiveIntegerField(_("不能导入"), default=0)
    figures = models.JSONField(default=dict)
    unused_columns = models.JSONField(default=list)
    # Kind of file, names of its sheets, what of it was passed over.
    facts = models.JSONField(default=dict)
    default_topic = models.ForeignKey(
        Topic, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("没写知识点的题归到")
    )
    leave_out_similar = models.BooleanField(_("很像的题也不导入"), default=False)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("时间"))

    if TYPE_CHECKING:
        problems: RelatedManager["ImportProblem"]

    objects = QuestionImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class ImportProblem(models.Model):
    """One thing that is wrong with one row of an import."""

    source = models.ForeignKey(QuestionImport, models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField(_("行号"))
    kind = models.CharField(_("问题"), max_length=24, choices=ProblemKind)
    column = models.CharField(_("列"), max_length=20, blank=True)
    value = models.CharField(_("表里的值"), max_length=120, blank=True)
    stem = models.CharField(_("题干"), max_length=80, blank=True)

    class Meta:
        ordering = ["row", "pk"]
        indexes = [models.Index(fields=["source", "kind", "row"], name="import_problem_by_kind")]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.row} {self.kind}"


class QuestionPicture(models.Model):
    """A picture that questions show; named by its content, so the same picture is kept once."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    file = models.FileField(storage=private_storage, upload_to="question-pictures/")
    media_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:12]


class QuestionQuerySet(models.QuerySet["Question"]):
    def usable_on(self, day: date) -> Self:
        """Published, with a version, in force on `day` and not quarantined then: what a paper may draw from."""
        return self.effective_on(day).filter(status=QuestionStatus.PUBLISHED, current__isnull=False).sound_on(day)

    def effective_on(self, day: date) -> Self:
        """Within their own dates on `day`."""
        return self.filter(
            Q(effective_from__isnull=True) | Q(effective_from__lte=day),
            Q(effective_to__isnull=True) | Q(effective_to__gte=day),
        )

    def sound_on(self, day: date) -> Self:
        """Not quarantined on `day`."""
        return self.exclude(current__in=VersionClause.objects.out_of_force_on(day).values("version"))

    def quarantined_on(self, day: date) -> Self:
        """Whose current version tests a clause that is not in force on `day` (docs/decisions/0011)."""
        return self.filter(current__in=VersionClause.objects.out_of_force_on(day).values("version"))


class Question(models.Model):
    """The identity of a question; what candidates read is in its versions, `current` is the newest one.

    Revising a published question sends it back to review; until it is approved no new paper draws it.
    `author` wrote the current version, `reviewer` approved it.
    `enemy_group`: questions with the same non-empty group never stand in one paper.
    `stem_hash` finds exact duplicates (see `exams.bank.wording.fingerprint`).
    """

    code = models.CharField(_("题号"), max_length=12, unique=True)
    type = models.CharField(_("题型"), max_length=12, choices=QuestionType)
    status = models.CharField(_("状态"), max_length=10, choices=QuestionStatus, default=QuestionStatus.DRAFT)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="questions", verbose_name=_("知识点"))
    industries = models.ManyToManyField(Industry, blank=True, related_name="+", verbose_name=_("行业与专项领域"))
    categories = models.ManyToManyField(PersonnelCategory, blank=True, related_name="+", verbose_name=_("人员类别"))
    difficulty = models.PositiveSmallIntegerField(
        _("难度"), default=3, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    cognitive = models.CharField(
        _("认知层次"), max_length=10, choices=CognitiveLevel, default=CognitiveLevel.UNDERSTAND
    )
    # 1 − share of points earned, 0–1, from attempts; NULL until enough people have answered it.
    measured_difficulty = models.DecimalField(_("实测难度"), max_digits=4, decimal_places=3, null=True, editable=False)
    current = models.ForeignKey(
        "QuestionVersion", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("当前版本")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("出题人")
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审核人")
    )
    returned_reason = models.CharField(_("退回原因"), max_length=300, blank=True)
    stem_hash = models.CharField(max_length=64, db_index=True, editable=False)
    enemy_group = models.CharField(_("互斥组"), max_length=40, blank=True)
    # Papers that hold one of its versions; written when papers are stored (`note_uses`).
    uses = models.PositiveIntegerField(_("进入试卷"), default=0, editable=False)
    effective_from = models.DateField(_("启用日期"), null=True, blank=True)
    effective_to = models.DateField(_("停用日期"), null=True, blank=True)
    imported_in = models.ForeignKey(QuestionImport, models.PROTECT, null=True, blank=True, related_name="questions")
    import_row = models.PositiveIntegerField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("录入时间"))
    changed_at = models.DateTimeField(_("更新时间"))

    if TYPE_CHECKING:
        versions: RelatedManager["QuestionVersion"]

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "type", "topic"], name="question_pool"),
            models.Index(fields=["status", "topic"], name="question_by_topic"),
            # The orders of the list; what it is limited to is read from the index beside.
            models.Index(fields=["difficulty", "id"], name="question_by_difficulty"),
            models.Index(fields=["uses", "id"], name="question_by_uses"),
            models.Index(fields=["enemy_group"], condition=~Q(enemy_group=""), name="question_enemies"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["imported_in", "import_row"], name="question_imported_once"),
            models.CheckConstraint(condition=Q(difficulty__range=(1, 5)), name="question_difficulty_1_to_5"),
            models.CheckConstraint(
                condition=~Q(status=QuestionStatus.PUBLISHED) | Q(current__isnull=False),
                name="question_published_with_version",
            ),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | Q(author__isnull=True) | ~Q(reviewer=models.F("author")),
                name="question_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True)
                | Q(effective_from__isnull=True)
                | Q(effective_to__gte=models.F("effective_from")),
                name="question_effective_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class QuestionVersionQuerySet(models.QuerySet["QuestionVersion"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise Immutable("question versions are immutable")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Immutable("question versions are immutable")

    def delete(self) -> NoReturn:
        raise Immutable("question versions are immutable")


class QuestionVersion(models.Model):
    """What a candidate reads and how it is marked; frozen for ever once written.

    What `options` and `key` hold for each type is said in `exams.bank.bodies`. Option ids are stable: answers and
    papers name them, never letters.
    """

    question = models.ForeignKey(Question, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版本"))
    type = models.CharField(_("题型"), max_length=12, choices=QuestionType)
    stem = models.TextField(_("题干"))
    options = models.JSONField(_("选项"), default=list)
    key = models.JSONField(_("答案"))
    explanation = models.TextField(_("解析"), blank=True)
    default_points = models.DecimalField(_("分值"), max_digits=5, decimal_places=2)
    picture = models.ForeignKey(
        QuestionPicture, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("图片")
    )
    picture_alt = models.CharField(_("图片说明"), max_length=300, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("时间"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    clauses = models.ManyToManyField(
        "content.ClausePage", through="VersionClause", related_name="+", verbose_name=_("判定标准条目")
    )

    objects = QuestionVersionQuerySet.as_manager()

    class Meta:
        ordering = ["question_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="question_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="question_version_from_1"),
            models.CheckConstraint(condition=~Q(stem=""), name="question_version_has_stem"),
            models.CheckConstraint(condition=Q(default_points__gt=0), name="question_version_points_positive"),
            models.CheckConstraint(
                condition=~Q(type=QuestionType.HOTSPOT) | Q(picture__isnull=False),
                name="question_version_hotspot_has_picture",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Immutable("question versions are immutable")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Immutable("question versions are immutable")


class VersionClauseQuerySet(models.QuerySet["VersionClause"]):
    def out_of_force_on(self, day: date) -> Self:
        """Links to clauses that are withdrawn, or whose version of the standard is not in force on `day`.

        A clause stands somewhere below its version in the page tree: its path begins with the version's.
        """
        version = apps.get_model("content", "StandardVersionPage")
        above = version._default_manager.filter(path=Substr(OuterRef("path"), 1, Length("path")))
        out = above.filter(Q(effective_from__gt=day) | Q(effective_to__lt=day))
        clauses: Any = VersionClause._meta.get_field("clause").related_model
        return self.filter(clause__in=clauses.objects.filter(Q(live=False) | Exists(out)).values("pk"))


class VersionClause(models.Model):
    """Which clause of which hazard standard a version tests; written together with the version."""

    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="clause_links")
    clause = models.ForeignKey("content.ClausePage", models.PROTECT, related_name="+")

    objects = VersionClauseQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["version", "clause"], name="version_clause_once")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.clause_id}"
