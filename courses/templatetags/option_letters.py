"""Letters of options."""

from django import template

register = template.Library()


@register.filter
def option_letter(index: int) -> str:
    """0 → A."""
    return chr(ord("A") + index)
