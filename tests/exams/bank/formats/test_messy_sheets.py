"""Tables as they come from enterprises: what is understood, what is told."""

import io

import pytest
import xlsxwriter

from exams.bank.files import UnreadableFile
from exams.bank.formats.answer_cells import read_body
from exams.bank.formats.one_column import split_options
from exams.bank.formats.opening import opened
from exams.bank.formats.template import write_template
from exams.bank.importing import Catalogue, check_questions
from exams.bank.problems import ProblemKind as K

CATALOGUE = Catalogue(topics={"有限空间作业": 1, "用电安全": 2}, industries={"机械": 10}, clauses={})
HEAD = ["题型", "题干", "选项A", "选项B", "选项C", "答案", "知识点"]
ROW = ["单选题", "第一步做什么？", "先下人", "先通风", "先吃饭", "B", "有限空间作业"]


def book(path, *sheets):
    """A workbook of sheets: (name, rows, merged ranges)."""
    made = xlsxwriter.Workbook(str(path))
    for name, rows, merges in sheets:
        sheet = made.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        for top, left, bottom, right in merges:
            sheet.merge_range(top, left, bottom, right, rows[top][left])
    made.close()
    return path


def read(path, given=()):
    """The file, its questions checked."""
    with opened(path, topics=frozenset(CATALOGUE.topics), given=given) as file:
        return file, list(check_questions(file.questions(), CATALOGUE)) if not file.missing else []


def text(tmp_path, body, encoding="utf-8"):
    path = tmp_path / "table"
    path.write_bytes(body.encode(encoding))
    return path


def whole(rows):
    """Type, stem, options, key and topic of rows without problems."""
    assert [row.problems for row in rows] == [()] * len(rows)
    return [
        (
            row.draft.content.type,
            row.draft.content.stem,
            [option.text for option in getattr(row.draft.content.body, "options", ())],
            getattr(row.draft.content.body, "key", None),
            row.draft.topic_id,
        )
        for row in rows
    ]


GOOD = ("single", "第一步做什么？", ["先下人", "先通风", "先吃饭"], ("o2",), 1)


@pytest.mark.parametrize(
    "cell",
    [
        "先下人**先通风**先吃饭",
        "先下人##先通风##先吃饭",
        "先下人|先通风|先吃饭",
        "先下人\n先通风\n先吃饭",
        "A.先下人 B.先通风 C.先吃饭",
        "A.先下人B.先通风C.先吃饭",
        "A、先下人\nB、先通风\nC、先吃饭",
        "（A）先下人（B）先通风（C）先吃饭",
        "(A) 先下人 (B) 先通风 (C) 先吃饭",
        "Ａ．先下人　Ｂ．先通风　Ｃ．先吃饭",
        "A：先下人；B：先通风；C：先吃饭",
        "A.先下人**B.先通风**C.先吃饭",
        "A 先下人 B 先通风 C 先吃饭",
        "[A]先下人|[B]先通风|[C]先吃饭",
    ],
)
def test_options_in_one_column(tmp_path, cell):
    header = ["题型", "题目", "选项", "正确答案", "知识点"]
    rows = [header, ["单选", "第一步做什么？", cell, "B", "有限空间作业"]]
    assert whole(read(book(tmp_path / "b", ("题", rows, [])))[1]) == [GOOD]


def test_text_without_delimiters_is_one_option():
    assert split_options("先通风") == ["先通风"]
    assert split_options("选择 GB. 标准") == ["选择 GB. 标准"]
    assert split_options("") == []


def test_letters_in_front_of_options_in_their_own_columns_go(tmp_path):
    row = ["单选题", "第一步做什么？", "A. 先下人", "B、先通风", "C．先吃饭", "Ｂ", "有限空间作业"]
    assert whole(read(book(tmp_path / "b", ("题", [HEAD, row], [])))[1]) == [GOOD]


@pytest.mark.parametrize("answer", ["B", "b", "Ｂ", " B ", "B.", "答案：B", "【答案】B", "先通风", "（B）"])
def test_answers_of_single_choice(answer):
    body, problems = read_body("single", ["先下人", "先通风"], answer, "")
    assert (body.key, problems) == (("o2",), [])


@pytest.mark.parametrize("answer", ["AB", "A,B", "A、B", "Ａ Ｂ", "B A", "A;B", "先下人；先通风", "先通风**先下人"])
def test_answers_of_multiple_choice(answer):
    body, problems = read_body("multiple", ["先下人", "先通风", "先吃饭"], answer, "")
    assert (body.key, problems) == (("o1", "o2"), [])


