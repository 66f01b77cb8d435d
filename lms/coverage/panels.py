"""What coverage contributes: 总览 and 名单 in supervision, 覆盖率 in the workbench, the 三真 strip on 待办."""

from django.utils.translation import gettext_lazy as _

from lms.access.panels import Card, NavItem
from lms.access.requests import SanzhenRequest
from lms.access.rules import supervision, workbench
from lms.coverage.board import people_address
from lms.coverage.counting import Cut, tallies
from lms.coverage.pages import workplace
from lms.coverage.queries import staff_measures
from lms.kit.clock import current_date

NAVIGATION: list[NavItem] = [
    NavItem("supervision", _("总览"), "chart", "coverage:overview", supervision, position=10),
    NavItem("supervision", _("应训名单"), "people", "coverage:people", supervision, position=20),
    NavItem("workbench", _("覆盖率"), "chart", "coverage:own", workbench, position=80, group=_("记录")),
]


def workbench_cards(request: SanzhenRequest) -> list[Card]:
    """真训, 真考, 真会 of the people in one's own enterprise or team; one statement."""
    scope = workplace(request.standing.scope)
    if not (scope.enterprise_ids or scope.team_ids):
        return []
    today = current_date()
    measures = staff_measures(on=today)
    found = tallies([Cut(row.code, row.yardstick, today) for row in measures], scope=scope)
    numbers = [
        {
            "name": row.name,
            "meaning": row.yardstick.rules[0].label,
            "tally": found[row.code],
            "address": people_address(row.code, today),
            "among": bool(row.yardstick.among),
        }
        for row in measures
    ]
    return [Card("lms/coverage/cards/strip.html", {"numbers": numbers, "year": today.year}, position=50)]
