"""What people contribute to sidebars and to 待办."""

from django.utils.translation import gettext_lazy as _

from lms.access.panels import Card, NavItem
from lms.access.requests import SanzhenRequest
from lms.access.rules import audit_readers, enterprise_manager, supervision, workbench
from lms.kit.clock import current_date
from lms.people.import_queries import unfinished_imports
from lms.people.models import Employment
from lms.people.queries import managed_enterprises
from lms.people.roster import with_gap

NAVIGATION: list[NavItem] = [
    NavItem("workbench", _("待办"), "home", "workbench", workbench, 0),
    NavItem("workbench", _("花名册"), "people", "roster", workbench, 10, group=_("人员")),
    NavItem("workbench", _("导入人员"), "upload", "import", enterprise_manager, 11, group=_("人员")),
    NavItem("workbench", _("权限"), "settings", "roles", enterprise_manager, 12, group=_("人员")),
    NavItem("supervision", _("花名册"), "people", "supervision_roster", supervision, 40, group=_("名单")),
    NavItem("supervision", _("审计日志"), "shield", "audit", audit_readers, 90, group=_("审计")),
]


def workbench_cards(request: SanzhenRequest) -> list[Card]:
    """What is missing on the roster, and imports that wait."""
    today = current_date()
    enterprises = managed_enterprises(request.user.pk, request.standing, on=today)
    working = Employment.objects.on(today).filter(enterprise__in=enterprises)
    counts = {gap: with_gap(working, gap, on=today).count() for gap in ("no_team", "no_category", "waiting")}
    imports = unfinished_imports(request.user.pk)
    waiting = sum(map(bool, counts.values())) + len(imports)
    if not waiting:
        return []
    return [Card("lms/people/cards/roster.html", {"counts": counts, "imports": imports}, position=40, to_do=waiting)]
