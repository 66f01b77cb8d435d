"""Filters of the exam office's pages and printed papers."""

from collections.abc import Mapping
from typing import Any

from django import template

from exams.bank.models import QuestionType
from exams.papers.live_queries import Stock
from exams.papers.printing import circled

register = template.Library()
register.filter("circled", circled)


@register.filter
def entry(table: Mapping[Any, Any], key: Any) -> Any:
    """A value of a mapping, "" where there is none."""
    return table.get(key, "")


@register.filter
def is_none(value: Any) -> bool:
    """Whether there is no value."""
    return value is None


@register.filter
def add_number(value: float, more: float) -> float:
    """A place in a drawing, moved; without superfluous digits."""
    return round(float(value) + float(more), 1) if isinstance(value, float) else value + int(more)


@register.simple_tag
def in_stock(stock: Stock, kind: str | None, topic: Any) -> int:
    """How many questions of a type a topic has in stock."""
    return stock.of(kind or QuestionType.SINGLE, [int(str(topic))])
