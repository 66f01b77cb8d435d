"""Reading a staff table: header, cells, and every error in plain words."""

from datetime import date, datetime
from typing import Any

import pytest

from lms.people.cells import day_of, text_of
from lms.people.columns import COLUMNS, NoHeader, find_header
from lms.people.importing import EnterpriseFacts, Frame, half_hidden, read_row
from tests.factories.lms import invented_id, invented_phone, invented_uscc

USCC, FOREIGN = invented_uscc(1), invented_uscc(2)
FRAME = Frame(
    enterprises=(EnterpriseFacts(7, "柏岭恒丰机械有限公司", "恒丰机械", USCC),),
    categories={"班组长": 1, "一线从业人员": 2, "安全生产管理人员": 3},
    today=date(2026, 11, 24),
    foreign_usccs=frozenset({FOREIGN}),
)
TITLES = [column.title for column in COLUMNS]
GOOD: dict[str, Any] = {
    "name": "薛桂芬",
    "id_number": invented_id(1),
    "phone": invented_phone(1),
    "enterprise": "恒丰机械",
    "post": "焊工",
    "categories": "班组长、一线员工",
}


def read(**changes: Any):
    values = GOOD | changes
    row = [values.get(column.key, "") for column in COLUMNS]
    return read_row(5, row, find_header([TITLES]), FRAME)


def test_a_short_row_is_enough() -> None:
    row, problems = read()
    assert problems == []
    assert row is not None
    assert (row.number, row.enterprise_id, row.category_ids, row.id_type) == (5, 7, frozenset({1, 2}), "citizen")
    assert (row.employment_type, row.started_on) == ("", None)


def test_an_empty_row_is_no_error() -> None:
    assert read_row(9, ["", " ", None], find_header([TITLES]), FRAME) == (None, [])


def test_all_problems_of_a_row_are_told_together() -> None:
    row, problems = read(name="", id_number="123", phone="12", enterprise="别家", categories="车间主任", post="")
    assert row is None
    assert [problem.key for problem in problems] == ["name", "post", "enterprise", "categories", "id_number", "phone"]


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({"id_number": "99010119870230004X"}, "id_number", "1987-02-30 不存在"),
        ({"id_number": invented_id(1)[:17] + "Y"}, "id_number", "末位是数字或 X"),
        ({"id_number": "11010519491231002"}, "id_number", "要 18 位，现在是 17 位"),
        ({"id_number": "110105194912310021"}, "id_number", "校验码不对"),
        ({"id_number": 110105194912310021.0}, "id_number", "存成了数字"),
        ({"id_type": "护照", "id_number": "E1"}, "id_number", "护照号"),
        ({"id_type": "港澳台居民居住证"}, "id_number", "以 81、82 或 83 开头"),
        ({"id_type": "驾照"}, "id_type", "不认识"),
        ({"phone": "1385320917"}, "phone", "要 11 位，现在是 10 位"),
        ({"phone": "12853209170"}, "phone", "13 到 19 开头"),
        ({"uscc": FOREIGN}, "uscc", "别的单位"),
        ({"uscc": invented_uscc(3)}, "uscc", "没有登记过"),
        ({"uscc": USCC[:-1] + ("0" if USCC[-1] != "0" else "1")}, "uscc", "校验位不对"),
        ({"uscc": USCC, "enterprise": "清河兴源"}, "enterprise", "对不上"),
        ({"enterprise": "清河兴源"}, "enterprise", "不在你管的单位里"),
        ({"categories": "班组长、厂长"}, "categories", "没有“厂长”这个类别"),
        ({"employment_type": "编外"}, "employment_type", "不认识"),
        ({"team": "一班"}, "workshop", "还要写它在哪个车间"),
        ({"started_on": "去年春天"}, "started_on", "看不懂这个日期"),
        ({"started_on": "2062-03-01"}, "started_on", "晚于今天"),
        ({"started_on": "1905-03-01"}, "started_on", "太早了"),
        ({"licence_number": 123456789012345678.0, "licence_category": "电工作业"}, "licence_number", "存成了数字"),
        ({"licence_number": "T1"}, "licence_category", "还要写作业类别"),
        ({"post": "岗" * 61}, "post", "最多 60 个字"),
    ],
)
def test_what_is_wrong_is_said_in_words(changes: dict[str, Any], key: str, words: str) -> None:
    row, problems = read(**changes)
    assert row is None
    assert [(problem.key, words in problem.reason) for problem in problems] == [(key, True)]


def test_a_common_name_of_a_trade_is_put_right_with_a_notice() -> None:
    row, problems = read(licence_category="电气焊", licence_number="T1")
    assert row is not None
    assert row.licence_category == "焊接与热切割作业"
    assert [problem.fatal for problem in problems] == [False]


def test_numbers_in_problems_are_half_hidden() -> None:
    _row, problems = read(id_number="110105194912310021")
    assert problems[0].value == "110105××××××××0021"
    assert half_hidden("1385320917") == "138××××0917"


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2024-03-01", date(2024, 3, 1)),
        ("2024/3/1", date(2024, 3, 1)),
        ("2024.3.1", date(2024, 3, 1)),
        ("2024年3月1日", date(2024, 3, 1)),
        ("20240301", date(2024, 3, 1)),
        (45352.0, date(2024, 3, 1)),
        (date(2024, 3, 1), date(2024, 3, 1)),
        (datetime(2024, 3, 1, 0, 0), date(2024, 3, 1)),  # noqa: DTZ001 – cells have no time zone
        ("2024-03-01 00:00:00", date(2024, 3, 1)),
        ("2024-13-01", None),
        ("3月1日", None),
        ("", None),
        (1.0, None),
    ],
)
def test_dates_as_people_write_them(cell: Any, day: date | None) -> None:
    assert day_of(cell) == day


@pytest.mark.parametrize(
    ("cell", "text"), [(13800000000.0, "13800000000"), (" a  b ", "a b"), (None, ""), (True, "是"), (1.5, "1.5")]
)
def test_cells_as_text(cell: Any, text: str) -> None:
    assert text_of(cell) == text


def test_the_header_is_found_below_a_title_with_stars_and_other_names() -> None:
    head = ["序号", "姓 名*", "证件号码（必填）", "联系电话", "企业名称", "岗位名称", "类别"]
    header = find_header([["恒丰花名册"], [], head, ["1", "薛桂芬"]])
    assert header.row == 2
    assert header.positions == {"name": 1, "id_number": 2, "phone": 3, "enterprise": 4, "post": 5, "categories": 6}


def test_missing_columns_are_named() -> None:
    with pytest.raises(NoHeader) as caught:
        find_header([["姓名", "手机", "岗位", "班组", "单位名称"]])
    assert caught.value.missing == ("身份证号", "人员类别")