@pytest.mark.parametrize(
    ("answer", "key"),
    [("对", "true"), ("√", "true"), ("T", "true"), ("正确", "true"), ("1", "true"), ("V", "true"), ("（√）", "true"),
     ("错", "false"), ("×", "false"), ("F", "false"), ("错误", "false"), ("0", "false")],
)  # fmt: skip
def test_answers_of_true_false(answer, key):
    assert read_body("true_false", [], answer, "")[0].key == key


def test_answer_in_the_stem_moves_into_the_answer(tmp_path):
    rows = [
        HEAD,
        ["单选题", "第一步应当（ B ）。", "先下人", "先通风", "先吃饭", "", "有限空间作业"],
        ["多选题", "下列正确的是( A、C )", "甲", "乙", "丙", "", "有限空间作业"],
        ["判断题", "监护人可以离开。（×）", "", "", "", "", "有限空间作业"],
    ]
    found = whole(read(book(tmp_path / "b", ("题", rows, [])))[1])
    assert [(stem, key) for _, stem, _, key, _ in found] == [
        ("第一步应当（　）。", ("o2",)),
        ("下列正确的是（　）", ("o1", "o3")),
        ("监护人可以离开。（　）", "false"),
    ]


def test_two_brackets_with_letters_are_no_answer(tmp_path):
    rows = [HEAD, ["单选题", "（A）类火灾用（B）类灭火器吗？", "是", "不是", "看情况", "", "有限空间作业"]]
    [row] = read(book(tmp_path / "b", ("题", rows, [])))[1]
    assert [problem.kind for problem in row.problems] == [K.BLANK_ANSWER]


def test_options_beyond_f_and_points_with_their_unit(tmp_path):
    header = ["题型", "题干", *(f"选项{letter}" for letter in "ABCDEFGH"), "答案", "知识点", "分值"]
    rows = [header, ["多选题", "选两个", *"甲乙丙丁戊己庚辛", "G、H", "用电安全", "2分"]]
    [row] = read(book(tmp_path / "b", ("题", rows, [])))[1]
    assert (row.draft.content.body.key, row.draft.content.points) == (("o7", "o8"), 2)


def test_only_merged_cells_are_filled_down(tmp_path):
    rows = [
        HEAD,
        ["单选题", "一？", "甲", "乙", "", "A", "有限空间作业"],
        ["", "二？", "甲", "乙", "", "B", ""],
        ["", "三？", "甲", "乙", "", "A", "用电安全"],
        ["", "四？", "甲", "乙", "", "A", "用电安全"],
    ]
    _, checked = read(book(tmp_path / "b", ("题", rows, [(1, 0, 3, 0), (1, 6, 2, 6)])))
    assert [row.draft.topic_id if row.draft else None for row in checked] == [1, 1, 2, None]
    assert [problem.kind for problem in checked[3].problems] == [K.UNKNOWN_TYPE]


def test_merged_cells_are_found_in_a_sheet_that_begins_further_right(tmp_path):
    made = xlsxwriter.Workbook(str(tmp_path / "b"))
    sheet = made.add_worksheet("题")
    for number, row in enumerate([HEAD, ROW, ["", "二？", "甲", "乙", "丙", "A", "用电安全"]]):
        sheet.write_row(number + 2, 3, row)
    sheet.merge_range(3, 3, 4, 3, "单选题")
    made.close()
    assert [row.draft.content.type for row in read(tmp_path / "b")[1]] == ["single", "single"]


def test_titles_blank_rows_headings_and_notes_are_no_questions(tmp_path):
    rows = [
        ["镇安监站 2026 年题库"],
        [],
        ["序号", *HEAD[1:]],
        ["一、单选题"],
        [1, *ROW[1:]],
        [],
        ["二、判断题（每题 1 分）"],
        [2, "监护人可以离开。", "", "", "", "错", "有限空间作业"],
        ["注：以上题目由安监站提供"],
    ]
    file, checked = read(book(tmp_path / "b", ("Sheet1", rows, [])), given=("题型",))
    assert [(row.number, row.draft.content.type) for row in checked] == [(5, "single"), (8, "true_false")]
    assert file.notes == ["第 9 行：注：以上题目由安监站提供"]


def test_every_sheet_is_read_and_its_name_may_say_the_type(tmp_path):
    without = [HEAD[1:], ROW[1:]]
    truths = [["题目", "答案", "知识点"], ["监护人可以离开。", "错", "有限空间作业"]]
    other = [["姓名", "电话"], ["甲", "1"]]
    path = book(tmp_path / "b", ("单选题", without, []), ("判断", truths, []), ("名单", other, []), ("说明", other, []))
    file, checked = read(path)
    assert [(row.number, row.draft.content.type) for row in checked] == [(2, "single"), (1_000_002, "true_false")]
    assert (file.skipped, file.sheets) == (("名单",), {"1": "判断"})


