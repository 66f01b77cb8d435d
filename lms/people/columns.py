"""The columns of the staff table (domain.md §4), and finding them in somebody's file (pure)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

HEADER_ROWS = 10
ENOUGH_TITLES = 4


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how the template calls it, what other files call it, what to write."""

    key: str
    title: str
    required: bool = False
    aliases: tuple[str, ...] = ()
    note: str = ""


COLUMNS = (
    Column("name", "姓名", required=True),
    Column("id_type", "证件类型", aliases=("证件种类",), note="不写就是居民身份证"),
    Column(
        "id_number",
        "身份证号",
        required=True,
        aliases=("证件号码", "身份证号码", "证件号", "身份证"),
        note="这一列要设成文本格式",
    ),
    Column("phone", "手机号", required=True, aliases=("手机", "手机号码", "联系电话", "电话", "联系方式")),
    Column("enterprise", "单位名称", required=True, aliases=("单位", "企业名称", "用工单位")),
    Column("uscc", "统一社会信用代码", aliases=("社会信用代码", "信用代码")),
    Column("workshop", "部门/车间", aliases=("部门", "车间", "车间/部门", "所在部门", "部门车间")),
    Column("team", "班组", aliases=("所在班组",), note="写了班组就要写车间"),
    Column("post", "岗位", required=True, aliases=("岗位名称", "职务")),
    Column("trade", "工种"),
    Column("categories", "人员类别", required=True, aliases=("类别", "培训类别"), note="有几个就用顿号隔开"),
    Column(
        "employment_type", "用工形式", aliases=("用工性质", "用工类型"), note="正式工、劳务派遣、灵活用工、外包单位"
    ),
    Column("employer", "派遣/外包单位", aliases=("派遣单位", "外包单位", "劳务公司")),
    Column("started_on", "入职日期", aliases=("入职时间", "到岗日期", "参加工作日期"), note="2024-03-01；不写就是今天"),
    Column("licence_category", "特种作业类别", aliases=("作业类别", "操作证类别")),
    Column("licence_number", "证书编号", aliases=("操作证号", "证件编号", "操作证编号"), note="这一列要设成文本格式"),
    Column("licence_until", "有效期至", aliases=("证书有效期", "有效期")),
    Column("email", "邮箱", aliases=("电子邮箱", "邮件")),
)
TITLES = {column.key: column.title for column in COLUMNS}


class NoHeader(ValueError):
    """No row of the first ones looks like the head of a staff table; `missing` names required columns."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__("、".join(missing))
        self.missing = tuple(missing)


@dataclass(frozen=True, slots=True)
class Header:
    """In which row the titles stand (counted from 0) and in which column each field is."""

    row: int
    positions: dict[str, int]


def plain_title(cell: Any) -> str:
    """A title without asterisks, spaces, brackets with remarks; full-width slash made plain."""
    text = re.sub(r"[（(].*?[）)]", "", str(cell or ""))
    return re.sub(r"[\s*＊：:]", "", text).replace("／", "/")


KNOWN_TITLES = {plain_title(name): column.key for column in COLUMNS for name in (column.title, *column.aliases)}


def find_header(rows: Sequence[Sequence[Any]]) -> Header:
    """The head of the table among the first rows; raises NoHeader naming the required columns that are not there."""
    best = Header(0, {})
    for index, row in enumerate(rows[:HEADER_ROWS]):
        positions: dict[str, int] = {}
        for position, cell in enumerate(row):
            key = KNOWN_TITLES.get(plain_title(cell))
            if key and key not in positions:
                positions[key] = position
        if len(positions) > len(best.positions):
            best = Header(index, positions)
    missing = [column.title for column in COLUMNS if column.required and column.key not in best.positions]
    if missing or len(best.positions) < ENOUGH_TITLES:
        raise NoHeader(missing)
    return best
