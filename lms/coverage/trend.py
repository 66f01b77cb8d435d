"""The line of the last twelve months."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language

from lms.coverage.board import Ask
from lms.coverage.chart import TrendChart, trend_chart
from lms.coverage.counting import Cut, tallies
from lms.coverage.monthends import month_ends
from lms.coverage.tally import goal_for

MONTHS = 12


def month_name(day: date) -> str:
    """`11 月` or `Nov`, short enough for an axis."""
    return date_format(day, "M") if get_language() == "en" else f"{day.month} 月"


def read_trend(ask: Ask, *, width: int = 990, height: int = 210) -> list[TrendChart]:
    """Coverage at the month ends since the requirement began, at most twelve, and on the day; one statement.

    Twice, for a wide and for a narrow screen; empty when nobody was concerned in all that time.
    """
    began = ask.definition.yardstick.counts_from
    days = [day for day in month_ends(ask.day, MONTHS) if day >= began]
    cuts = [Cut(day.isoformat(), ask.definition.yardstick, day, ask.cell) for day in days]
    found = tallies(cuts, scope=ask.scope)
    months = [(month_name(day) if day != ask.day else f"{day:%m-%d}", found[day.isoformat()]) for day in days]
    if not any(tally.eligible for _label, tally in months):
        return []
    goal = goal_for(list(ask.definition.goals), ask.day)
    return [
        trend_chart(months, goal, width=width, height=height, labels=12 if width > 700 else 6),
        trend_chart(months, goal, width=300, height=180, labels=4),
    ]
