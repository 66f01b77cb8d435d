"""Staff import without database or clock: a row of cells in, a checked row and its problems out.

A row with a fatal problem is not imported; notices go with rows that are. All problems of a row
are reported together, in plain words.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lms.kit.identifiers import is_mobile, is_uscc
from lms.people.cells import code_of, day_of, is_number, text_of
from lms.people.columns import COLUMNS, TITLES, Header
from lms.people.identity import identity_error
from lms.people.models import EmploymentType, IdType

EARLIEST = date(1950, 1, 1)
SENSITIVE = frozenset({"id_number", "phone", "licence_number"})
ID_TYPES = {
    "": IdType.CITIZEN,
    "居民身份证": IdType.CITIZEN,
    "身份证": IdType.CITIZEN,
    "港澳台居民居住证": IdType.RESIDENCE,
    "港澳台居住证": IdType.RESIDENCE,
    "外国人永久居留身份证": IdType.FOREIGNER,
    "外国人永久居留证": IdType.FOREIGNER,
    "护照": IdType.PASSPORT,
}
EMPLOYMENT_TYPES = {
    "": EmploymentType.OWN,
    "正式工": EmploymentType.OWN,
    "正式": EmploymentType.OWN,
    "合同工": EmploymentType.OWN,
    "劳务派遣": EmploymentType.DISPATCHED,
    "派遣": EmploymentType.DISPATCHED,
    "派遣工": EmploymentType.DISPATCHED,
    "灵活用工": EmploymentType.FLEXIBLE,
    "临时工": EmploymentType.FLEXIBLE,
    "小时工": EmploymentType.FLEXIBLE,
    "外包单位": EmploymentType.CONTRACTOR,
    "外包": EmploymentType.CONTRACTOR,
    "承包": EmploymentType.CONTRACTOR,
}
CATEGORY_ALIASES = {
    "安全管理人员": "安全生产管理人员",
    "安全员": "安全生产管理人员",
    "一线": "一线从业人员",
    "一线员工": "一线从业人员",
    "一线人员": "一线从业人员",
    "从业人员": "一线从业人员",
    "其他从业人员": "一线从业人员",
    "特种作业": "特种作业人员",
    "专职安全员": "专职安全管理人员",
    "法定代表人": "主要负责人",
}
# Order 30's catalogue; the one of 2026 replaces it, so an unknown name is kept with a notice.
TRADE_CATEGORIES = (
    "电工作业",
    "焊接与热切割作业",
    "高处作业",
    "制冷与空调作业",
    "煤矿安全作业",
    "金属非金属矿山安全作业",
    "石油天然气安全作业",
    "冶金（有色）生产安全作业",
    "危险化学品安全作业",
    "烟花爆竹安全作业",
)
TRADE_ALIASES = {
    "电工": "电工作业",
    "低压电工": "电工作业",
    "高压电工": "电工作业",
    "电气焊": "焊接与热切割作业",
    "电焊": "焊接与热切割作业",
    "焊工": "焊接与热切割作业",
    "熔化焊接与热切割": "焊接与热切割作业",
    "高空作业": "高处作业",
    "登高": "高处作业",
    "制冷": "制冷与空调作业",
    "制冷工": "制冷与空调作业",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing about one row; `value` is what the file said, masked where it is personal."""

    row: int
    name: str
    key: str
    value: str
    reason: str
    kind: str
    fatal: bool = True

    @property
    def column(self) -> str:
        """Title of the column."""
        return TITLES.get(self.key, "")


