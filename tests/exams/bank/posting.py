"""Posted data of the question form: what a browser sends, and pictures to go with it."""

from decimal import Decimal
from io import BytesIO
from typing import Any

from PIL import Image

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
)
from exams.bank.pictures import prepared, store_picture
from tests.factories.exams import NOW

# type → stem, the fields of its editor as a browser posts them, and the body that they mean.
WRITTEN: dict[str, tuple[str, dict[str, Any], Any]] = {
    "single": (
        "进池前先做什么？",
        {"option": ["1", "2", "3"], "option-1-text": "先下人", "option-2-text": "先通风", "option-3-text": "",
         "key": ["2"]},
        Choice(options_from(["先下人", "先通风"]), ("o2",)),
    ),
    "multiple": (
        "哪些要先做？",
        {"option": ["4", "1", "7"], "option-1-text": "检测", "option-4-text": "通风", "option-7-text": "吃饭",
         "key": ["1", "4"]},
        Choice(options_from(["通风", "检测", "吃饭"]), ("o1", "o2")),
    ),
    "true_false": ("可以一个人下池。", {"truth": "false"}, Truth("false")),
    "fill_in": (
        "先____，再检测，氧含量应在____%。",
        {"blank": ["1", "2"], "blank-1-forms": "通风 | 先通风", "blank-2-forms": "19.5..23.5"},
        FillIn((("通风", "先通风"), ("19.5..23.5",))),
    ),
    "ordering": (
        "排出下池作业的先后。",
        {"step": ["1", "2", "3"], "step-1-text": "通风", "step-2-text": "检测", "step-3-text": "作业"},
        Ordering(("通风", "检测", "作业")),
    ),
    "matching": (
        "给每种作业配上它要的票。",
        {"pair": ["1", "2"], "pair-1-prompt": "焊接", "pair-1-target": "动火票", "pair-2-prompt": "下池",
         "pair-2-target": "有限空间票", "lure": ["1", "2"], "lure-1-text": "饭票", "lure-2-text": ""},
        Matching((("焊接", "动火票"), ("下池", "有限空间票")), ("饭票",)),
    ),
    "hotspot": (
        "找出图中的隐患。",
        {"region": ["1", "2", "3"],
         "region-1-shape": "rect", "region-1-label": "没有护栏", "region-1-x": "10", "region-1-y": "20.5",
         "region-1-width": "30", "region-1-height": "10",
         "region-2-shape": "ellipse", "region-2-label": "电线破皮", "region-2-x": "50", "region-2-y": "50",
         "region-2-width": "12.34", "region-2-height": "9",
         "region-3-shape": "polygon", "region-3-label": "通道堵塞", "region-3-corners": "1,2 30.5，40 5,60.25",
         "tolerance": "2", "penalty": "25"},
        Hotspot(
            (
                Region("rect", (1000, 2050, 4000, 3050), "没有护栏"),
                Region("ellipse", (5000, 5000, 6234, 5900), "电线破皮"),
                Region("polygon", (100, 200, 3050, 4000, 500, 6025), "通道堵塞"),
            ),
            200,
            Decimal("0.25"),
        ),
    ),
    "short_answer": (
        "说说下池前要做的事。",
        {"point": ["1", "2", "3"], "point-1-text": "先通风", "point-1-weight": "2", "point-2-text": "有人监护",
         "point-2-weight": "", "point-3-text": "", "point-3-weight": "1"},
        ShortAnswer((RubricPoint("先通风", Decimal(2)), RubricPoint("有人监护", Decimal(1)))),
    ),
    "case": (
        "某厂清理污水池，班长安排两人下池。",
        {"part": ["2", "1", "5"],
         "part-2-type": "single", "part-2-stem": "第一步做什么？", "part-2-points": "2",
         "part-2-option": ["1", "2"], "part-2-option-1-text": "通风", "part-2-option-2-text": "下人",
         "part-2-key": ["1"],
         "part-1-type": "fill_in", "part-1-stem": "氧含量____%。", "part-1-points": "",
         "part-1-blank": ["1"], "part-1-blank-1-forms": "20.9±0.5",
         "part-5-type": "short_answer", "part-5-stem": "说说监护人做什么。", "part-5-points": "3",
         "part-5-point": ["1"], "part-5-point-1-text": "不离开洞口", "part-5-point-1-weight": "1"},
        Case((
            Part("p1", "single", "第一步做什么？", Choice(options_from(["通风", "下人"]), ("o1",)), Decimal(2)),
            Part("p2", "fill_in", "氧含量____%。", FillIn((("20.9±0.5",),)), Decimal(1)),
            Part("p3", "short_answer", "说说监护人做什么。", ShortAnswer((RubricPoint("不离开洞口"),)), Decimal(3)),
        )),
    ),
}  # fmt: skip


def typed(type_: str, topic: Any, /, **changes: Any) -> dict[str, Any]:
    """A filled-in form of a type."""
    stem, fields, _body = WRITTEN[type_]
    return {
        "type": type_,
        "topic": topic.pk,
        "stem": stem,
        "explanation": "先通风。",
        "difficulty": "2",
        "cognitive": "apply",
        "points": "2",
        "picture": "",
        **fields,
        **changes,
    }


def picture_bytes(format_: str = "JPEG", size: tuple[int, int] = (400, 300), **options: Any) -> bytes:
    """A small picture."""
    buffer = BytesIO()
    Image.new("RGB", size, "#2a8d7f").save(buffer, format_, **options)
    return buffer.getvalue()


def kept_picture(by: Any, size: tuple[int, int] = (400, 300)) -> Any:
    """A stored picture."""
    body = picture_bytes(size=size)
    return store_picture(picture=prepared(BytesIO(body), len(body)), by=by, now=NOW)
