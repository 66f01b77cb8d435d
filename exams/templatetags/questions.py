"""Filters for questions and their options."""

from django import template

from exams.bank.wording import letter_of

register = template.Library()


@register.filter
def letter(place: int) -> str:
    """0 → A."""
    return letter_of(place)
