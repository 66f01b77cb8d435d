"""Reads around morning-meeting cards."""

from collections.abc import Iterable

from django.db.models import QuerySet
from wagtail.models import Page

from content.library.prose import lines
from content.meetings.models import CardPage


def cards(*, clause: Page | None = None, mindset: Page | None = None) -> QuerySet[CardPage]:
    """The published cards, of a clause or a mindset if one is given."""
    found: QuerySet[CardPage] = CardPage.objects.live().order_by("path")
    if clause is not None:
        found = found.filter(clause_id=clause.pk)
    if mindset is not None:
        found = found.filter(mindset_id=mindset.pk)
    return found


def trades_of(found: Iterable[CardPage]) -> list[str]:
    """The trades that the cards are for, in order of appearance."""
    return list(dict.fromkeys(trade for card in found for trade in lines(card.trades)))
