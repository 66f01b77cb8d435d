"""Filters for questions and their options."""

from collections.abc import Iterable
from decimal import Decimal

from django import template

from exams.bank.wording import letter_of
from exams.papers.models import BlueprintSection

register = template.Library()


@register.filter
def letter(place: int) -> str:
    """0 → A."""
    return letter_of(place)


@register.filter
def question_count(sections: Iterable[BlueprintSection]) -> int:
    """Questions in one paper of a blueprint."""
    return sum(section.count for section in sections)


@register.filter
def worth(section: BlueprintSection) -> Decimal:
    """Points of a section."""
    return section.count * section.points
