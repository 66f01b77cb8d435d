"""What this part contributes to home screens and sidebars."""

from django.utils.translation import gettext_lazy as _

from courses.catalogue.assignees import overdue_people
from courses.catalogue.queries import my_courses
from courses.progress.queries import next_step
from courses.requirements.queries import my_year
from courses.requirements.ring import ring_of
from lms.access.panels import Card, NavItem
from lms.access.requests import SanzhenRequest
from lms.access.rules import supervision, workbench
from lms.kit.clock import current_date

NAVIGATION: list[NavItem] = [
    NavItem("workbench", _("课程与学习"), "book", "courses:manage", workbench, 40, group=_("培训")),
    NavItem("supervision", _("课程与学习"), "book", "courses:manage", supervision, 40, group=_("培训")),
]


def learner_cards(request: SanzhenRequest) -> list[Card]:
    """The next step, and the year's hours."""
    today = current_date()
    cards: list[Card] = []
    line = my_courses(request.user.pk, on=today).next_line
    step = next_step(request.user, line) if line else None
    if line and step:
        context = {"line": line, "step": step}
        cards.append(Card("courses/cards/next_step.html", context, position=20, next_step=line.required))
    year = my_year(request.user, on=today)
    cards.append(Card("courses/cards/year.html", {"year": year, "ring": ring_of(year.hours)}, position=60))
    return cards


def workbench_cards(request: SanzhenRequest) -> list[Card]:
    """How many people are overdue, when there are any."""
    count = overdue_people(request.standing.scope, on=current_date())
    return [Card("courses/cards/overdue.html", {"count": count}, position=20)] if count else []
