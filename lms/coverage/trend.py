"""The line of the last twelve months."""

from django.utils.translation import gettext as _

from lms.coverage.board import Ask
from lms.coverage.chart import TrendChart, trend_chart
from lms.coverage.counting import Cut, tallies
from lms.coverage.monthends import month_ends
from lms.coverage.tally import goal_for

MONTHS = 12


def read_trend(ask: Ask) -> TrendChart:
    """Coverage at the month ends since the requirement began, at most twelve, and on the day; one statement."""
    began = ask.definition.yardstick.counts_from
    days = [day for day in month_ends(ask.day, MONTHS) if day >= began]
    cuts = [Cut(day.isoformat(), ask.definition.yardstick, day, ask.cell) for day in days]
    found = tallies(cuts, scope=ask.scope)
    months = [
        (_("%(month)d 月") % {"month": day.month} if day != ask.day else f"{day:%m-%d}", found[day.isoformat()])
        for day in days
    ]
    return trend_chart(months, goal_for(list(ask.definition.goals), ask.day))
