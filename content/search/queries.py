"""Searching the library."""

from dataclasses import dataclass
from typing import Any

from wagtail.models import Page

from content.cases.models import CasePage, PracticePage
from content.lessons.models import CoursePage, LessonPage
from content.library.models import CodedPage, LibraryPage
from content.meetings.models import CardPage
from content.mindsets.models import MindsetPage, ViolationPage
from content.search.snippets import Piece, snippet
from content.standards.models import ClausePage, StandardPage, StandardSectionPage, StandardVersionPage
from lms.kit.bigrams import query_words

KINDS: dict[str, tuple[type[CodedPage], ...]] = {
    "clause": (ClausePage, StandardSectionPage, StandardVersionPage, StandardPage),
    "card": (CardPage,),
    "case": (CasePage,),
    "practice": (PracticePage,),
    "mindset": (MindsetPage, ViolationPage),
    "course": (CoursePage,),
    "lesson": (LessonPage,),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A page found, with the passage that answers."""

    page: LibraryPage
    address: str
    kind: str
    title: list[Piece]
    passage: list[Piece]


def found_pages(text: str, *, kind: str = "", members: bool) -> Any:
    """Published pages with all words of `text`, best first; lessons only for `members` (people signed in)."""
    kinds = [kind] if kind in KINDS else list(KINDS)
    types = [model for name in kinds if name != "lesson" or members for model in KINDS[name]]
    pages = Page.objects.live().public()
    if not query_words(text) or not types:
        return []
    return pages.type(*types).search(text)


def hits_of(pages: list[Page], text: str, request: Any) -> list[Hit]:
    """The pages with their passages; `pages` are bare rows, read here by type in one query each."""
    by_key = {page.pk: page for page in Page.objects.filter(pk__in=[page.pk for page in pages]).specific()}
    ordered = [by_key[page.pk] for page in pages if page.pk in by_key]
    return [
        Hit(
            page=page,
            address=page.get_url(request) or "",
            kind=page.get_verbose_name(),
            title=snippet(page.shown_title, text, width=90),
            passage=snippet(page.readable_text(), text),
        )
        for page in ordered
    ]
