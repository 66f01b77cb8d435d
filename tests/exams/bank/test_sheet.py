"""Finding the header and reading cells."""

from datetime import date

from exams.bank.sheet import HEADER, cell_text, find_columns


def test_header_is_found_below_a_title_and_notes():
    columns = find_columns([["安全生产题库"], [], ["序号", *HEADER], ["1", "单选题"]])
    assert columns.header_row == 3
    assert columns.places["题型"] == 1
    assert columns.places["判定标准编号"] == 15
    assert columns.unused == ()
    assert columns.missing == ()


def test_other_names_and_widths_are_understood():
    columns = find_columns([[
        "试题类型", "题目 ", "Ａ", "选项b", "选项 C", "正确答案", "答案解析", "难度系数", "考点*",
    ]])  # fmt: skip
    assert columns.places == {
        "题型": 0,
        "题干": 1,
        "选项A": 2,
        "选项B": 3,
        "选项C": 4,
        "答案": 5,
        "解析": 6,
        "难度": 7,
        "知识点": 8,
    }


def test_missing_columns_are_named():
    assert find_columns([["题型", "题干", "选项A"]]).missing == ("答案", "知识点")


def test_sheet_without_header_has_no_columns():
    columns = find_columns([["单选题", "第一步做什么？", "先通风"]])
    assert columns.places == {}
    assert columns.missing == ("题型", "题干", "答案", "知识点")


def test_header_after_the_tenth_row_is_not_looked_for():
    assert find_columns([*[[""]] * 10, list(HEADER)]).header_row == 0


def test_cells_read_as_people_see_them():
    assert [cell_text(cell) for cell in [2.0, 2.5, True, False, None, "  B ", date(2026, 1, 2), "\ufeff题型"]] == [
        "2",
        "2.5",
        "TRUE",
        "FALSE",
        "",
        "B",
        "2026-01-02",
        "题型",
    ]
