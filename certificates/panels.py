"""What certificates contribute to home screens and sidebars."""

from django.utils.translation import gettext_lazy as _

from certificates.issuing.models import IssuingProblem
from certificates.issuing.queries import certificates_of
from lms.access.panels import Card, NavItem
from lms.access.requests import SanzhenRequest
from lms.access.rules import coverage_readers, supervision, workbench
from lms.kit.clock import current_date
from lms.organisations.models import Enterprise


def open_problems(request: SanzhenRequest) -> int:
    """Certificates that are due and could not be printed."""
    scope = request.standing.scope
    rows = IssuingProblem.objects.all()
    return (rows if scope.everything else rows.filter(enterprise__in=Enterprise.objects.within(scope))).count()


NAVIGATION = [
    NavItem(
        "workbench",
        _("培训证明"),
        "certificate",
        "certificates:manage",
        workbench & coverage_readers,
        60,
        _("记录"),
        open_problems,
    ),
    NavItem(
        "supervision", _("培训证明"), "certificate", "certificates:manage", supervision, 60, _("记录"), open_problems
    ),
]


def learner_cards(request: SanzhenRequest) -> list[Card]:
    """The newest certificates on 今日, if there are any."""
    rows = certificates_of(request.user, on=current_date())[:2]
    return [Card("certificates/cards/newest.html", {"rows": rows}, position=80)] if rows else []
