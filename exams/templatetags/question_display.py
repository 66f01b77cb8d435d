"""Questions for display."""

from django import template

from exams.bank.display import Shown, shown_version
from exams.bank.models import QuestionVersion

register = template.Library()


@register.filter
def shown(version: QuestionVersion) -> Shown:
    """A version as pages show it; load its picture together with it where many are shown."""
    return shown_version(version)
