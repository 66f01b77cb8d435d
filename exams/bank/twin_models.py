"""Pairs of questions that say nearly the same."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.bank.models import Question, QuestionStatus


class TwinDecision(models.TextChoices):
    OPEN = "open", _("待判断")
    SAME = "same", _("同一题，停用一道")
    ENEMIES = "enemies", _("相近，放进一个互斥组")
    DIFFERENT = "different", _("不是一回事")


class TwinPairQuerySet(models.QuerySet["TwinPair"]):
    def waiting(self) -> Self:
        """To be decided: both questions still in use, not already kept apart by one enemy group."""
        apart = Q(first__enemy_group=F("second__enemy_group")) & ~Q(first__enemy_group="")
        return (
            self.filter(decision=TwinDecision.OPEN)
            .exclude(first__status=QuestionStatus.RETIRED)
            .exclude(second__status=QuestionStatus.RETIRED)
            .exclude(apart)
        )


class TwinPair(models.Model):
    """Two questions that a scan found alike (likeness 0–1), and what a reviewer made of it."""

    first = models.ForeignKey(Question, models.CASCADE, related_name="+")
    second = models.ForeignKey(Question, models.CASCADE, related_name="+")
    likeness = models.DecimalField(_("相似度"), max_digits=4, decimal_places=3)
    decision = models.CharField(_("判断"), max_length=10, choices=TwinDecision, default=TwinDecision.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField()

    objects = TwinPairQuerySet.as_manager()

    class Meta:
        ordering = ["-likeness", "pk"]
        indexes = [models.Index(fields=["decision", "-likeness", "id"], name="twin_pair_to_decide")]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="twin_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="twin_pair_in_order"),
            models.CheckConstraint(condition=Q(likeness__gte=0, likeness__lte=1), name="twin_pair_likeness_0_to_1"),
            models.CheckConstraint(
                condition=Q(decision=TwinDecision.OPEN) | Q(decided_at__isnull=False), name="twin_pair_decided_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}≈{self.second_id} {self.likeness}"
