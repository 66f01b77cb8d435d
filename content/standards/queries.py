"""Reads around standards and clauses."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Substr
from wagtail.models import ReferenceIndex

from content.standards.models import ClausePage, StandardPage, StandardSectionPage, StandardVersionPage
from content.standards.versions import STEP
from exams.bank.queries import count_by_clause


def sections_of(version: StandardVersionPage) -> QuerySet[StandardSectionPage]:
    """The published sections of a version with the number of clauses in each as `clause_count`."""
    counts = (
        ClausePage.objects.live()
        .order_by()
        .annotate(section_path=Substr("path", 1, len(version.path) + STEP))
        .filter(section_path=OuterRef("path"))
        .values("section_path")
        .annotate(found=Count("pk"))
        .values("found")
    )
    sections: QuerySet[StandardSectionPage] = StandardSectionPage.objects.child_of(version).live()
    return sections.annotate(clause_count=Coalesce(Subquery(counts), 0)).order_by("path")


def clauses_of(section: StandardSectionPage) -> list[ClausePage]:
    """The published clauses of a section in order."""
    return list(ClausePage.objects.child_of(section).live().order_by("path"))


@dataclass(frozen=True, slots=True)
class StandardLine:
    """A standard with its versions, the newest first."""

    page: StandardPage
    versions: list[StandardVersionPage]


def standard_lines() -> list[StandardLine]:
    """All published standards with their versions."""
    by_standard: dict[str, list[StandardVersionPage]] = defaultdict(list)
    for version in StandardVersionPage.objects.live().order_by("-effective_from"):
        by_standard[version.path[:-STEP]].append(version)
    standards = StandardPage.objects.live().prefetch_related("industries").order_by("path")
    return [StandardLine(page, by_standard[page.path]) for page in standards]


def clauses_for(day: date) -> QuerySet[ClausePage]:
    """The published clauses of the versions in force on `day`."""
    versions = StandardVersionPage.objects.live().filter(effective_from__lte=day)
    current = [version.path for version in versions if version.in_force(day)]
    found: QuerySet[ClausePage] = (
        ClausePage.objects.live().annotate(version_path=Substr("path", 1, 5 * STEP)).filter(version_path__in=current)
    )
    return found


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The clauses before and after, in the same section."""

    before: ClausePage | None
    after: ClausePage | None


def neighbours_of(clause: ClausePage) -> Neighbours:
    """For leafing through a section."""
    section = clause.path[:-STEP]
    same = ClausePage.objects.live().filter(path__startswith=section, depth=clause.depth)
    return Neighbours(
        before=same.filter(path__lt=clause.path).order_by("-path").first(),
        after=same.filter(path__gt=clause.path).order_by("path").first(),
    )


def taught_in(clause: ClausePage) -> list[int]:
    """Keys of the pages whose text shows the clause's card."""
    references = ReferenceIndex.get_references_to(clause).filter(model_path__startswith="body")
    return [int(key) for key in references.values_list("object_id", flat=True).distinct()]


def question_count(clause: ClausePage) -> int:
    """How many published questions test the clause."""
    return count_by_clause([clause.pk]).get(clause.pk, 0)
