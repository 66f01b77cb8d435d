"""Word documents as they come from enterprises."""

import io

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches

from exams.bank.bodies import Choice, FillIn, Matching, Ordering, RubricPoint, ShortAnswer, Truth, options_from
from exams.bank.files import DOCX, TEXT, kind_of
from exams.bank.formats import numbered, word
from exams.bank.formats.question_lines import Line
from exams.bank.formats.word_numbers import Level, Numbering, in_format
from exams.bank.problems import ProblemKind as K
from exams.bank.soundness import content_problems
from tests.exams.bank.formats.test_sheet_round_trip import png

STEPS = Choice(options_from(["先下人", "先通风", "先吃饭"]), ("o2",))


def read(tmp_path, document):
    path = tmp_path / "q.docx"
    document.save(str(path))
    assert kind_of(path) == DOCX
    return list(word.read(path))


def lines(text):
    """The questions of plain lines."""
    return list(numbered.questions_in_lines(Line(n, line) for n, line in enumerate(text.strip().splitlines(), start=1)))


def one(text):
    [question] = lines(text)
    assert (question.problems, question.losses) == ((), ())
    assert content_problems(question.content) == []
    return question


def list_item(document, text, list_id, level=0):
    """A paragraph with an automatic number."""
    paragraph = document.add_paragraph(text)
    numbers = OxmlElement("w:numPr")
    for tag, value in (("w:ilvl", level), ("w:numId", list_id)):
        node = OxmlElement(tag)
        node.set(qn("w:val"), str(value))
        numbers.append(node)
    paragraph._p.get_or_add_pPr().append(numbers)
    return paragraph


def add_list(document, list_id, *levels):
    """A list definition: (format, text) of each level."""
    part = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), str(900 + list_id))
    for depth, (style, text) in enumerate(levels):
        level = OxmlElement("w:lvl")
        level.set(qn("w:ilvl"), str(depth))
        for tag, value in (("w:start", "1"), ("w:numFmt", style), ("w:lvlText", text)):
            node = OxmlElement(tag)
            node.set(qn("w:val"), value)
            level.append(node)
        abstract.append(level)
    part.insert(0, abstract)
    number = OxmlElement("w:num")
    number.set(qn("w:numId"), str(list_id))
    link = OxmlElement("w:abstractNumId")
    link.set(qn("w:val"), str(900 + list_id))
    number.append(link)
    part.append(number)


@pytest.mark.parametrize("start", ["1.", "1、", "1．", "（1）", "(1)", "第1题", "1)", "1 ."])
@pytest.mark.parametrize(
    "options",
    [
        "A. 先下人\nB. 先通风\nC. 先吃饭",
        "A、先下人    B、先通风    C、先吃饭",
        "A．先下人\tB．先通风\tC．先吃饭",
        "（A）先下人\n（B）先通风\n（C）先吃饭",
        "A.先下人  B.先通风\nC.先吃饭",
    ],
)
@pytest.mark.parametrize("answer", ["答案：B", "正确答案: B", "【答案】B", "【答案】：B", "参考答案：B"])
def test_numbers_options_and_answers_in_every_usual_form(start, options, answer):
    question = one(f"{start} 第一步做什么？\n{options}\n{answer}\n解析：顺序不能换。")
    assert (question.content.type, question.content.stem, question.content.body) == ("single", "第一步做什么？", STEPS)
    assert question.content.explanation == "顺序不能换。"


def test_headings_set_the_type_and_fields_their_values():
    first, second, third = lines("""
一、单选题（每题 2 分，共 2 题）
1. 第一步做什么？（2分）
A. 先下人  B. 先通风  C. 先吃饭
答案：B   解析：顺序不能换。
难度：较易  知识点：有限空间作业  判定标准：gm10-13-02
二、多项选择题
1. 三违有哪些？
A. 违章指挥
B. 违章作业
答案：AB
分值：3分
三、判断题
1. 监护人可以离开。（×）
    """)
    assert (first.content.type, first.content.points, first.content.stem) == ("single", 2, "第一步做什么？")
    assert (first.names.difficulty, first.names.topic, first.names.clauses) == ("较易", "有限空间作业", ("gm10-13-02",))
    assert (second.content.type, second.content.body.key, second.content.points) == ("multiple", ("o1", "o2"), 3)
    assert (third.content.type, third.content.body) == ("true_false", Truth("false"))
    assert third.content.stem == "监护人可以离开。（　）"


def test_answers_stand_in_the_stem():
    first, second = lines("1. 第一步（ B ）\nA. 先下人\nB. 先通风\n2. 有（A、C）\nA. 甲\nB. 乙\nC. 丙")
    assert (first.content.type, first.content.body.key) == ("single", ("o2",))
    assert (second.content.type, second.content.body.key) == ("multiple", ("o1", "o3"))


