"""Lines of a question as people type them: where one begins, its options, and what stands behind a label (pure)."""

import re
from dataclasses import dataclass

from exams.bank.formats.words import TYPES, type_of

QUESTION = re.compile(
    r"^\s*(?:第\s*(\d{1,4})\s*题\s*[.．、:：]?|(\d{1,4})\s*(?:[.．](?!\d)|[、:：)）]))\s*(.*)$", re.DOTALL
)
BRACKETED = re.compile(r"^\s*(?:[（(]\s*(\d{1,3})\s*[)）]|([①-⑳]))\s*[.．、]?\s*(.*)$", re.DOTALL)
FIELDS = {
    "答案": "答案|正确答案|标准答案|参考答案|正确选项|答",
    "要点": "答题要点|评分要点|得分要点|要点",
    "解析": "答案解析|试题解析|题目解析|解析|分析|解答",
    "难度": "难度系数|难易程度|难易度|难度",
    "知识点": "知识点|考点|章节",
    "分值": "分值|分数|本题分值",
    "判定标准编号": "判定标准编号|判定标准条目|判定标准|判定条目",
    "行业": "适用行业|行业",
    "人员类别": "人员类别|适用人员",
    "认知层次": "认知层次|认知水平",
    "互斥组": "互斥组",
    "启用日期": "启用日期",
    "停用日期": "停用日期",
    "来源": "题目来源|来源|出处",
    "图片说明": "图片说明",
    "题型": "题型",
}
FIELD_OF = {word: name for name, words in FIELDS.items() for word in words.split("|")}
WORDS = "|".join(sorted(FIELD_OF, key=len, reverse=True))
# 【答案】B, 答案：B at the start or after a space; 答：… only at the start.
LABEL = re.compile(rf"[【\[]\s*({WORDS})\s*[】\]]\s*[:：]?|(?:^|(?<=\s)|(?<=[；;。]))({WORDS})\s*[:：]")
TYPE_TAG = re.compile(
    r"^\s*[（(【\[]\s*("
    + "|".join(sorted((re.escape(word) for word in TYPES), key=len, reverse=True))
    + r")\s*[)）】\]]\s*[.．、:：]?\s*"
)
POINTS_TAG = re.compile(r"[（(]\s*(?:本题|共)?\s*(\d+(?:\.\d+)?)\s*分\s*[)）]\s*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document: its paragraph number from 1, what it says, the picture in it, what of it was lost."""

    place: int
    text: str
    picture: bytes = b""
    losses: tuple[str, ...] = ()


def question_start(text: str) -> tuple[int, str] | None:
    """Number and rest of a line that begins with `12.`, `12、` or 第12题."""
    match = QUESTION.match(text)
    return (int(match[1] or match[2]), match[3]) if match else None


def bracketed_start(text: str) -> tuple[int, str] | None:
    """Number and rest of a line that begins with （1） or ①."""
    match = BRACKETED.match(text)
    if not match:
        return None
    return (int(match[1]) if match[1] else ord(match[2]) - ord("①") + 1), match[3]


def labelled_parts(text: str) -> tuple[str, list[tuple[str, str]]]:
    """What stands before the first label of a line, and the labels with what stands behind each."""
    found = list(LABEL.finditer(text))
    # 答：is an answer only at the start of a line; elsewhere it is speech.
    found = [match for match in found if (match[1] or match[2]) != "答" or match.start() == 0]
    if not found:
        return text, []
    ends = [match.start() for match in found[1:]] + [len(text)]
    parts = [
        (FIELD_OF[match[1] or match[2]], text[match.end() : end].strip())
        for match, end in zip(found, ends, strict=True)
    ]
    return text[: found[0].start()].strip(), parts


def type_tag(text: str) -> tuple[str, str]:
    """The type that a stem announces in front (（多选题）), and the stem without it."""
    match = TYPE_TAG.match(text)
    return (type_of(match[1]), text[match.end() :]) if match else ("", text)


def points_tag(text: str) -> tuple[str, str]:
    """Points at the end of a stem (（2分）), and the stem without them."""
    match = POINTS_TAG.search(text)
    return (match[1], text[: match.start()].rstrip()) if match else ("", text)
