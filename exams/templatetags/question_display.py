"""Questions for display."""

from decimal import Decimal

from django import template

from exams.bank.display import Shown, shown_version
from exams.bank.models import QuestionVersion

register = template.Library()


@register.filter
def shown(version: QuestionVersion, points: Decimal) -> Shown:
    """A version as pages show it, worth what a paper gives for it; load its picture together with it where many are
    shown."""
    return shown_version(version, points)
