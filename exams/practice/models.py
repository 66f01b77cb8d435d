"""What somebody practises: rounds of questions, the answers to them, and what is remembered of each question."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exams.bank.models import Question, QuestionVersion, Topic
from exams.practice.memory import Memory

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Mode(models.TextChoices):
    TOPIC = "topic", _("按知识点")
    CLAUSE = "clause", _("按判定条目")
    BOOK = "book", _("错题本")
    DAILY = "daily", _("每日练习")


class PracticeRound(models.Model):
    """A handful of questions chosen for one person, in order. `questions`: their ids; places count from 1."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="practice_rounds")
    mode = models.CharField(_("练习方式"), max_length=8, choices=Mode)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="+", verbose_name=_("知识点"))
    clause = models.ForeignKey(
        "content.ClausePage", models.PROTECT, null=True, related_name="+", verbose_name=_("判定标准条目")
    )
    questions = models.JSONField()
    started_at = models.DateTimeField(_("开始时间"))

    if TYPE_CHECKING:
        answers: RelatedManager["PracticeAnswer"]

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["person", "mode", "-started_at"], name="practice_round_of_person")]
        constraints = [
            models.CheckConstraint(condition=Q(mode=Mode.TOPIC) ^ Q(topic__isnull=True), name="round_has_topic"),
            models.CheckConstraint(condition=Q(mode=Mode.CLAUSE) ^ Q(clause__isnull=True), name="round_has_clause"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.mode} {self.pk}"


class MemoryCard(models.Model):
    """What one person remembers of one question (see `exams.practice.memory`); made by the first answer."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memory_cards")
    question = models.ForeignKey(Question, models.PROTECT, related_name="memory_cards")
    stability = models.FloatField()
    difficulty = models.FloatField()
    reviewed_at = models.DateTimeField(_("最近一次作答"))
    due_at = models.DateTimeField(_("该复习的时间"))

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["person", "due_at"], name="memory_card_due")]
        constraints = [
            models.UniqueConstraint(fields=["person", "question"], name="memory_card_once"),
            models.CheckConstraint(condition=Q(stability__gt=0), name="memory_card_stable"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.question_id}"

    @property
    def memory(self) -> Memory:
        """As the calculation takes it."""
        return Memory(self.stability, self.difficulty, self.reviewed_at, self.due_at)


class PracticeAnswer(models.Model):
    """One answer in practice, never changed. `right`: full marks."""

    round = models.ForeignKey(PracticeRound, models.PROTECT, related_name="answers")
    place = models.PositiveSmallIntegerField()
    card = models.ForeignKey(MemoryCard, models.PROTECT, related_name="answers")
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="+")
    response = models.JSONField(default=list)
    points = models.DecimalField(_("得分"), max_digits=6, decimal_places=2)
    right = models.BooleanField(_("答对"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ["round_id", "place"]
        indexes = [models.Index(fields=["card", "right", "-at"], name="practice_answer_of_card")]
        constraints = [
            models.UniqueConstraint(fields=["round", "place"], name="practice_answer_once"),
            models.CheckConstraint(condition=Q(place__gte=1), name="practice_place_from_1"),
            models.CheckConstraint(condition=Q(points__gte=0), name="practice_points_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}:{self.place}"
