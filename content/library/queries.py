"""What the front page shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from wagtail.models import Page

from content.library.models import HomePage, LibraryPage

# Which page types a section counts, by model name.
COUNTED: Mapping[str, tuple[str, ...]] = {
    "standardindexpage": ("clausepage",),
    "mindsetindexpage": ("mindsetpage", "violationpage"),
    "cardindexpage": ("cardpage",),
    "caseindexpage": ("casepage", "practicepage"),
    "courseindexpage": ("coursepage",),
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A section of the library with the number of items in it."""

    page: LibraryPage
    kind: str
    items: int


def library_address(request: Any) -> str:
    """Where the library begins; the site's front page before anything is loaded."""
    home = HomePage.objects.live().first()
    return (home.get_url(request) if home else None) or "/"


def shelves_of(home: HomePage) -> list[Shelf]:
    """The published sections in their order, with what they hold."""
    counts = dict(
        Page.objects.live()
        .filter(content_type__app_label="content")
        .order_by()
        .values_list("content_type__model")
        .annotate(Count("pk"))
    )
    pages = home.get_children().live().public().specific()
    return [
        Shelf(page, kind := page._meta.model_name or "", sum(counts.get(name, 0) for name in COUNTED.get(kind, ())))
        for page in pages
    ]
