"""The question sheet of the trade: its columns, finding the header, reading cells (pure)."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from exams.bank.wording import LETTERS

HEADER = (
    "题型", "题干", "选项A", "选项B", "选项C", "选项D", "选项E", "选项F",
    "答案", "解析", "难度", "分值", "知识点", "行业", "判定标准编号",
)  # fmt: skip
# What a sheet may have beyond the columns of the trade.
MORE = ("人员类别", "认知层次", "互斥组", "启用日期", "停用日期", "来源", "图片", "图片说明")
ONE_COLUMN = "选项"
OPTION_COLUMNS = tuple(f"选项{letter}" for letter in LETTERS)
# All columns in the order in which the bank writes them.
COLUMNS = (*HEADER[:2], *OPTION_COLUMNS, *HEADER[8:], *MORE)
KNOWN = frozenset({*COLUMNS, ONE_COLUMN})
REQUIRED = ("题型", "题干", "答案", "知识点")
# Other names under which the columns go about.
ALIASES = {
    "题型": ("试题类型", "题目类型", "类型", "试题题型"),
    "题干": ("题目", "试题", "试题内容", "题目内容", "试题题干", "题干内容", "问题描述"),
    ONE_COLUMN: ("备选项", "选项内容", "题目选项", "试题选项", "候选项", "备选答案", "可选项"),
    "答案": ("正确答案", "标准答案", "参考答案", "正确选项"),
    "解析": ("答案解析", "试题解析", "题目解析"),
    "难度": ("难度系数", "难易程度", "难易度", "难度等级"),
    "分值": ("分数", "得分", "本题分值"),
    "知识点": ("考点", "所属知识点", "章节", "知识点名称"),
    "行业": ("适用行业", "行业领域"),
    "判定标准编号": ("判定标准", "判定条目", "条目编号", "判定标准条目"),
    "人员类别": ("适用人员", "适用对象"),
    "认知层次": ("认知水平",),
    "来源": ("出处", "题目来源", "试题来源"),
    "图片": ("题图", "配图"),
}
# Columns that the bank itself adds to the rows it writes and gives back.
RETURNED = ("题号", "原行号", "问题")
NUMBERING = frozenset({"序号", "编号", "NO", "NO."})
HEADER_WITHIN = 10
FORMULA = re.compile(r"'*[=+\-@\t\r]")
GUARDED = re.compile(r"'+[=+\-@\t\r]")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of the trade stand in this file.

    `extra`: titles and places of columns that the bank has no use for. `guessed`: found by what the cells hold, for
    want of a header.
    """

    places: dict[str, int]
    header_row: int
    extra: tuple[tuple[str, int], ...] = ()
    guessed: bool = False

    @property
    def unused(self) -> tuple[str, ...]:
        """Titles of the columns that nothing is made of."""
        return tuple(title for title, _ in self.extra)

    @property
    def missing(self) -> tuple[str, ...]:
        """Required columns that the file does not have."""
        return self.missing_beside(())

    def missing_beside(self, given: Collection[str]) -> tuple[str, ...]:
        """Required columns that neither the file has nor somebody else gives for all rows."""
        return tuple(name for name in REQUIRED if name not in self.places and name not in given)


def column_name(cell: Any) -> str:
    """The trade's name of a header cell, or its own text when it is none of them."""
    plain = re.sub(r"[\s*:]+|\(.*?\)$", "", unicodedata.normalize("NFKC", cell_text(cell)))
    found = NAMES.get(plain.upper())
    if found:
        return found
    return f"选项{plain.upper()}" if len(plain) == 1 and plain.upper() in LETTERS else plain


NAMES = {
    **{alias.upper(): name for name, aliases in ALIASES.items() for alias in aliases},
    **{f"选项{place}": f"选项{letter}" for place, letter in enumerate(LETTERS, start=1)},
    **{f"{letter}选项": f"选项{letter}" for letter in LETTERS},
    **{f"答案{letter}": f"选项{letter}" for letter in LETTERS},
    **{name.upper(): name for name in KNOWN},
}


def find_columns(first_rows: Sequence[Sequence[Any]]) -> Columns:
    """The row among the first ten that names most columns (first row counts as 1)."""
    best = Columns(places={}, header_row=0)
    for number, row in enumerate(first_rows[:HEADER_WITHIN], start=1):
        places: dict[str, int] = {}
        extra: list[tuple[str, int]] = []
        for place, cell in enumerate(row):
            name = column_name(cell)
            if name in KNOWN:
                places.setdefault(name, place)
            elif name and name not in RETURNED and name.upper() not in NUMBERING:
                extra.append((cell_text(cell), place))
        if len(places) > len(best.places):
            best = Columns(places=places, header_row=number, extra=tuple(extra))
    return best if len(best.places) >= 2 else Columns(places={}, header_row=0)


def cell_text(cell: Any) -> str:
    """The cell as somebody reads it: 2.0 → 2, no surrounding spaces, without the guard of `guarded`."""
    if type(cell) is str:
        text = cell.strip().strip("\ufeff\u200b")
        return text[1:] if text[:1] == "'" and GUARDED.match(text) else text
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()
    return str(cell).strip()


def guarded(text: str) -> str:
    """A text that no spreadsheet program runs as a formula; `cell_text` takes away exactly what was put in front."""
    return "'" + text if FORMULA.match(text) else text
