"""Hand-worked question sheets: every category of error, all problems of a row at once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from exams.bank.bodies import stored
from exams.bank.formats.sheet_files import planned
from exams.bank.formats.tables import Table, Tables
from exams.bank.importing import Catalogue, check_questions
from exams.bank.problems import ProblemKind as K
from exams.bank.sheet import HEADER, MORE
from exams.bank.wording import fingerprint

CATALOGUE = Catalogue(
    topics={"有限空间作业": 1, "四种心态与三违": 2},
    industries={"机械": 10, "machinery": 10, "轻工": 11},
    clauses={"gm10-13-01": 100, "gm10-13-02": 101},
    categories={"班组长": 200, "特种作业人员": 201},
    known={fingerprint("题库里已经有的题", ["甲", "乙"]): "Q000042"},
)
NO_OPTIONS = {"选项A": "", "选项B": "", "选项C": ""}
TRUTHS = {"选项A": "正确", "选项B": "错误", "选项C": ""}


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
    return [{**good, **cells}.get(name, "") for name in (*HEADER, *MORE)]


def check_sheet(sheet, catalogue=CATALOGUE):
    """The questions of a sheet, checked."""
    table = Table("", lambda: iter(sheet), len(sheet))
    file = planned(Tables((table,), lambda name: b""), frozenset(catalogue.topics), ())
    return list(check_questions(file.questions(), catalogue))


def check(*rows):
    """The rows below a header, checked."""
    return check_sheet([[*HEADER, *MORE], *rows])


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
        ({"题型": "作文题"}, [(K.UNKNOWN_TYPE, "题型", "作文题")]),
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
        ({"题型": "判断题", "答案": "也许", **TRUTHS}, [(K.ANSWER_UNREADABLE, "答案", "也许")]),
        ({"人员类别": "班组长、局长"}, [(K.UNKNOWN_CATEGORY, "人员类别", "局长")]),
        ({"认知层次": "创造"}, [(K.UNKNOWN_LEVEL, "认知层次", "创造")]),
        ({"启用日期": "下个月"}, [(K.BAD_DATE, "启用日期", "下个月")]),
        ({"启用日期": "2026-02-30"}, [(K.BAD_DATE, "启用日期", "2026-02-30")]),
        (
            {"启用日期": "2026-12-31", "停用日期": "2026-01-01"},
            [(K.BAD_DATE, "停用日期", "2026-01-01 < 2026-12-31")],
        ),
        ({"互斥组": "长" * 41}, [(K.TOO_MANY, "互斥组", "41 > 40")]),
        ({"图片": "没有.png"}, [(K.LOST_DETAIL, "", "图片 没有.png")]),
        ({"题型": "看图找隐患", "答案": "矩形(1,2,3,4)电线", **NO_OPTIONS}, [(K.NO_PICTURE, "图片", "")]),
        (
            {"题型": "填空题", "题干": "先____后____", "答案": "甲", **NO_OPTIONS},
            [(K.BLANK_COUNT, "题干", "____ × 2 ≠ 1")],
        ),
        ({"题型": "排序题", "答案": "AD"}, [(K.ANSWER_PAST_LAST, "答案", "AD")]),
        ({"题型": "排序题", "答案": "AB"}, [(K.ANSWER_COUNT, "答案", "AB")]),
        ({"题型": "匹配题", "答案": ""}, [
            (K.ANSWER_UNREADABLE, "选项", "先下人"), (K.ANSWER_UNREADABLE, "选项", "先通风"),
            (K.ANSWER_UNREADABLE, "选项", "先吃饭"), (K.TOO_FEW_OPTIONS, "选项", ""),
        ]),
        ({"题型": "小题·单选题"}, [(K.UNKNOWN_TYPE, "题型", "小题·单选题")]),
        (
            {"题型": "案例题", "答案": ""},
            [(K.NO_PARTS, "小题", ""), (K.LOST_DETAIL, "", "选项：先下人、先通风、先吃饭")],
        ),
        ({"题型": "判断题", "答案": "对"}, [(K.LOST_DETAIL, "", "选项：先下人、先通风、先吃饭")]),
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


def test_everything_that_files_a_question_is_read():
    filed = line(
        人员类别="班组长；特种作业人员", 认知层次="应用", 互斥组="组一", 启用日期="2026年1月2日", 停用日期="2026/12/31"
    )
    [row] = check(filed)
    draft = row.draft
    assert (draft.category_ids, draft.cognitive, draft.enemy_group) == ((200, 201), "apply", "组一")
    assert (draft.effective_from, draft.effective_to) == (date(2026, 1, 2), date(2026, 12, 31))


def test_questions_without_filing_are_for_everybody_and_understood():
    [row] = check(line())
    assert (row.draft.category_ids, row.draft.cognitive, row.draft.effective_from) == ((), "understand", None)


def test_unknown_topic_goes_to_the_topic_chosen_for_it_and_is_told():
    catalogue = replace(CATALOGUE, default_topic=2)
    rows = check_sheet([[*HEADER, *MORE], line(知识点="别处的"), line(知识点="", 题干="另一题")], catalogue)
    assert [row.draft.topic_id for row in rows] == [2, 2]
    assert [[(p.kind, p.column, p.value) for p in row.problems] for row in rows] == [
        [(K.LOST_DETAIL, "知识点", "别处的")],
        [],
    ]


def test_bad_row_has_no_draft():
    assert check(line(题干=""))[0].draft is None


def test_second_occurrence_in_the_file_names_the_first_row():
    rows = check(line(), line(题干="另一题"), line(题干="第一步，做什么"))
    assert [[(p.kind, p.value) for p in row.problems] for row in rows] == [[], [], [(K.DUPLICATE_IN_FILE, "2")]]


def test_row_numbers_are_those_of_the_spreadsheet():
    rows = check_sheet([["题库"], [], list(HEADER), line(), [""] * 15, line(题干="另一题")])
    assert [row.number for row in rows] == [4, 6]


def test_short_rows_lack_their_last_cells_only():
    [row] = check(line(判定标准编号="")[:13])
    assert row.draft is not None


def test_more_than_six_options_are_kept():
    header = [*HEADER, *MORE, "选项G"]
    row = [*line(选项D="丁", 选项E="戊", 选项F="己", 答案="G"), "庚"]
    [checked] = check_sheet([header, row])
    assert checked.draft.content.body.key == ("o7",)
