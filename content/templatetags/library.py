"""Template tags of the library: text of authors, and the reads of each page."""

from typing import Any

from django import template
from wagtail.models import Page

from content.cases.queries import cases_for, practices
from content.lessons.models import CoursePage
from content.lessons.queries import courses, lesson_lines, lessons_of
from content.library.models import HomePage
from content.library.prose import inline, lines, prose
from content.library.queries import shelves_of
from content.meetings.queries import cards, trades_of
from content.mindsets.queries import mindsets, violations
from content.standards.models import ClausePage, StandardSectionPage, StandardVersionPage
from content.standards.queries import (
    clauses_of,
    neighbours_of,
    question_count,
    sections_of,
    standard_lines,
    taught_in,
)
from lms.access.rules import meeting_leaders

register = template.Library()
register.filter("lines", lines)
register.filter("prose", prose)
register.filter("inline", inline)


@register.simple_tag
def parent_of(page: Page) -> Page | None:
    """The page above, None for the front page."""
    return None if page.depth <= 2 else page.get_parent()


@register.simple_tag
def shelves(home: HomePage) -> list[Any]:
    """Sections of the front page."""
    return shelves_of(home)


@register.simple_tag
def standards() -> list[Any]:
    """Standards with their versions."""
    return standard_lines()


@register.simple_tag
def sections(version: StandardVersionPage) -> list[StandardSectionPage]:
    """Sections of a version."""
    return list(sections_of(version))


@register.simple_tag
def clauses(section: StandardSectionPage) -> list[ClausePage]:
    """Clauses of a section."""
    return clauses_of(section)


@register.simple_tag
def clause_uses(clause: ClausePage) -> dict[str, Any]:
    """Where a clause is shown, taught and tested; nowhere yet while it is only previewed."""
    if clause.pk is None:
        return {"questions": 0}
    return {
        "cases": list(cases_for(clause)),
        "cards": list(cards(clause=clause)),
        "lessons": lesson_lines(taught_in(clause)),
        "questions": question_count(clause),
        "neighbours": neighbours_of(clause),
    }


@register.simple_tag
def mindset_pages() -> dict[str, Any]:
    """The four mindsets and the three violations."""
    return {"mindsets": list(mindsets()), "violations": list(violations())}


@register.simple_tag
def mindset_cards(mindset: Page) -> list[Any]:
    """Cards about a mindset."""
    return list(cards(mindset=mindset)) if mindset.pk else []


@register.simple_tag(takes_context=True)
def card_list(context: dict[str, Any]) -> dict[str, Any]:
    """All cards or those of a trade (`?trade=`), with the trades to choose from."""
    trade = context["request"].GET.get("trade", "")
    everything = list(cards())
    shown = [card for card in everything if not trade or trade in lines(card.trades)]
    return {"cards": shown, "trades": trades_of(everything), "trade": trade, "total": len(everything)}


@register.simple_tag
def case_list() -> dict[str, Any]:
    """Cases, the newest first, and practices."""
    return {"cases": list(cases_for()), "practices": list(practices())}


@register.simple_tag
def course_list() -> list[CoursePage]:
    """Courses with the number of their lessons."""
    return list(courses())


@register.simple_tag
def course_lessons(course: CoursePage) -> list[Any]:
    """Lessons of a course."""
    return lessons_of(course)


@register.simple_tag(takes_context=True)
def leads_meetings(context: dict[str, Any]) -> bool:
    """Whether the reader may see the key of a card: those who read cards aloud, and authors."""
    request = context["request"]
    return bool(getattr(request, "is_preview", False)) or meeting_leaders(request)


@register.filter
def letter(position: int) -> str:
    """1 → A."""
    return chr(64 + position)