def test_columns_without_header_are_guessed_when_that_is_safe(tmp_path):
    rows = [
        [str(n), "单选题", f"第 {n} 步应当做什么才安全？", "先下人", "先通风", "B", "有限空间作业"] for n in range(1, 5)
    ]
    file, checked = read(book(tmp_path / "b", ("题", rows, [])))
    assert [row.draft is not None for row in checked] == [True] * 4
    assert checked[0].draft.content.stem == "第 1 步应当做什么才安全？"
    assert file.unused == ("第1列",)


def test_columns_without_header_are_named_when_a_guess_is_not_safe(tmp_path):
    rows = [["单选题", "第一步？", "甲", "乙"], ["单选题", "第二步？", "甲", "乙"], ["单选题", "第三步？", "甲", "乙"]]
    file, _ = read(book(tmp_path / "b", ("题", rows, [])))
    assert file.missing == ("题型", "题干", "答案", "知识点")


def test_topic_column_may_be_missing_when_a_topic_is_chosen(tmp_path):
    path = book(tmp_path / "b", ("题", [HEAD[:-1], ROW[:-1]], []))
    assert read(path)[0].missing == ("知识点",)
    assert read(path, given=("知识点",))[0].missing == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，", "|"])
def test_text_tables_in_every_usual_form(tmp_path, encoding, delimiter):
    body = "\r\n".join(delimiter.join(row) for row in (HEAD, ROW))
    assert whole(read(text(tmp_path, body, encoding))[1]) == [GOOD]


def test_quoted_cells_keep_delimiters_and_lines(tmp_path):
    body = ",".join(HEAD) + '\n单选题,"第一步，做什么？\n看图",甲,"乙,丙",丁,B,用电安全\n'
    assert whole(read(text(tmp_path, body))[1]) == [
        ("single", "第一步，做什么？\n看图", ["甲", "乙,丙", "丁"], ("o2",), 2)
    ]


def test_blanks_written_as_brackets_and_answers_in_other_separators(tmp_path):
    rows = [HEAD, ["填空题", "先（  ）、再（ ）", "", "", "", "通风、检测", "有限空间作业"]]
    [row] = read(book(tmp_path / "b", ("题", rows, [])))[1]
    assert row.draft.content.stem == "先____、再____"
    assert row.draft.content.body.blanks == (("通风",), ("检测",))


def test_case_with_its_parts_and_a_bad_part_that_says_which(tmp_path):
    rows = [
        HEAD,
        ["案例题", "某厂清理污水池。", "", "", "", "", "有限空间作业"],
        ["小题·单选题", "第一步？", "下人", "通风", "", "B", ""],
        ["小题·判断题", "监护人可以离开。", "", "", "", "也许", ""],
        ROW,
        ["小题·判断题", "没有案例的小题", "", "", "", "对", "有限空间作业"],
    ]
    case, single, lone = read(book(tmp_path / "b", ("题", rows, [])))[1]
    assert [(p.kind, p.column, p.value) for p in case.problems] == [(K.ANSWER_UNREADABLE, "小题", "(2) 答案 也许")]
    assert len(case.question.cells) == 3 * len(HEAD)
    assert single.draft is not None
    assert [problem.kind for problem in lone.problems] == [K.UNKNOWN_TYPE]


def test_unused_columns_and_pictures_in_the_sheet_are_told(tmp_path):
    made = xlsxwriter.Workbook(str(tmp_path / "b"))
    sheet = made.add_worksheet("题")
    sheet.write_row(0, 0, [*HEAD, "车间"])
    sheet.write_row(1, 0, [*ROW, "一车间"])
    from tests.exams.bank.formats.test_sheet_round_trip import PICTURE

    sheet.insert_image(1, 9, "a.png", {"image_data": io.BytesIO(PICTURE)})
    made.close()
    file, checked = read(tmp_path / "b")
    assert (file.unused, file.loose_pictures) == (("车间",), 1)
    assert checked[0].question.cells[-1] == "一车间"


def test_examples_of_the_template_are_all_good_but_for_the_picture(tmp_path):
    path = tmp_path / "questions.xlsx"
    write_template(path, ["gm10-13-02"])
    file, checked = read(path)
    assert (file.skipped, file.missing, file.unused) == ((), (), ())
    assert [row.question.content.type for row in checked] == [
        "single", "multiple", "true_false", "fill_in", "ordering", "matching", "short_answer", "case", "hotspot",
    ]  # fmt: skip
    assert [[problem.kind for problem in row.problems] for row in checked] == [[]] * 8 + [[K.NO_PICTURE]]


def test_file_with_too_many_rows_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("exams.bank.formats.tables.MAX_ROWS", 10)
    with pytest.raises(UnreadableFile) as refused:
        read(text(tmp_path, "题干,答案\n" + "a,b\n" * 11))
    assert refused.value.reason == "rows"
