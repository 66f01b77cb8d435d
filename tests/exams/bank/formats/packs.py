"""Questions on their way into files, pictures, and what must be equal after they came back."""

import dataclasses
import hashlib
import io
from decimal import Decimal
from functools import cache

from hypothesis import strategies as st
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
    stored,
)
from exams.bank.formats.exchange import FilingNames, ReadQuestion, WrittenQuestion
from exams.bank.wording import QuestionContent
from tests.exams.bank.contents import contents, texts


@cache
def picture(width: int = 64, height: int = 48, kind: str = "PNG") -> bytes:
    """A real picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (width % 256, height % 256, 90)).save(buffer, kind)
    return buffer.getvalue()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def names(draw) -> FilingNames:
    words = st.lists(texts(12), max_size=3, unique=True).map(tuple)
    maybe = st.one_of(st.just(""), texts(12))
    return FilingNames(
        topic=draw(maybe),
        difficulty=draw(st.sampled_from(["", "1", "3", "5"])),
        industries=draw(words),
        categories=draw(words),
        clauses=draw(st.lists(st.sampled_from(["gm10-13-02", "gm10-1-1", "fc-2"]), max_size=2, unique=True).map(tuple)),
        cognitive=draw(st.sampled_from(["", "remember", "apply"])),
        enemy_group=draw(maybe),
        effective_from=draw(st.sampled_from(["", "2025-01-01"])),
        effective_to=draw(st.sampled_from(["", "2027-12-31"])),
    )


@st.composite
def written(draw, types=None, sizes=((64, 48), (1201, 803), (30, 900))) -> WrittenQuestion:
    """A question with everything that a file has to keep."""
    content = draw(contents() if types is None else contents(types))
    data, media = b"", ""
    if content.type == "hotspot" or draw(st.booleans()):
        data, media = picture(*draw(st.sampled_from(sizes))), "image/png"
        alt = content.picture_alt or draw(st.one_of(st.just(""), texts()))
        content = dataclasses.replace(content, picture=digest(data), picture_alt=alt)
    content = dataclasses.replace(content, source=draw(st.one_of(st.just(""), texts())))
    return WrittenQuestion(f"Q{draw(st.integers(1, 99999)):05}", content, names(draw), data, media)


def kept(content: QuestionContent, filing: FilingNames, data: bytes) -> tuple:
    """What must come back equal."""
    return (content.type, content.stem, stored(content.body), content.explanation, content.points, content.source,
            content.picture, content.picture_alt, filing, data)  # fmt: skip


def sent(question: WrittenQuestion) -> tuple:
    return kept(question.content, question.names, question.picture)


def received(question: ReadQuestion) -> tuple:
    return kept(question.content, question.names, question.picture)


def one_of_each() -> list[WrittenQuestion]:
    """A plain question of every type, with all filing filled in."""
    data = picture(640, 480)
    filing = FilingNames(
        "有限空间", "3", ("工贸",), ("安全员",), ("gm10-13-02",), "apply", "e1", "2025-01-01", "2027-01-01"
    )
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
    bodies = [
        ("single", "动火作业票最长有效期？", Choice(options_from(["8 小时", "24 小时", "72 小时"]), ("o1",))),
        ("multiple", "有限空间作业前必须？", Choice(options_from(["通风", "检测", "直接进入"]), ("o1", "o2"))),
        ("true_false", "可以先进入再检测。", Truth("false")),
        ("fill_in", "先____、再____、后作业", FillIn((("通风", "换气"), ("检测",)))),
        ("ordering", "排出顺序", Ordering(("通风", "检测", "作业"))),
        ("matching", "安全色的含义", Matching((("红", "禁止"), ("黄", "警告"), ("橙", "警告")), ("提示",))),
        ("hotspot", "找出隐患", Hotspot(hazards, 120, Decimal("0.25"))),
        (
            "short_answer",
            "简述有限空间作业要求",
            ShortAnswer((RubricPoint("先通风", Decimal(2)), RubricPoint("再检测"))),
        ),
        ("case", "某厂清理污水池时一人晕倒。", Case(parts)),
    ]
    made = []
    for number, (type_, stem, body) in enumerate(bodies, start=1):
        shown = data if type_ == "hotspot" else b""
        content = QuestionContent(
            type_, stem, body, "见 GB 30871 第 5 章", Decimal(number), "GB 30871", digest(shown) if shown else "",
            "车间照片" if shown else "",
        )  # fmt: skip
        made.append(WrittenQuestion(f"Q{number:05}", content, filing, shown, "image/png" if shown else ""))
    return made