@dataclass(frozen=True, slots=True)
class EnterpriseFacts:
    """An enterprise that the importer may fill."""

    pk: int
    name: str
    short_name: str
    uscc: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What the rows are checked against: the importer's enterprises, the categories, today."""

    enterprises: tuple[EnterpriseFacts, ...]
    categories: Mapping[str, int]
    """Primary key by name."""
    today: date
    foreign_usccs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A row that may be imported as far as the row itself goes. "" and None mean: nothing was said."""

    number: int
    name: str
    id_type: str
    id_number: str
    phone: str
    email: str
    enterprise_id: int
    workshop: str
    team: str
    post: str
    trade: str
    category_ids: frozenset[int]
    employment_type: str
    employer_name: str
    started_on: date | None
    licence_category: str
    licence_number: str
    licence_until: date | None


@dataclass(slots=True)
class RowReader:
    """Reads one row, collecting its problems."""

    number: int
    cells: Mapping[str, Any]
    frame: Frame
    problems: list[Problem] = field(default_factory=list)

    def complain(self, key: str, kind: str, reason: str, *, fatal: bool = True) -> None:
        """Note a problem with the value as the file has it."""
        shown = "" if self.cells.get(key) is None else text_of(self.cells[key])
        if key in SENSITIVE:
            shown = half_hidden(shown)
        self.problems.append(
            Problem(self.number, text_of(self.cells.get("name")), key, shown[:60], reason, kind, fatal)
        )

    def text(self, key: str, limit: int) -> str:
        """Text of a column, with a problem where it is longer than the register allows."""
        value = text_of(self.cells.get(key))
        if len(value) > limit:
            self.complain(key, "other", _("太长，最多 %(n)d 个字。") % {"n": limit})
        return value

    def read(self) -> StaffRow | None:
        """The row, or None when a fatal problem was found."""
        for column in COLUMNS:
            if column.required and not text_of(self.cells.get(column.key)):
                self.complain(column.key, "required", _("不能空着。"))
        id_type = self.choice("id_type", ID_TYPES, IdType.CITIZEN)
        enterprise_id = self.enterprise()
        workshop, team = self.text("workshop", 60), self.text("team", 60)
        if team and not workshop:
            self.complain("workshop", "required", _("写了班组，还要写它在哪个车间。"))
        categories = self.categories()
        row = StaffRow(
            number=self.number,
            name=self.text("name", 60),
            id_type=id_type,
            id_number=self.id_number(id_type),
            phone=self.phone(),
            email=self.email(),
            enterprise_id=enterprise_id,
            workshop=workshop,
            team=team,
            post=self.text("post", 60),
            trade=self.text("trade", 60),
            category_ids=categories,
            employment_type=self.choice("employment_type", EMPLOYMENT_TYPES, EmploymentType.OWN)
            if text_of(self.cells.get("employment_type"))
            else "",
            employer_name=self.text("employer", 120),
            started_on=self.started_on(),
            licence_category=self.licence_category(),
            licence_number=self.licence_number(),
            licence_until=self.day("licence_until"),
        )
        return None if any(problem.fatal for problem in self.problems) else row

    def choice(self, key: str, known: Mapping[str, str], otherwise: str) -> str:
        """One of a few words."""
        text = text_of(self.cells.get(key)).replace(" ", "")
        if text in known:
            return str(known[text])
        names = "、".join(dict.fromkeys(str(label) for label in known if label and len(label) > 2))
        self.complain(key, "choice", _("不认识，可以写：%(names)s。") % {"names": names})
        return otherwise

    def id_number(self, id_type: str) -> str:
        """The number, checked against its type."""
        cell = self.cells.get("id_number")
        number = code_of(cell)
        if not number:
            return ""
        if is_number(cell) and id_type != IdType.PASSPORT:
            self.complain(
                "id_number", "id", _("存成了数字，末尾几位已经变样。请把这一列设成文本格式，照证件重新录入。")
            )
            return number
        problem = identity_error(id_type, number, today=self.frame.today)
        if problem:
            self.complain("id_number", "id", problem)
        return number

    def phone(self) -> str:
        """A mobile number; stored as a number it is still whole."""
        number = re.sub(r"[-+]", "", code_of(self.cells.get("phone")))
        number = number[2:] if len(number) == 13 and number.startswith("86") else number
        if number and len(number) != 11:
            self.complain("phone", "phone", _("要 11 位，现在是 %(n)d 位。") % {"n": len(number)})
        elif number and not is_mobile(number):
            self.complain("phone", "phone", _("手机号以 13 到 19 开头，只有数字。"))
        return number

    def email(self) -> str:
        """An address of a plausible form, or none."""
        address = text_of(self.cells.get("email")).replace(" ", "").lower()
        if address and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", address):
            self.complain("email", "other", _("不像邮箱地址，这一项没有导入。"), fatal=False)
            return ""
        return address

    def enterprise(self) -> int:
        """The enterprise by code, else by name; 0 with a problem."""
        code = code_of(self.cells.get("uscc"))
        name = text_of(self.cells.get("enterprise"))
        if code:
            return self.enterprise_by_code(code, name)
        found = [row for row in self.frame.enterprises if name in (row.name, row.short_name)]
        if not found and name:
            self.complain("enterprise", "enterprise", _("不在你管的单位里。请核对单位名称，或者补上统一社会信用代码。"))
        return found[0].pk if found else 0

    def enterprise_by_code(self, code: str, name: str) -> int:
        """The enterprise with this social credit code; 0 with a problem."""
        found = next((row for row in self.frame.enterprises if row.uscc == code), None)
        if found is None:
            if not is_uscc(code):
                self.complain("uscc", "enterprise", _("统一社会信用代码的位数或校验位不对。"))
            elif code in self.frame.foreign_usccs:
                self.complain("uscc", "enterprise", _("这是别的单位，你不能替它导入。"))
            else:
                self.complain("uscc", "enterprise", _("没有登记过这家单位，请先请镇里登记。"))
            return 0
        if name and name not in (found.name, found.short_name):
            self.complain(
                "enterprise", "enterprise", _("和代码对不上，这个代码登记的是“%(name)s”。") % {"name": found.name}
            )
        return found.pk

    def categories(self) -> frozenset[int]:
        """One or more personnel categories."""
        names = [name for name in re.split(r"[、,，;；/\s]+", text_of(self.cells.get("categories"))) if name]
        found = set()
        for name in names:
            key = self.frame.categories.get(CATEGORY_ALIASES.get(name, name))
            if key is None:
                known = "、".join(self.frame.categories)
                self.complain(
                    "categories",
                    "category",
                    _("没有“%(name)s”这个类别，可以写：%(known)s。") % {"name": name, "known": known},
                )
            else:
                found.add(key)
        return frozenset(found)

    def day(self, key: str) -> date | None:
        """A date, with a problem where there is something else."""
        cell = self.cells.get(key)
        if not text_of(cell):
            return None
        day = day_of(cell)
        if day is None:
            self.complain(key, "date", _("看不懂这个日期，请写成 2024-03-01 这样。"))
        return day

    def started_on(self) -> date | None:
        """The first day: not in the future, not before living memory."""
        day = self.day("started_on")
        if day and day > self.frame.today:
            self.complain("started_on", "date", _("晚于今天。"))
        elif day and day < EARLIEST:
            self.complain("started_on", "date", _("太早了，请核对年份。"))
        return day

    def licence_category(self) -> str:
        """The name in the catalogue where the file uses a common other one."""
        text = self.text("licence_category", 60)
        if text and text not in TRADE_CATEGORIES:
            name = TRADE_ALIASES.get(text)
            reason = (
                _("目录里叫“%(name)s”，已按目录改。") % {"name": name}
                if name
                else _("目录里没有这个名称，先照原样记下。")
            )
            self.complain("licence_category", "licence", reason, fatal=False)
            return name or text
        if not text and text_of(self.cells.get("licence_number")):
            self.complain("licence_category", "licence", _("写了证书编号，还要写作业类别。"))
        return text

    def licence_number(self) -> str:
        """The number of the licence; an 18-digit number must be text."""
        cell = self.cells.get("licence_number")
        number = code_of(cell)
        if is_number(cell) and len(number) > 15:
            self.complain("licence_number", "licence", _("存成了数字，末尾几位已经变样。请把这一列设成文本格式。"))
        return number


def half_hidden(value: str) -> str:
    """Enough of a number to find it in the file: `999401××××××××004X`."""
    if len(value) <= 7:
        return value
    return (
        value[:6] + "×" * max(1, len(value) - 10) + value[-4:] if len(value) > 11 else value[:3] + "××××" + value[-4:]
    )


def read_row(number: int, row: Sequence[Any], header: Header, frame: Frame) -> tuple[StaffRow | None, list[Problem]]:
    """One row of the file as the user counts them (`number` starts at 1); (None, []) for an empty row."""
    cells = {key: row[position] for key, position in header.positions.items() if position < len(row)}
    if not any(text_of(cell) for cell in cells.values()):
        return None, []
    reader = RowReader(number, cells, frame)
    return reader.read(), reader.problems
