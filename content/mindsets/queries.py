"""Reads around mindsets and violations."""

from django.db.models import QuerySet

from content.mindsets.models import MindsetPage, ViolationPage


def mindsets() -> QuerySet[MindsetPage]:
    """The published mindsets in their order."""
    found: QuerySet[MindsetPage] = MindsetPage.objects.live().order_by("path")
    return found


def violations() -> QuerySet[ViolationPage]:
    """The published violations in their order."""
    found: QuerySet[ViolationPage] = ViolationPage.objects.live().order_by("path")
    return found
