"""The empty staff table: titles, notes, text cells, choices."""

from collections.abc import Sequence
from typing import BinaryIO

import xlsxwriter

from lms.people.columns import COLUMNS
from lms.people.models import EmploymentType, IdType

ROWS = 1_000
TEXT_COLUMNS = frozenset({"id_number", "phone", "uscc", "licence_number"})
DAY_COLUMNS = frozenset({"started_on", "licence_until"})


def write_template(target: BinaryIO, *, categories: Sequence[str], enterprise: str, uscc: str) -> None:
    """Write the workbook: a sheet to fill, a sheet with explanations. No example row that could be imported."""
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bg_color": "#DFEFEB", "border": 1})
    must = book.add_format({"bold": True, "bg_color": "#FDF1D6", "border": 1})
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("花名册")
    choices = {
        "id_type": [str(label) for label in IdType.labels],
        "employment_type": [str(label) for label in EmploymentType.labels],
        "categories": list(categories),
    }
    for index, column in enumerate(COLUMNS):
        sheet.set_column(
            index,
            index,
            22 if column.key in TEXT_COLUMNS else 14,
            text if column.key in TEXT_COLUMNS else day if column.key in DAY_COLUMNS else None,
        )
        sheet.write_string(0, index, column.title + ("*" if column.required else ""), must if column.required else head)
        if column.note:
            sheet.write_comment(0, index, column.note)
        if column.key in choices:
            sheet.data_validation(
                1,
                index,
                ROWS,
                index,
                {
                    "validate": "list",
                    "source": choices[column.key],
                    "error_type": "information",
                    "error_message": "不在列出的范围里",
                },
            )
    sheet.freeze_panes(1, 1)
    write_notes(book, categories, enterprise, uscc)
    book.close()


def write_notes(book: "xlsxwriter.Workbook", categories: Sequence[str], enterprise: str, uscc: str) -> None:
    """The second sheet."""
    sheet = book.add_worksheet("说明")
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 80)
    lines = [
        ("怎么填", "一人一行，写在“花名册”这一页；带 * 的列必须填。空着的选填列不会改动系统里已有的内容。"),
        ("身份证号", "先把整列设成文本再录入（本表已经设好）。存成数字会丢掉末尾几位，这样的行不能导入。"),
        ("人员类别", "有几个就用顿号隔开：" + "、".join(categories)),
        ("单位", f"例如：{enterprise}，{uscc}" if enterprise else "写全称，或者写统一社会信用代码"),
        ("车间、班组、岗位", "系统里没有的会自动建立；写了班组就要写车间。"),
        ("离职", "表里没有的人不会自动离职，请到花名册里逐人办。"),
        ("账号", "新增的人没有密码：本人用工号（或手机号）、证件号码后六位和手机号启用账号，自己设密码。"),
        *((column.title, column.note) for column in COLUMNS if column.note),
    ]
    for index, (title, note) in enumerate(lines):
        sheet.write_string(index, 0, title)
        sheet.write_string(index, 1, note)
