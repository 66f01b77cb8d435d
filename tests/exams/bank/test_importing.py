"""Hand-worked question sheets: every category of error, all problems of a row at once."""

from decimal import Decimal

import pytest

from exams.bank.bodies import stored
from exams.bank.importing import Catalogue, check_rows
from exams.bank.problems import ProblemKind as K
from exams.bank.sheet import HEADER, find_columns
from exams.bank.wording import fingerprint

CATALOGUE = Catalogue(
    topics={"有限空间作业": 1, "四种心态与三违": 2},
    industries={"机械": 10, "machinery": 10, "轻工": 11},
    clauses={"gm10-13-01": 100, "gm10-13-02": 101},
    known={fingerprint("题库里已经有的题", ["甲", "乙"]): "Q000042"},
)


def line(**cells):
    """A good row, changed where said."""
    good = {
        "题型": "单选题",
        "题干": "第一步做什么？",
        "选项A": "先下人",
        "选项B": "先通风",
        "选项C": "先吃饭",
        "答案": "B",
        "解析": "先通风、再检测、后作业。",
        "难度": "2",
        "分值": "2",
        "知识点": "有限空间作业",
        "行业": "机械",
        "判定标准编号": "gm10-13-02",
    }
    return [{**good, **cells}.get(name, "") for name in HEADER]


def check(*rows):
    """The rows below a header, checked."""
    sheet = [list(HEADER), *rows]
    return list(check_rows(sheet, columns=find_columns(sheet), catalogue=CATALOGUE))


def problems_of(row):
    return [(problem.kind, problem.column, problem.value) for problem in check(row)[0].problems]


def test_good_row_becomes_a_draft():
    [row] = check(line(行业="machinery；轻工", 判定标准编号="GM10-13-02、gm10-13-01"))
    assert row.number == 2
    assert row.problems == ()
    draft = row.draft
    assert draft.content.type == "single"
    assert draft.content.stem == "第一步做什么？"
    assert [(option.id, option.text) for option in draft.content.body.options] == [
        ("o1", "先下人"),
        ("o2", "先通风"),
        ("o3", "先吃饭"),
    ]
    assert draft.content.body.key == ("o2",)
    assert draft.content.explanation == "先通风、再检测、后作业。"
    assert draft.content.points == Decimal(2)
    assert (draft.topic_id, draft.industry_ids, draft.clause_ids, draft.difficulty) == (1, (10, 11), (101, 100), 2)


def test_true_false_row_has_no_written_options():
    [row] = check(line(题型="判断题", 选项A="", 选项B="", 选项C="", 答案="√", 分值=""))
    assert row.draft.content.body.key == "true"
    assert row.draft.content.points == Decimal(1)
    assert stored(row.draft.content.body)[0] == [{"id": "true", "text": "对"}, {"id": "false", "text": "错"}]


def test_common_industry_means_no_limit():
    [row] = check(line(行业="通用"))
    assert row.draft.industry_ids == ()


def test_spreadsheet_numbers_and_booleans_are_understood():
    truth = line(题型="判断", 选项A="", 选项B="", 选项C="", 答案=False, 难度=3.0, 分值=1.0)
    [row] = check(truth)
    assert (row.draft.content.body.key, row.draft.difficulty, row.draft.content.points) == ("false", 3, Decimal(1))


