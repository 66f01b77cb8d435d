"""What this part contributes to home screens and sidebars."""

from django.utils.translation import gettext_lazy as _

from courses.catalogue.assignees import overdue_people
from courses.progress.queries import next_step
from courses.requirements.queries import my_year
from courses.requirements.ring import ring_of
from lms.access.panels import Card, NavItem
from lms.access.requests import SanzhenRequest
from lms.access.rules import supervision, workbench
from lms.kit.clock import current_date
from lms.people.audience import facts_of

NAVIGATION: list[NavItem] = [
    NavItem("workbench", _("课程与学习"), "book", "courses:manage", workbench, 40, group=_("培训")),
    NavItem("supervision", _("课程与学习"), "book", "courses:manage", supervision, 40, group=_("培训")),
]


def learner_cards(request: SanzhenRequest) -> list[Card]:
    """The next step, and the year's hours; four queries."""
    today = current_date()
    facts = facts_of(request.user.pk, on=today)
    step, year = next_step(facts, on=today), my_year(request.user, on=today, facts=facts)
    cards = [Card("courses/cards/year.html", {"year": year, "ring": ring_of(year.hours)}, position=60)]
    if step:
        context = {"line": step.line, "step": step}
        cards.append(Card("courses/cards/next_step.html", context, position=20, next_step=step.line.required))
    return cards


def workbench_cards(request: SanzhenRequest) -> list[Card]:
    """How many people are overdue, when there are any."""
    count = overdue_people(request.standing.scope, on=current_date())
    return [Card("courses/cards/overdue.html", {"count": count}, position=20, to_do=1)] if count else []