def test_blanks_with_their_answers():
    assert one("1. 先____，再____。\n答案：通风；检测").content.body == FillIn((("通风",), ("检测",)))
    question = one("填空题\n1. 先（  ）后作业。\n答案：通风|机械通风")
    assert (question.content.stem, question.content.body) == ("先____后作业。", FillIn((("通风", "机械通风"),)))


def test_short_answer_with_points_by_line():
    question = one("一、简答题\n1. 怎么施救？\n答案：\n（1）不盲目下池(2分)\n（2）报警(3分)\n解析：见预案。")
    assert question.content.body == ShortAnswer((RubricPoint("不盲目下池", 2), RubricPoint("报警", 3)))
    first, second = lines("简答题\n1. 怎么施救？\n答：\n1. 不下池\n2. 报警\n2. 怎么检测？\n要点：先通风；再检测")
    assert first.content.body == ShortAnswer((RubricPoint("不下池"), RubricPoint("报警")))
    assert second.content.body == ShortAnswer((RubricPoint("先通风"), RubricPoint("再检测")))


def test_ordering_and_matching():
    assert one("排序题\n1. 排好\nA. 检测\nB. 通风\n答案：B→A").content.body == Ordering(("通风", "检测"))
    question = one("连线题\n1. 连起来\nA. 甲=>一\nB. 乙=>二\nC. =>三")
    assert question.content.body == Matching((("甲", "一"), ("乙", "二")), ("三",))


def test_case_with_its_parts():
    question = one(
        """
案例分析题
1. 某厂清理污水池，两人晕倒。（10分）
图上没有警示牌。
（1）第一步做什么？（4分）
A. 先下人
B. 先通风
答案：B
（2）监护人可以离开。
答案：错
解析：监护人不能离开。
    """.replace("解析：监护人不能离开。", "")
    )
    parts = question.content.body.parts
    assert question.content.stem == "某厂清理污水池，两人晕倒。（10分）\n图上没有警示牌。"
    assert [(part.type, part.stem, part.points) for part in parts] == [
        ("single", "第一步做什么？", 4),
        ("true_false", "监护人可以离开。", 1),
    ]


def test_questions_without_numbers_are_parted_by_blank_lines():
    first, second = lines("第一步做什么？\nA. 下人\nB. 通风\n答案：B\n\n第二步做什么？\nA. 检测\nB. 吃饭\n答案：A")
    assert [first.content.stem, second.content.stem] == ["第一步做什么？", "第二步做什么？"]


def test_type_announced_in_front_of_the_stem():
    assert one("1.（多选题）有哪些？\nA. 甲\nB. 乙\n答案：AB").content.type == "multiple"
    assert one("1.【判断题】监护人可以离开。\n答案：错误").content.stem == "监护人可以离开。"


def test_what_is_not_understood_names_its_paragraph():
    first, second = lines("1. 一？\nA. 甲\nB. 乙\n这一行是什么\n答案：A\n2. 只有题干")
    assert [(p.kind, p.value) for p in first.problems] == [(K.UNREADABLE, "第 4 段：这一行是什么")]
    assert [(p.kind, p.value) for p in second.problems] == [(K.UNKNOWN_TYPE, "第 2 题")]
    [twice] = lines("1. 一？\nA. 甲\nB. 乙\n答案：A\n答案：B")
    assert [(p.kind, p.value) for p in twice.problems] == [(K.UNREADABLE, "第 5 段又有一个答案：B")]


def test_title_is_told_and_a_document_without_questions_is_one_problem():
    [question] = lines("2026 年培训题库\n\n1. 监护人可以离开。\n答案：错")
    assert question.losses == ("题目前面的文字：第 1 段：2026 年培训题库",)
    [nothing] = lines("只是一份通知")
    assert [problem.kind for problem in nothing.problems] == [K.UNREADABLE]


def test_numbers_inside_a_stem_do_not_begin_a_question():
    assert (
        one("1. 高度在 2.5 米以上，\n1.5 米以下，对吗？\n答案：对").content.stem
        == "高度在 2.5 米以上，\n1.5 米以下，对吗？"
    )


def test_text_file_is_recognised(tmp_path):
    path = tmp_path / "题目.dat"
    path.write_text("一、单选题\n1. 一？\nA. 甲\nB. 乙\n答案：A\n", "gb18030")
    assert kind_of(path) == TEXT
    assert [question.content.stem for question in numbered.read(path)] == ["一？"]


def test_automatic_numbers_count_like_typed_ones(tmp_path):
    document = Document()
    add_list(document, 77, ("decimal", "%1."), ("upperLetter", "%2."))
    document.add_paragraph("一、单选题")
    for stem, key in (("第一步做什么？", "B"), ("第二步做什么？", "A")):
        list_item(document, stem, 77)
        for option in ("先下人", "先通风", "先吃饭"):
            list_item(document, option, 77, level=1)
        document.add_paragraph(f"答案：{key}")
    first, second = read(tmp_path, document)
    assert (first.content.stem, first.content.body) == ("第一步做什么？", STEPS)
    assert (second.content.stem, second.content.body.key) == ("第二步做什么？", ("o1",))


