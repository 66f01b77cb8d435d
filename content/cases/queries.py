"""Reads around cases and practices."""

from django.db.models import QuerySet
from wagtail.models import Page

from content.cases.models import CasePage, PracticePage


def cases_for(clause: Page | None = None) -> QuerySet[CasePage]:
    """The published cases, the newest first, of a clause if one is given."""
    found: QuerySet[CasePage] = CasePage.objects.live().order_by("-happened_on")
    return found if clause is None else found.filter(clauses=clause.pk)


def practices() -> QuerySet[PracticePage]:
    """The published practices."""
    found: QuerySet[PracticePage] = PracticePage.objects.live().order_by("path")
    return found
