"""A plain question of every type with everything filled in, to try file formats with (pure)."""

import hashlib
import io
from decimal import Decimal
from functools import cache

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
)  # fmt: skip
from exams.bank.formats.exchange import FilingNames, WrittenQuestion
from exams.bank.wording import QuestionContent


@cache
def sample_picture(width: int = 640, height: int = 480) -> bytes:
    """A real PNG of that size."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (width % 256, height % 256, 90)).save(buffer, "PNG")
    return buffer.getvalue()


def sample_questions() -> list[WrittenQuestion]:
    """One of each type, in the order of the types."""
    hazards = (
        Region("rect", (0, 0, 2500, 3333), "护栏缺失"),
        Region("ellipse", (5000, 5000, 6000, 6200), "电线裸露"),
        Region("polygon", (100, 9000, 2000, 9000, 1000, 9900), "积水"),
    )
    parts = (
        Part("p1", "single", "首先应当？", Choice(options_from(["撤离", "救援"]), ("o1",)), Decimal("1.5")),
        Part("p2", "fill_in", "氧含量应在 ____ 之间", FillIn((("19.5..23.5",),)), Decimal(2)),
        Part("p3", "short_answer", "写出处置要点", ShortAnswer((RubricPoint("先通风", Decimal(2)),)), Decimal(3)),
    )
    points = (RubricPoint("先通风", Decimal(2)), RubricPoint("再检测"))
    bodies = [
        ("single", "动火作业票最长有效期？", Choice(options_from(["8 小时", "24 小时", "72 小时"]), ("o1",))),
        ("multiple", "有限空间作业前必须？", Choice(options_from(["通风", "检测", "直接进入"]), ("o1", "o2"))),
        ("true_false", "可以先进入再检测。", Truth("false")),
        ("fill_in", "先____、再____、后作业", FillIn((("通风", "换气"), ("检测",)))),
        ("ordering", "排出顺序", Ordering(("通风", "检测", "作业"))),
        ("matching", "安全色的含义", Matching((("红", "禁止"), ("黄", "警告"), ("橙", "警告")), ("提示",))),
        ("hotspot", "找出隐患", Hotspot(hazards, 120, Decimal("0.25"))),
        ("short_answer", "简述有限空间作业要求", ShortAnswer(points)),
        ("case", "某厂清理污水池时一人晕倒。", Case(parts)),
    ]
    return [sample_question(n, type_, stem, body) for n, (type_, stem, body) in enumerate(bodies, start=1)]


def sample_question(number: int, type_: str, stem: str, body: object) -> WrittenQuestion:
    """A question with its filing; a hotspot has a picture."""
    filing = FilingNames(
        "有限空间", "3", ("工贸",), ("安全员",), ("gm10-13-02",), "apply", "e1", "2025-01-01", "2027-01-01"
    )
    data = sample_picture() if type_ == "hotspot" else b""
    content = QuestionContent(
        type_, stem, body, "见 GB 30871 第 5 章", Decimal(number), "GB 30871",  # type: ignore[arg-type]
        hashlib.sha256(data).hexdigest() if data else "", "车间照片" if data else "",
    )  # fmt: skip
    return WrittenQuestion(f"Q{number:05}", content, filing, data, "image/png" if data else "")
