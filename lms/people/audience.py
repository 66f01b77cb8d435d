"""For whom something is meant: a rule over category × industry × enterprise × post × person.

Courses and exams subclass `Audience`. Rules are evaluated when they are asked about, never
copied into lists, so joiners see what is theirs the same day and leavers lose it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import FilteredRelation, Q
from django.utils.translation import gettext_lazy as _

from lms.organisations.models import Enterprise, Industry, Post
from lms.people.models import Employment, EmploymentCategory, PersonnelCategory


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What the rules look at, on one day; `region_paths` and `committee_ids` say whose areas the person is in."""

    person_id: int
    enterprise_ids: frozenset[int]
    post_ids: frozenset[int]
    category_ids: frozenset[int]
    industry_ids: frozenset[int]
    category_codes: frozenset[str] = frozenset()
    industry_codes: frozenset[str] = frozenset()
    high_risk_hours: bool = False
    region_paths: frozenset[str] = frozenset()
    committee_ids: frozenset[int] = frozenset()


def facts_of(person_id: int, *, on: date) -> PersonFacts:
    """The facts of a person on a day; one query with a row for each employment × category × industry."""
    then = Q(category_periods__valid_from__lte=on) & (
        Q(category_periods__valid_until__isnull=True) | Q(category_periods__valid_until__gte=on)
    )
    rows = (
        Employment.objects.on(on)
        .filter(person_id=person_id)
        .annotate(current=FilteredRelation("category_periods", condition=then))
        .order_by()
        .values_list(
            "enterprise_id", "post_id", "enterprise__region__path", "enterprise__sector_committee_id",
            "current__category_id", "current__category__code",
            "enterprise__industries", "enterprise__industries__code", "enterprise__industries__high_risk_hours",
        )
    )  # fmt: skip
    columns = list(zip(*rows, strict=True)) or [()] * 9
    known = [frozenset(value for value in column if value is not None) for column in columns]
    return PersonFacts(
        person_id=person_id,
        enterprise_ids=known[0],
        post_ids=known[1],
        region_paths=known[2],
        committee_ids=known[3],
        category_ids=known[4],
        category_codes=known[5],
        industry_ids=known[6],
        industry_codes=known[7],
        high_risk_hours=True in known[8],
    )


class AudienceQuerySet(models.QuerySet[Any]):
    """Shared by all audience tables."""

    def in_force(self, day: date) -> Self:
        """The rules that apply on `day`."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)

    def matching(self, facts: PersonFacts) -> Self:
        """The rules that mean this person: every dimension is open (NULL) or fits.

        A person without employment matches only rules that name the person.
        """
        if not facts.enterprise_ids:
            return self.filter(person_id=facts.person_id)
        return self.filter(
            Q(person__isnull=True) | Q(person_id=facts.person_id),
            Q(enterprise__isnull=True) | Q(enterprise_id__in=facts.enterprise_ids),
            Q(post__isnull=True) | Q(post_id__in=facts.post_ids),
            Q(category__isnull=True) | Q(category_id__in=facts.category_ids),
            Q(industry__isnull=True) | Q(industry_id__in=facts.industry_ids),
        )


class Audience(models.Model):
    """Abstract rule; NULL in a dimension means 'all'."""

    category = models.ForeignKey(
        PersonnelCategory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("人员类别")
    )
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("行业")
    )
    enterprise = models.ForeignKey(
        Enterprise, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("单位")
    )
    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("岗位"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("人员")
    )
    valid_from = models.DateField(_("自"))
    valid_until = models.DateField(_("至"), null=True, blank=True)

    objects = AudienceQuerySet.as_manager()

    class Meta:
        abstract = True

    def employments(self, *, on: date) -> models.QuerySet[Employment]:
        """The employments meant by this rule on a day (the reverse of `matching`)."""
        found = Employment.objects.on(on)
        if self.person is not None:
            found = found.filter(person=self.person)
        if self.enterprise is not None:
            found = found.filter(enterprise=self.enterprise)
        if self.post is not None:
            found = found.filter(post=self.post)
        if self.category is not None:
            periods = EmploymentCategory.objects.on(on).filter(category=self.category)
            found = found.filter(pk__in=periods.values("employment_id"))
        if self.industry is not None:
            found = found.filter(enterprise__industries=self.industry)
        return found.distinct()
