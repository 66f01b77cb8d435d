"""Shares, heat classes and targets."""

from datetime import date
from decimal import Decimal

import pytest

from lms.coverage.monthends import month_ends
from lms.coverage.tally import Goal, Tally, goal_for, persons_short, standing

BEGAN = date(2023, 12, 31)
GOALS = [Goal(Decimal(60), date(2024, 12, 31)), Goal(Decimal(100), date(2025, 12, 31))]


def test_a_share_is_rounded_down_so_that_100_means_everybody():
    assert Tally(1000, 999).percent == Decimal("99.9")
    assert Tally(10_000, 9_999).percent == Decimal("99.9")
    assert Tally(10_000, 9_999).whole == 99
    assert Tally(3, 3).percent == Decimal("100.0")


def test_nobody_has_no_share():
    assert Tally().percent is None
    assert Tally().whole is None
    assert Tally().heat == 0


@pytest.mark.parametrize(
    ("covered", "heat"),
    [(0, 1), (599, 1), (600, 2), (749, 2), (750, 3), (849, 3), (850, 4), (949, 4), (950, 5), (999, 5)],
)
def test_heat_classes_begin_at_their_bound(covered, heat):
    assert Tally(1000, covered).heat == heat


def test_only_everybody_is_the_best_class():
    assert Tally(1000, 1000).heat == 6


def test_the_target_that_matters_is_the_next_one_due():
    assert goal_for(GOALS, date(2024, 6, 1)) == GOALS[0]
    assert goal_for(GOALS, date(2024, 12, 31)) == GOALS[0]
    assert goal_for(GOALS, date(2025, 1, 1)) == GOALS[1]
    assert goal_for(GOALS, date(2026, 5, 1)) == GOALS[1]
    assert goal_for([], date(2026, 5, 1)) is None


def test_persons_short_are_whole_persons():
    # 60 % of 101 persons are 60.6: the 61st person reaches it
    assert persons_short(Tally(101, 60), Decimal(60)) == 1
    assert persons_short(Tally(101, 61), Decimal(60)) == 0


def test_standing_runs_from_on_schedule_to_behind_to_overdue():
    # 2024 has 366 days: on 2024-07-01 183 days have passed, half of the way to 60 %, so 30 % are on schedule
    def state(covered, day):
        found = standing(Tally(100, covered), GOALS, day=day, began_on=BEGAN)
        return found.state, found.short

    assert state(30, date(2024, 7, 1)) == ("part", 30)
    assert state(29, date(2024, 7, 1)) == ("warn", 31)
    assert state(60, date(2024, 7, 1)) == ("ok", 0)
    assert state(59, date(2024, 12, 31)) == ("bad", 1)
    # the second year starts from 60 %: after 73 of 365 days 68 % are on schedule
    assert state(68, date(2025, 3, 14)) == ("part", 32)
    assert state(67, date(2025, 3, 14)) == ("warn", 33)


def test_nobody_or_no_target_stands_nowhere():
    assert standing(Tally(), GOALS, day=date(2024, 7, 1), began_on=BEGAN).state == "off"
    assert standing(Tally(5, 1), [], day=date(2024, 7, 1), began_on=BEGAN).state == "off"


def test_a_trend_ends_on_its_day_and_has_month_ends_before():
    assert month_ends(date(2024, 3, 15), 4) == [
        date(2023, 12, 31),
        date(2024, 1, 31),
        date(2024, 2, 29),
        date(2024, 3, 15),
    ]
    assert month_ends(date(2026, 11, 30), 1) == [date(2026, 11, 30)]