def test_difficulty_words_are_understood():
    assert [check(line(难度=word))[0].draft.difficulty for word in ["易", "较易", "中等", "较难", "难", ""]] == [
        1,
        2,
        3,
        4,
        5,
        3,
    ]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"题干": ""}, [(K.BLANK_STEM, "题干", "")]),
        ({"题型": "简答题"}, [(K.UNKNOWN_TYPE, "题型", "简答题")]),
        ({"题型": ""}, [(K.UNKNOWN_TYPE, "题型", "")]),
        ({"答案": ""}, [(K.BLANK_ANSWER, "答案", "")]),
        ({"答案": "甲"}, [(K.ANSWER_UNREADABLE, "答案", "甲")]),
        ({"答案": "D"}, [(K.ANSWER_PAST_LAST, "答案", "D")]),
        ({"题型": "多选题", "答案": "A、G"}, [(K.ANSWER_PAST_LAST, "答案", "A、G")]),
        ({"答案": "AB"}, [(K.ANSWER_COUNT, "答案", "AB")]),
        ({"题型": "多选题", "答案": "A"}, [(K.ANSWER_COUNT, "答案", "A")]),
        ({"选项A": "甲", "选项B": "", "选项C": "乙", "答案": "A"}, [(K.OPTION_GAP, "选项B", "")]),
        ({"选项A": "", "选项B": "乙", "选项C": ""}, [(K.TOO_FEW_OPTIONS, "选项", "")]),
        ({"选项C": "先 通风。"}, [(K.SAME_OPTIONS, "选项C", "先 通风。")]),
        ({"难度": "6"}, [(K.BAD_DIFFICULTY, "难度", "6")]),
        ({"分值": "两分"}, [(K.BAD_POINTS, "分值", "两分")]),
        ({"分值": "-1"}, [(K.BAD_POINTS, "分值", "-1")]),
        ({"分值": "NaN"}, [(K.BAD_POINTS, "分值", "NaN")]),
        ({"知识点": "没有这个"}, [(K.UNKNOWN_TOPIC, "知识点", "没有这个")]),
        ({"知识点": ""}, [(K.UNKNOWN_TOPIC, "知识点", "")]),
        ({"行业": "机械；航天"}, [(K.UNKNOWN_INDUSTRY, "行业", "航天")]),
        ({"判定标准编号": "gm10-99-01"}, [(K.UNKNOWN_CLAUSE, "判定标准编号", "gm10-99-01")]),
        (
            {"题干": "题库里已经有的题。", "选项A": "乙", "选项B": "甲", "选项C": "", "答案": "A"},
            [(K.DUPLICATE_IN_BANK, "题干", "Q000042")],
        ),
        ({"题型": "判断题", "答案": "也许"}, [(K.ANSWER_UNREADABLE, "答案", "也许")]),
        (
            {"题干": "", "答案": "", "知识点": "没有", "行业": "航天", "难度": "九"},
            [
                (K.BLANK_STEM, "题干", ""), (K.BLANK_ANSWER, "答案", ""), (K.UNKNOWN_TOPIC, "知识点", "没有"),
                (K.UNKNOWN_INDUSTRY, "行业", "航天"), (K.BAD_DIFFICULTY, "难度", "九"),
            ],
        ),
        ({"题型": "作文", "答案": ""}, [(K.UNKNOWN_TYPE, "题型", "作文"), (K.BLANK_ANSWER, "答案", "")]),
    ],
)  # fmt: skip
def test_every_problem_of_a_row_is_named_with_its_column_and_value(cells, expected):
    assert problems_of(line(**cells)) == expected


def test_bad_row_has_no_draft():
    assert check(line(题干=""))[0].draft is None


def test_second_occurrence_in_the_file_names_the_first_row():
    rows = check(line(), line(题干="另一题"), line(题干="第一步，做什么"))
    assert [[(p.kind, p.value) for p in row.problems] for row in rows] == [[], [], [(K.DUPLICATE_IN_FILE, "2")]]


def test_row_numbers_are_those_of_the_spreadsheet():
    sheet = [["题库"], [], list(HEADER), line(), [""] * 15, line(题干="另一题")]
    rows = list(check_rows(sheet, columns=find_columns(sheet), catalogue=CATALOGUE))
    assert [row.number for row in rows] == [4, 6]


def test_short_rows_lack_their_last_cells_only():
    [row] = check(line(判定标准编号="")[:13])
    assert row.draft is not None


def test_more_than_six_options_are_kept():
    header = [*HEADER, "选项G"]
    row = [*line(选项D="丁", 选项E="戊", 选项F="己", 答案="G"), "庚"]
    [checked] = list(check_rows([header, row], columns=find_columns([header]), catalogue=CATALOGUE))
    assert checked.draft.content.body.key == ("o7",)
