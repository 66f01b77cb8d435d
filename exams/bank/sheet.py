"""The question sheet of the trade: its columns, finding the header, reading cells (pure)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from exams.bank.wording import LETTERS

HEADER = (
    "题型", "题干", "选项A", "选项B", "选项C", "选项D", "选项E", "选项F",
    "答案", "解析", "难度", "分值", "知识点", "行业", "判定标准编号",
)  # fmt: skip
REQUIRED = ("题型", "题干", "答案", "知识点")
# Other names under which the columns go about.
ALIASES = {
    "题型": ("试题类型", "题目类型", "类型"),
    "题干": ("题目", "试题", "试题内容", "题目内容", "试题题干"),
    "答案": ("正确答案", "标准答案", "参考答案"),
    "解析": ("答案解析", "试题解析", "题目解析"),
    "难度": ("难度系数", "难易程度", "难易度"),
    "分值": ("分数", "得分"),
    "知识点": ("考点", "所属知识点", "章节"),
    "行业": ("适用行业", "行业领域"),
    "判定标准编号": ("判定标准", "判定条目", "条目编号", "判定标准条目"),
}
OPTION_COLUMNS = tuple(f"选项{letter}" for letter in LETTERS)
# Columns that the bank itself adds to the rows it gives back.
RETURNED = ("原行号", "问题")
HEADER_WITHIN = 10
SPLIT = re.compile(r"[;；,，、/|\n]+")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of the trade stand in this file."""

    places: dict[str, int]
    header_row: int
    unused: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Required columns that the file does not have."""
        return tuple(name for name in REQUIRED if name not in self.places)


def column_name(cell: Any) -> str:
    """The trade's name of a header cell, or its own text when it is none of them."""
    plain = re.sub(r"[\s*:]+", "", unicodedata.normalize("NFKC", cell_text(cell)))
    for name in (*HEADER, *OPTION_COLUMNS):
        if plain.upper() in {name.upper(), *(alias.upper() for alias in ALIASES.get(name, ()))}:
            return name
    return f"选项{plain.upper()}" if len(plain) == 1 and plain.upper() in LETTERS else plain


def find_columns(first_rows: Sequence[Sequence[Any]]) -> Columns:
    """The row among the first ten that names most columns (first row counts as 1)."""
    best = Columns(places={}, header_row=0, unused=())
    for number, row in enumerate(first_rows[:HEADER_WITHIN], start=1):
        places: dict[str, int] = {}
        unused: list[str] = []
        for place, cell in enumerate(row):
            name = column_name(cell)
            if name in HEADER or name in OPTION_COLUMNS:
                places.setdefault(name, place)
            elif name and name not in RETURNED:
                unused.append(cell_text(cell))
        if len(places) > len(best.places):
            best = Columns(places=places, header_row=number, unused=tuple(unused))
    return best if len(best.places) >= 2 else Columns(places={}, header_row=0, unused=())


def cell_text(cell: Any) -> str:
    """The cell as somebody reads it: 2.0 → 2, no surrounding spaces."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()
    return str(cell).strip().strip("\ufeff\u200b")


def split_names(text: str) -> list[str]:
    """Names in one cell, separated by ; , 、 / or | in either width."""
    return [part.strip() for part in SPLIT.split(text) if part.strip()]
