"""Hand-worked tables of points for every type."""

from dataclasses import replace
from decimal import Decimal

import pytest

from exams.bank.bodies import (
    Case,
    Choice,
    FillIn,
    Hotspot,
    Matching,
    Ordering,
    Part,
    Region,
    RubricPoint,
    ShortAnswer,
    Truth,
    options_from,
    stored,
)
from exams.bank.grading import Verdict, part_points, verdict

ABCD = options_from(["甲", "乙", "丙", "丁"])


def earned(type_, body, response, *, points=3, rule="all_or_nothing"):
    found = verdict(type_, stored(body)[1], response, points=Decimal(points), multiple_rule=rule)
    assert found.open == 0
    return found.earned


@pytest.mark.parametrize(
    ("response", "expected"),
    [([], "0"), (["o2"], "3"), (["o1"], "0"), (["o1", "o2"], "0"), (["nonsense"], "0")],
)
@pytest.mark.parametrize("rule", ["all_or_nothing", "half", "per_option"])
def test_single_choice(response, expected, rule):
    assert earned("single", Choice(ABCD, ("o2",)), response, rule=rule) == Decimal(expected)


@pytest.mark.parametrize(
    ("response", "expected"), [([], "0"), (["true"], "3"), (["false"], "0"), (["true", "false"], "0")]
)
def test_true_false(response, expected):
    assert earned("true_false", Truth("true"), response, rule="half") == Decimal(expected)


@pytest.mark.parametrize(
    # right options: o1, o3, o4
    ("response", "all_or_nothing", "half", "per_option"),
    [
        ([], "0", "0", "0"),
        (["o1", "o3", "o4"], "3", "3", "3"),
        (["o4", "o1", "o3"], "3", "3", "3"),
        (["o1"], "0", "1.50", "1"),
        (["o1", "o3"], "0", "1.50", "2"),
        (["o1", "o2"], "0", "0", "0"),
        (["o2"], "0", "0", "0"),
        (["o1", "o3", "o2"], "0", "0", "1"),
        (["o1", "o2", "o3", "o4"], "0", "0", "2"),
        (["o1", "nonsense"], "0", "0", "0"),
    ],
)
def test_multiple_choice_by_each_rule(response, all_or_nothing, half, per_option):
    body = Choice(ABCD, ("o1", "o3", "o4"))
    for rule, expected in [("all_or_nothing", all_or_nothing), ("half", half), ("per_option", per_option)]:
        assert earned("multiple", body, response, rule=rule) == Decimal(expected), rule


def test_half_of_an_odd_hundredth_rounds_half_up():
    assert earned("multiple", Choice(ABCD, ("o1", "o2")), ["o1"], points="0.25", rule="half") == Decimal("0.13")


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ([], "0"),
        (["", "", ""], "0"),
        (["先通风", "检测", "20.9"], "3"),
        (["通风", "检测", "20.9"], "3"),
        (["　先 通风", "检测", "２０．９"], "3"),  # full width, spaces
        (["先通风", "", "20.9"], "2"),
        (["检测", "先通风", "20.9"], "1"),  # each in its own blank
        (["先通风", "检测", "19.5"], "3"),
        (["先通风", "检测", "23.50"], "3"),
        (["先通风", "检测", "19.49"], "2"),
        (["先通风", "检测", "二十"], "2"),
        (["先通风", "检测", "20.9", "多余"], "3"),
    ],
)
def test_fill_in(response, expected):
    body = FillIn((("先通风", "通风"), ("检测",), ("19.5..23.5",)))
    assert earned("fill_in", body, response) == Decimal(expected)


@pytest.mark.parametrize(
    ("form", "text", "taken"),
    [
        ("PVC", "pvc", True),
        ("H₂S", "H2S", True),
        ("20", "20.0", True),
        ("20±0.5", "20.5", True),
        ("20±0.5", "20.51", False),
        ("-5..5", "-5", True),
        ("20±0.5", "20±0.5", True),
        ("1,000", "1000", True),
        ("高处", "高空", False),
        ("0", "", False),
    ],
)
def test_accepted_forms_of_a_blank(form, text, taken):
    assert earned("fill_in", FillIn(((form,),)), [text], points=1) == Decimal(taken)


def test_thirds_of_a_blank_round_once():
    body = FillIn((("甲",), ("乙",), ("丙",)))
    assert [earned("fill_in", body, answer, points=2) for answer in (["甲"], ["甲", "乙"], ["甲", "乙", "丙"])] == [
        Decimal("0.67"), Decimal("1.33"), Decimal("2.00"),
    ]  # fmt: skip


def test_ordering_counts_as_a_whole():
    body = Ordering(("先通风", "再检测", "后作业"))
    right = stored(body)[1]
    assert earned("ordering", body, right) == 3
    assert earned("ordering", body, [right[1], right[0], right[2]]) == 0
    assert earned("ordering", body, right[:2]) == 0
    assert earned("ordering", body, []) == 0


def test_ids_of_steps_and_targets_do_not_tell_the_key():
    steps = ("先通风", "再检测", "后作业")
    assert stored(Ordering(steps))[0] == stored(Ordering(steps[::-1]))[0]
    one, other = Matching((("红", "禁止"), ("黄", "警告"))), Matching((("红", "警告"), ("黄", "禁止")))
    assert stored(one)[0] == stored(other)[0]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"o1": "禁止", "o2": "警告", "o3": "指令"}, "3"),
        ({"o1": "禁止"}, "1"),
        ({"o1": "警告", "o2": "禁止", "o3": "指令"}, "1"),
        ({"o1": "提示"}, "0"),
        ({}, "0"),
    ],
)
def test_matching_counts_each_prompt(names, expected):
    body = Matching((("红", "禁止"), ("黄", "警告"), ("蓝", "指令")), lures=("提示",))
    ids = {row["text"]: row["id"] for row in stored(body)[0] if row.get("target")}
    assert earned("matching", body, [f"{prompt}:{ids[text]}" for prompt, text in names.items()]) == Decimal(expected)


