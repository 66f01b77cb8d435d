"""One number of law or custom."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RuleValueQuerySet(models.QuerySet["RuleValue"]):
    def in_force(self, day: date) -> Self:
        """The values that applied on `day`."""
        return self.filter(Q(effective_to__isnull=True) | Q(effective_to__gte=day), effective_from__lte=day)


class RuleValue(models.Model):
    """`code` such as exam.pass_percent, its value, where it is written and when it applies."""

    code = models.CharField(_("代码"), max_length=60)
    name = models.CharField(_("名称"), max_length=120)
    value = models.DecimalField(_("数值"), max_digits=9, decimal_places=2)
    unit = models.CharField(_("单位"), max_length=20)
    source = models.CharField(_("依据"), max_length=200)
    effective_from = models.DateField(_("施行日期"))
    effective_to = models.DateField(_("废止日期"), null=True, blank=True)

    objects = RuleValueQuerySet.as_manager()

    class Meta:
        ordering = ["code", "effective_from"]
        constraints = [models.UniqueConstraint(fields=["code", "effective_from"], name="rule_value_once")]

    def __str__(self) -> str:
        return f"{self.code} = {self.value}"
