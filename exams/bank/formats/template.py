"""The empty sheet with an example of every type, and a page that says how each is written."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import xlsxwriter

from exams.bank.bodies import (
    CASE,
    ELLIPSE,
    FILL_IN,
    HOTSPOT,
    MATCHING,
    MULTIPLE,
    ORDERING,
    RECT,
    SHORT_ANSWER,
    SINGLE,
    TRUE_FALSE,
    Body,
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
from exams.bank.formats.book import SHEET_TITLE
from exams.bank.formats.exchange import FilingNames, WrittenQuestion
from exams.bank.formats.sheet import rows_of_question
from exams.bank.sheet import HEADER, MORE, REQUIRED, guarded
from exams.bank.wording import USUAL_POINTS, QuestionContent

HELP_TITLE = "说明"
# (type, how its columns are written): on the page 说明 and on the import page.
WAYS = (
    ("单选题", "选项各占一列；答案写字母，如 B。"),
    ("多选题", "答案写几个字母，如 ACD，也可以写 A,C,D 或 A、C、D。"),
    ("判断题", "不填选项；答案写 对 或 错，也认 √×、正确/错误、T/F、1/0。"),
    ("填空题", "题干里的空写成 ____；答案按空的顺序用 ； 分开，同一空的几种写法用 | 分开；数值可写范围 19.5..23.5。"),
    ("排序题", "步骤写在选项里，先后随意；答案按正确顺序写字母，如 BCA。"),
    ("匹配题", "每个选项写 左=>右；多余的干扰项写 =>右；不填答案。"),
    ("简答题", "答案写得分要点，用 ； 或换行分开；要点后面可加分数，如 先通风(2)。"),
    ("案例题", "题干写案情；下面几行是小题，题型写 小题·单选题、小题·判断题 等，分值是各小题的分。"),
    ("看图找隐患", "图片列写文件名，和表格一起打成 .zip；答案写 矩形(左,上,右,下)隐患名称，数字是占宽、高的百分比。"),
)
MORE_WAYS = (
    ("必须有的列", "题型、题干、答案、知识点。表头写在前十行里就能找到，列的顺序不限。"),
    ("几项写在一格", "行业、人员类别、判定标准编号可以写几项，用 ； 或 、 分开；不填或写 通用 表示不限。"),
    ("难度", "1 到 5，或 易、较易、中、较难、难；不填算 3。"),
    ("认知层次", "记忆、理解、应用、分析；不填算 理解。"),
    ("互斥组", "同一组的题不会出现在同一张卷子里。"),
    ("日期", "如 2026-11-24。"),
    ("选项写在一格", "列名写 选项，各项用 **、##、| 或换行分开，或写成 A.… B.…。"),
    (
        "隐患区域",
        "除了矩形，还可用 椭圆(左,上,右,下)、多边形(x,y,x,y,x,y)；再加 容差(1.5)、错点扣(0.5)，各项用 ； 分开。",
    ),
    ("符号当文字", "；、|、=> 等要当文字时，前面加反斜线，如 \\；。"),
)
TOPIC, SOURCE = "有限空间作业", "示例，请删掉"


def examples() -> list[WrittenQuestion]:
    """One question of every type."""
    case = Case((
        Part("p1", SINGLE, "第一步做什么？", Choice(options_from(["先下人看情况", "先通风", "先通知食堂"]), ("o2",))),
        Part("p2", TRUE_FALSE, "监护人可以离开去接电话。", Truth("false")),
    ))  # fmt: skip
    made: list[tuple[str, str, Body, str]] = [
        (SINGLE, "进入污水池清淤前，第一步做什么？",
         Choice(options_from(["先下人看情况", "先通风，再检测", "先戴棉纱口罩"]), ("o2",)), "顺序不能换。"),
        (MULTIPLE, "下列哪些属于“三违”？",
         Choice(options_from(["违章指挥", "违章作业", "违反劳动纪律", "忘记打卡"]), ("o1", "o2", "o3")), ""),
        (TRUE_FALSE, "班组长要求冒险作业时，工人有权拒绝。", Truth("true"), ""),
        (FILL_IN, "有限空间作业要先____、再检测、后____，氧含量应当在____%。",
         FillIn((("通风", "机械通风"), ("作业",), ("19.5..23.5",))), ""),
        (ORDERING, "把有限空间作业的步骤排好。", Ordering(("办理审批", "通风", "检测", "作业")), ""),
        (MATCHING, "把气体和它的危害连起来。", Matching((("硫化氢", "中毒"), ("甲烷", "爆炸")), ("冻伤",)), ""),
        (SHORT_ANSWER, "有人晕倒在池底，你在池边，怎么办？",
         ShortAnswer((RubricPoint("不盲目下池"), RubricPoint("报警并报告"), RubricPoint("通风后再施救"))), ""),
        (CASE, "某厂清理污水池，两名工人没有检测就下池，先后晕倒。", case, ""),
        (HOTSPOT, "找出图里的隐患。",
         Hotspot((Region(RECT, (1000, 2000, 3000, 4000), "电线裸露"),
                  Region(ELLIPSE, (5000, 5000, 7000, 8000), "没有护栏"))), ""),
    ]  # fmt: skip
    names = FilingNames(topic=TOPIC, difficulty="2", cognitive="understand")
    return [
        WrittenQuestion(
            "", QuestionContent(type_, stem, body, explanation, USUAL_POINTS[type_], SOURCE,
                                picture_alt="车间一角" if type_ == HOTSPOT else ""), names,
        )
        for type_, stem, body, explanation in made
    ]  # fmt: skip


def example_rows() -> list[list[str]]:
    """The rows of the examples."""
    header = (*HEADER, *MORE)
    rows = [
        row
        for question in examples()
        for row in rows_of_question(question, "现场.png" if question.content.type == HOTSPOT else "")
    ]
    return [[guarded(row.get(name, "")) for name in header] for row in rows]


def write_template(target: Path | BinaryIO, codes: Sequence[str]) -> None:
    """The workbook; `codes` are clause codes to show as examples."""
    book = xlsxwriter.Workbook(
        str(target) if isinstance(target, Path) else target,
        {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True},
    )
    head = book.add_format({"bold": True, "bg_color": "#DFEFEB", "border": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(SHEET_TITLE)
    sheet.write_row(0, 0, (*HEADER, *MORE), head)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(HEADER) + len(MORE) - 1, 14)
    sheet.set_column(1, 1, 40)
    for number, row in enumerate(example_rows(), start=1):
        for place, cell in enumerate(row):
            sheet.write_string(number, place, cell, wrapped)
    page = book.add_worksheet(HELP_TITLE)
    page.set_column(0, 0, 16)
    page.set_column(1, 1, 100)
    lines = [*WAYS, *MORE_WAYS, ("判定标准编号", f"如 {'、'.join(codes)}。" if codes else "题库里条目的编号。")]
    lines.append(("示例", "“题目”页里的示例请删掉。" + "、".join(REQUIRED) + "必须填。"))
    for number, (name, words) in enumerate(lines):
        page.write_string(number, 0, name, head)
        page.write_string(number, 1, words, wrapped)
    book.close()