def test_a_prompt_answered_twice_is_not_answered():
    body = Matching((("红", "禁止"), ("黄", "警告")))
    right = stored(body)[1]
    wrong = f"o1:{({'t1', 't2'} - {right[0][3:]}).pop()}"
    assert earned("matching", body, [right[0], wrong, right[1]], points=2) == 1


SCENE = Hotspot(
    regions=(
        Region("rect", (1000, 1000, 2000, 2000), "护栏缺失"),
        Region("ellipse", (5000, 5000, 7000, 6000), "未戴安全帽"),
        Region("polygon", (8000, 1000, 9000, 1000, 9000, 3000), "电线裸露"),
    ),
    tolerance=100,
    penalty=Decimal("0.5"),
)


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ([], "0"),
        (["1500,1500", "6000,5500", "8900,1500"], "6"),
        (["1500,1500"], "2"),
        (["1500,1500", "1600,1600"], "2"),  # the same hazard twice
        (["1000,1000"], "2"),  # the corner
        (["910,1500"], "2"),  # 90 beside the edge
        (["899,1500"], "0"),  # 101 beside the edge: hits nothing
        (["5050,5050"], "0"),  # the corner of the box is outside the ellipse
        (["6000,5000"], "2"),
        (["8200,2500"], "0"),  # the other half of the polygon's box
        (["1500,1500", "4000,4000"], "1"),  # one hit, one wild: 1 − 0.5
        (["1500,1500", "4000,4000", "4100,4100"], "0"),
        (["1500,1500", "4000,4000", "4100,4100", "4200,4200"], "0"),  # not below 0
        (["nonsense", "1500,1500"], "2"),
    ],
)
def test_hotspot(response, expected):
    assert earned("hotspot", SCENE, response, points=6) == Decimal(expected)


def test_a_mark_where_hazards_overlap_hits_one_of_them():
    scene = Hotspot((Region("rect", (0, 0, 4000, 4000), "甲"), Region("rect", (2000, 2000, 6000, 6000), "乙")))
    assert earned("hotspot", scene, ["3000,3000"], points=2) == 1
    assert earned("hotspot", scene, ["3000,3000", "3100,3100"], points=2) == 2


def test_covering_the_picture_with_marks_wins_nothing_even_without_a_penalty():
    free = replace(SCENE, penalty=Decimal(0))
    grid = [f"{x},{y}" for x in range(0, 10_001, 500) for y in range(0, 10_001, 500)]
    assert earned("hotspot", free, grid, points=6) == 0
    assert earned("hotspot", free, ["1500,1500", "6000,5500", "4000,4000", "8900,1500"], points=6) == 4


def test_a_short_answer_waits_for_a_person_unless_it_is_empty():
    key = stored(ShortAnswer((RubricPoint("先通风"), RubricPoint("再检测"))))[1]
    marked = verdict("short_answer", key, ["先通风再检测"], points=Decimal(10), multiple_rule="half")
    assert marked == Verdict(Decimal("0.00"), Decimal("10.00"))
    assert verdict("short_answer", key, ["  "], points=Decimal(10), multiple_rule="half") == Verdict(Decimal("0.00"))


CASE = Case(
    (
        Part("p1", "single", "属于哪类隐患？", Choice(ABCD, ("o2",)), Decimal(2)),
        Part("p2", "multiple", "哪些做法错误？", Choice(ABCD, ("o1", "o3")), Decimal(3)),
        Part("p3", "short_answer", "应当怎样整改？", ShortAnswer((RubricPoint("停产"),)), Decimal(5)),
    )
)


@pytest.mark.parametrize(
    ("response", "by_rule", "by_people"),
    [
        ([], "0", "0"),
        (["p1=o2"], "2", "0"),
        (["p1=o2", "p2=o1", "p2=o3"], "5", "0"),
        (["p1=o2", "p2=o1"], "3.50", "0"),
        (["p1=o1", "p2=o2"], "0", "0"),
        (["p1=o2", "p3=立即停产"], "2", "5"),
        (["p3="], "0", "0"),
        (["o2"], "0", "0"),
    ],
)
def test_case_adds_its_parts(response, by_rule, by_people):
    found = verdict("case", stored(CASE)[1], response, points=Decimal(10), multiple_rule="half")
    assert found == Verdict(Decimal(by_rule), Decimal(by_people))


def test_parts_of_a_case_add_up_exactly_whatever_the_paper_gives():
    parts = [{"id": f"p{n}", "points": "1"} for n in (1, 2, 3)]
    assert part_points(parts, Decimal(10)) == {"p1": Decimal("3.33"), "p2": Decimal("3.34"), "p3": Decimal("3.33")}


@pytest.mark.parametrize(
    ("kind", "key", "rule"), [("essay", ["o1"], "half"), ("single", ["o1"], "unknown"), ("single", [], "half")]
)
def test_what_cannot_be_graded_is_refused(kind, key, rule):
    with pytest.raises(ValueError, match=r"type|rule|key"):
        verdict(kind, key, [], points=Decimal(1), multiple_rule=rule)
