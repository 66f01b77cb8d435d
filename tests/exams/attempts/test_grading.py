"""Scores; the points of one response are in tests/exams/bank/test_grading.py."""

from decimal import Decimal

import pytest

from exams.attempts.grading import Item, Score, total


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
    items = [Item(n, "single", ["o1"], Decimal("0.10")) for n in range(1, 11)]
    assert total(items, [Decimal("0.10")] * 3) == Score(Decimal("0.30"), Decimal("1.00"))
