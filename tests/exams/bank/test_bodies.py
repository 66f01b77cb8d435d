"""Bodies keep what they say when they are stored and read back."""

from decimal import Decimal

from hypothesis import given

from exams.bank.bodies import (
    Case,
    Choice,
    FillIn,
    Hotspot,
    Matching,
    Option,
    Ordering,
    Part,
    Region,
    RubricPoint,
    ShortAnswer,
    Truth,
    body_from,
    stored,
)
from tests.exams.bank.contents import contents


@given(contents())
def test_what_is_stored_reads_back_equal(content):
    options, key = stored(content.body)
    assert stored(body_from(content.type, options, key)) == (options, key)
    assert body_from(content.type, options, key) == content.body


def test_each_body_by_hand():
    for type_, body in [
        ("single", Choice((Option("o1", "甲"), Option("o2", "乙")), ("o2",))),
        ("true_false", Truth("false")),
        ("fill_in", FillIn((("甲", "乙"), ("丙",)))),
        ("ordering", Ordering(("一", "二", "三"))),
        ("matching", Matching((("红", "禁止"), ("黄", "警告")), ("提示",))),
        ("hotspot", Hotspot((Region("rect", (1, 2, 3, 4), "护栏"),), 10, Decimal("0.25"))),
        ("short_answer", ShortAnswer((RubricPoint("停产", Decimal(2)),))),
        ("case", Case((Part("p1", "true_false", "对不对", Truth("true"), Decimal("1.5")),))),
    ]:
        assert body_from(type_, *stored(body)) == body