def test_underlined_gaps_are_blanks_and_underlined_words_their_answers(tmp_path):
    document = Document()
    document.add_paragraph("填空题")
    gap = document.add_paragraph("1. 先")
    gap.add_run("      ").underline = True
    gap.add_run("再检测。")
    document.add_paragraph("答案：通风")
    filled = document.add_paragraph("2. 先")
    filled.add_run(" 通风 ").underline = True
    filled.add_run("再")
    filled.add_run("检").underline = True
    filled.add_run("测").underline = True
    first, second = read(tmp_path, document)
    assert (first.content.stem, first.content.body) == ("先____再检测。", FillIn((("通风",),)))
    assert (second.content.stem, second.content.body) == ("先____再____", FillIn((("通风",), ("检测",))))


def test_first_picture_belongs_to_the_question_and_others_are_told(tmp_path):
    document = Document()
    document.add_paragraph("1. 看图，这样对吗？").add_run().add_picture(io.BytesIO(png(1)), width=Inches(1))
    document.add_paragraph("").add_run().add_picture(io.BytesIO(png(2)), width=Inches(1))
    document.add_paragraph("答案：错")
    [question] = read(tmp_path, document)
    assert question.picture == png(1)
    assert question.losses == ("第 2 段：又一张图片",)


def test_line_breaks_inside_a_paragraph_are_lines(tmp_path):
    document = Document()
    document.add_paragraph("1. 第一步做什么？\nA. 先下人\nB. 先通风\nC. 先吃饭\n答案：B")
    [question] = read(tmp_path, document)
    assert question.content.body == STEPS


def test_table_in_the_columns_of_the_trade(tmp_path):
    document = Document()
    document.add_paragraph("一、单选题")
    table = document.add_table(rows=2, cols=4)
    for cell, text in zip(table.rows[0].cells, ["题干", "选项", "答案", "知识点"], strict=True):
        cell.text = text
    for cell, text in zip(table.rows[1].cells, ["第一步做什么？", "", "B", "有限空间作业"], strict=True):
        cell.text = text
    options = table.rows[1].cells[1]
    options.text = "A. 先下人"
    options.add_paragraph("B. 先通风")
    options.add_paragraph("C. 先吃饭")
    document.add_paragraph("二、判断题")
    document.add_paragraph("1. 监护人可以离开。（×）")
    first, second = read(tmp_path, document)
    assert (first.place, first.content.type, first.content.body) == (1, "single", STEPS)
    assert first.names.topic == "有限空间作业"
    assert (second.place, second.content.body) == (2, Truth("false"))


def test_table_that_lays_out_questions_and_one_that_belongs_to_a_stem(tmp_path):
    document = Document()
    layout = document.add_table(rows=1, cols=1).rows[0].cells[0]
    layout.text = "1. 第一步做什么？"
    for text in ("A. 先下人", "B. 先通风", "C. 先吃饭", "答案：B"):
        layout.add_paragraph(text)
    document.add_paragraph("2. 看下表，合格吗？")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "氧含量", "21%"
    document.add_paragraph("答案：对")
    first, second = read(tmp_path, document)
    assert first.content.body == STEPS
    assert second.content.stem == "看下表，合格吗？\n氧含量 | 21%"
    assert second.losses[0].endswith("表格只保留文字")


def test_text_boxes_and_formulas_are_told(tmp_path):
    document = Document()
    paragraph = document.add_paragraph("1. 对吗？")
    run = paragraph.add_run()._r
    shape = OxmlElement("w:pict")
    inner = OxmlElement("w:txbxContent")
    words = OxmlElement("w:t")
    words.text = "框里的字"
    inner.append(words)
    shape.append(inner)
    run.append(shape)
    document.add_paragraph("答案：对")
    [question] = read(tmp_path, document)
    assert question.losses == ("第 1 段：文本框：框里的字",)


def test_numbers_in_words_formats():
    formats = [
        in_format(3, style)
        for style in (
            "decimal",
            "upperLetter",
            "lowerLetter",
            "chineseCounting",
            "upperRoman",
            "decimalEnclosedCircle",
            "bullet",
        )
    ]
    assert formats == ["3", "C", "c", "三", "III", "③", ""]
    assert [in_format(n, "chineseCounting") for n in (10, 11, 20, 99)] == ["十", "十一", "二十", "九十九"]


def test_deeper_levels_start_again_below_each_higher_one():
    levels = {0: Level(1, "decimal", "%1."), 1: Level(1, "decimal", "%1.%2")}
    numbering = Numbering({"5": levels}, {"5": "a"}, set())
    assert [numbering.label("5", depth) for depth in (0, 1, 1, 0, 1)] == ["1.", "1.1.", "1.2.", "2.", "2.1."]
    assert numbering.label("6", 0) == ""
