"""The words of the trade for types, levels and numbers (pure)."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from exams.bank.bodies import (
    CASE,
    FILL_IN,
    HOTSPOT,
    MATCHING,
    MULTIPLE,
    ORDERING,
    SHORT_ANSWER,
    SINGLE,
    TRUE_FALSE,
)
from exams.bank.wording import USUAL_POINTS

TYPE_WORDS = {
    SINGLE: ("单选题", "单选", "单项选择", "单项选择题", "选择题", "单选择题"),
    MULTIPLE: ("多选题", "多选", "多项选择", "多项选择题", "不定项", "不定项选择", "不定项选择题"),
    TRUE_FALSE: ("判断题", "判断", "是非题", "对错题", "正误题", "判断正误"),
    FILL_IN: ("填空题", "填空"),
    ORDERING: ("排序题", "排序", "顺序题"),
    MATCHING: ("匹配题", "匹配", "连线题", "连线", "配对题", "配对", "搭配题"),
    HOTSPOT: ("看图找隐患", "看图找隐患题", "找隐患", "找隐患题", "识图题", "看图题", "热点题"),
    SHORT_ANSWER: ("简答题", "简答", "问答题", "问答", "论述题", "名词解释"),
    CASE: ("案例题", "案例", "案例分析", "案例分析题", "材料题", "综合题"),
}
TYPES = {word: type_ for type_, words in TYPE_WORDS.items() for word in words} | {type_: type_ for type_ in TYPE_WORDS}
TYPE_NAMES = {type_: words[0] for type_, words in TYPE_WORDS.items()}
PART = "小题"
PART_MARK = re.compile(r"^小题\s*[·・.:：\-—]?\s*")
COGNITIVE = {"记忆": "remember", "理解": "understand", "应用": "apply", "分析": "analyse"}
COGNITIVE_NAMES = {value: word for word, value in COGNITIVE.items()}
# 一、单项选择题（共 20 题，每题 2 分）
HEADING = re.compile(
    r"^(?:第?[一二三四五六七八九十]+\s*[、.．:：部分大题]+|[IVX]+[、.．]|\d+[、.．]|[（(][一二三四五六七八九十]+[）)])?\s*"
    r"([\u4e00-\u9fff]{2,8}?)\s*(?:部分)?\s*(?:[（(:：].*)?$"
)


def type_of(text: str) -> str:
    """The type behind a word of the trade, "" for none."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    return TYPES.get(plain) or TYPES.get(plain.strip("()[]【】").lower(), "")


def part_type_of(text: str) -> str | None:
    """The type of a sub-question (`小题·单选题`), "" for an unknown one, None for what is no sub-question."""
    if not text.startswith(PART):
        return None
    return type_of(PART_MARK.sub("", text))


def heading_type(text: str) -> str:
    """The type that a section heading such as 一、单选题 announces, "" for none."""
    match = HEADING.match(text.strip()) if len(text) <= 80 else None
    return type_of(match[1]) if match else ""


def read_points(text: str, type_: str) -> Decimal:
    """Points of the cell (`2`, `2分`), the usual ones when it is blank, 0 (refused later) when it is no number."""
    if not text:
        return USUAL_POINTS.get(type_, Decimal(1))
    try:
        points = Decimal(unicodedata.normalize("NFKC", text).strip().removesuffix("分").strip())
    except InvalidOperation:
        return Decimal(0)
    return points.quantize(Decimal("0.01")) if points.is_finite() and 0 < points <= 100 else Decimal(0)
