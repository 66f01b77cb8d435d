"""Hand-made tables of points."""

from decimal import Decimal

import pytest

from exams.attempts.grading import Item, Score, points_for, total

KEY = {"single": {"o2"}, "multiple": {"o1", "o3", "o4"}, "true_false": {"true"}}

TABLE = [
    # type, response, rule, points of 3
    ("single", [], "all_or_nothing", "0"),
    ("single", ["o2"], "all_or_nothing", "3"),
    ("single", ["o1"], "all_or_nothing", "0"),
    ("single", ["o1", "o2"], "all_or_nothing", "0"),
    ("single", ["o2"], "half", "3"),
    ("single", ["o1", "o2"], "half", "0"),
    ("single", ["nonsense"], "half", "0"),
    ("true_false", ["true"], "all_or_nothing", "3"),
    ("true_false", ["false"], "all_or_nothing", "0"),
    ("true_false", ["true", "false"], "half", "0"),
    ("true_false", [], "half", "0"),
    ("multiple", [], "all_or_nothing", "0"),
    ("multiple", ["o1", "o3", "o4"], "all_or_nothing", "3"),
    ("multiple", ["o4", "o1", "o3"], "all_or_nothing", "3"),
    ("multiple", ["o1", "o3"], "all_or_nothing", "0"),
    ("multiple", ["o1", "o2", "o3", "o4"], "all_or_nothing", "0"),
    ("multiple", [], "half", "0"),
    ("multiple", ["o1"], "half", "1.50"),
    ("multiple", ["o1", "o3"], "half", "1.50"),
    ("multiple", ["o1", "o3", "o4"], "half", "3"),
    ("multiple", ["o1", "o2"], "half", "0"),
    ("multiple", ["o2"], "half", "0"),
    ("multiple", ["o1", "o2", "o3", "o4"], "half", "0"),
    ("multiple", ["o1", "nonsense"], "half", "0"),
]


@pytest.mark.parametrize(("kind", "response", "rule", "expected"), TABLE)
def test_points_of_one_response(kind, response, rule, expected):
    item = Item(1, kind, frozenset(KEY[kind]), Decimal(3))
    assert points_for(item, response, multiple_rule=rule) == Decimal(expected)


def test_half_of_an_odd_hundredth_rounds_half_up():
    item = Item(1, "multiple", frozenset({"o1", "o2"}), Decimal("0.25"))
    assert points_for(item, ["o1"], multiple_rule="half") == Decimal("0.13")


@pytest.mark.parametrize(
    ("kind", "key", "rule"), [("essay", {"o1"}, "half"), ("single", {"o1"}, "per_option"), ("single", set(), "half")]
)
def test_what_cannot_be_graded_is_refused(kind, key, rule):
    with pytest.raises(ValueError, match=r"type|rule|key"):
        points_for(Item(1, kind, frozenset(key), Decimal(1)), [], multiple_rule=rule)


@pytest.mark.parametrize(
    ("earned", "possible", "percent", "passes_80"),
    [
        ("80", "100", "80.00", True),
        ("79.99", "100", "79.99", False),
        ("40", "50", "80.00", True),
        ("239.99", "300", "79.99", False),  # 79.9966…: rounding must not lift it over the mark
        ("2", "3", "66.66", False),
        ("0", "100", "0.00", False),
        ("100", "100", "100.00", True),
        ("0", "0", "0.00", False),
    ],
)
def test_score_against_the_pass_mark(earned, possible, percent, passes_80):
    score = Score(Decimal(earned), Decimal(possible))
    assert (score.percent, score.reaches(Decimal(80))) == (Decimal(percent), passes_80)


def test_total_adds_exactly():
    items = [Item(n, "single", frozenset({"o1"}), Decimal("0.10")) for n in range(1, 11)]
    assert total(items, [Decimal("0.10")] * 3) == Score(Decimal("0.30"), Decimal("1.00"))
