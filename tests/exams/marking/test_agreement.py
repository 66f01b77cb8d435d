"""What marks come to, and whose turn it is."""

from decimal import Decimal

import pytest

from exams.attempts.agreement import MarkingRule, StagedMark, decided, stage_for

SINGLE, DOUBLE = MarkingRule(), MarkingRule(double=True, tolerance_percent=20)
TEN = Decimal(10)


@pytest.mark.parametrize(
    ("rule", "given", "expected"),
    [
        (SINGLE, {}, None),
        (SINGLE, {1: "7.5"}, "7.5"),
        (DOUBLE, {1: "7.5"}, None),
        (DOUBLE, {1: "6", 2: "7"}, "6.50"),
        (DOUBLE, {1: "6", 2: "8"}, "7.00"),  # two of ten: at the border they agree
        (DOUBLE, {1: "6", 2: "8.01"}, None),
        (DOUBLE, {1: "0.01", 2: "0.02"}, "0.02"),  # half up
        (DOUBLE, {1: "2", 2: "9", 3: "4"}, "4"),
        (MarkingRule(double=True), {1: "6", 2: "6"}, "6.00"),
        (MarkingRule(double=True), {1: "6", 2: "6.01"}, None),
    ],
)
def test_what_marks_come_to(rule, given, expected):
    found = decided({stage: Decimal(value) for stage, value in given.items()}, rule, possible=TEN)
    assert found == (None if expected is None else Decimal(expected))


def marks(*given):
    """`(stage, marker, points)` in the order in which they were given."""
    return [StagedMark(stage, marker, Decimal(points)) for stage, marker, points in given]


@pytest.mark.parametrize(
    ("rule", "before", "marker", "expected"),
    [
        (SINGLE, [], 1, 1),
        (SINGLE, [(1, 1, 5)], 2, 1),  # a colleague's better mark
        (DOUBLE, [], 1, 1),
        (DOUBLE, [(1, 1, 5)], 1, 1),  # the own one, while nobody else marked
        (DOUBLE, [(1, 1, 5)], 2, 2),
        (DOUBLE, [(1, 1, 5), (2, 2, 6)], 1, None),
        (DOUBLE, [(1, 1, 5), (2, 2, 6)], 2, None),
        (DOUBLE, [(1, 1, 5), (2, 2, 6)], 3, None),  # they agree
        (DOUBLE, [(1, 1, 1), (2, 2, 9)], 3, 3),
        (DOUBLE, [(1, 1, 1), (2, 2, 9)], 1, None),
        (DOUBLE, [(1, 1, 1), (2, 2, 9), (3, 3, 5)], 3, 3),
        (DOUBLE, [(1, 1, 1), (2, 2, 9), (3, 3, 5)], 4, None),
        (DOUBLE, [(1, 1, 1), (1, 1, 8), (2, 2, 9)], 3, None),  # the newest of a stage counts
    ],
)
def test_whose_turn_it_is(rule, before, marker, expected):
    assert stage_for(marker, marks(*before), rule, possible=TEN) == expected
