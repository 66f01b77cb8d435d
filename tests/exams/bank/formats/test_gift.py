"""GIFT in and out."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings

from exams.bank.bodies import Choice, FillIn, Matching, Truth, options_from, stored
from exams.bank.files import GIFT, kind_of
from exams.bank.formats.exchange import FilingNames
from exams.bank.formats.gift import questions_in_text, read
from exams.bank.formats.gift_writing import write
from exams.bank.problems import ProblemKind as K
from exams.bank.soundness import content_problems
from tests.exams.bank.formats.test_sheet_round_trip import facts, simple, written


def one(text):
    [question] = questions_in_text(text)
    return question


def body_of(text):
    question = one(text)
    assert (question.problems, question.losses) == ((), ())
    return question.content.type, question.content.stem, question.content.body


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(written())
@example(simple("// 开头", Choice(options_from(["%50%甲", "[html]乙"]), ("o2",))))
@example(simple("[html]a", Truth("true"), "true_false", "####"))
@example(simple(" 有 ____ 空", FillIn((("19.5..23.5", "20±0.5", "21"),)), "fill_in"))
@example(simple("____", FillIn((("T", "F"),)), "fill_in"))
def test_what_gift_can_hold_comes_back_equal_and_the_rest_is_listed(tmp_path_factory, question):
    question = replace(question, content=replace(question.content, stem=question.content.stem.strip()))
    target = tmp_path_factory.mktemp("gift") / "bank.txt"
    left = write([question], target)
    again = list(read(target))
    if left and left[0].whole:
        assert (len(left), again) == (1, [])
        return
    assert [part.whole for part in left] == [False] * len(left)
    [back] = again
    assert facts(replace(back.content)) == facts(replace(question.content, picture="", picture_alt=""))
    assert (back.names, back.problems, back.losses) == (question.names, (), ())


def test_types_without_a_form_in_gift_are_left_out_whole(tmp_path):
    question = simple("a____b____", FillIn((("甲",), ("乙",))), "fill_in")
    [left] = write([question], tmp_path / "g")
    assert (left.code, left.whole) == ("Q1", True)


def test_written_file_is_recognised(tmp_path):
    target = tmp_path / "whatever.bin"
    write([simple("第一步做什么？", Choice(options_from(["甲", "乙"]), ("o1",)))], target)
    assert kind_of(target) == GIFT


def test_single_choice_with_title_and_comment():
    text = "// 一条注释\n::题一:: 第一步做什么？ {\n  =先通风\n  ~先下人\n  ~先吃饭\n}"
    assert body_of(text) == ("single", "第一步做什么？", Choice(options_from(["先通风", "先下人", "先吃饭"]), ("o1",)))


def test_several_right_options_have_weights():
    kind, _, body = body_of("选对的 {~%50%甲 ~%50%乙 ~丙}")
    assert (kind, body.key) == ("multiple", ("o1", "o2"))


def test_uneven_weights_and_deductions_are_told():
    question = one("选对的 {~%70%甲 ~%30%乙 ~%-20%丙}")
    assert question.losses == ("各选项的得分比例：70%、30%、-20%",)


@pytest.mark.parametrize(("word", "key"), [("T", "true"), ("TRUE", "true"), ("F", "false"), ("false", "false")])
def test_true_and_false(word, key):
    assert body_of(f"短租户不用检查。{{{word}}}") == ("true_false", "短租户不用检查。", Truth(key))


def test_short_answer_becomes_a_blank_with_its_forms():
    assert body_of("先做什么？{=通风 =先通风}") == ("fill_in", "先做什么？____", FillIn((("通风", "先通风"),)))
    assert body_of("先{=通风}后作业") == ("fill_in", "先____后作业", FillIn((("通风",),)))


@pytest.mark.parametrize(
    ("written_as", "form"), [("{#3:2}", "3±2"), ("{#1..5}", "1..5"), ("{#3}", "3"), ("{#=19.5..23.5}", "19.5..23.5")]
)
def test_numbers(written_as, form):
    assert body_of(f"多少？{written_as}")[2] == FillIn(((form,),))


def test_partial_numbers_are_told():
    question = one("哪一年？{#=1822:0 =%50%1822:2}")
    assert question.content.body == FillIn((("1822±0",),))
    assert question.losses == ("部分得分的答案：50% 1822:2",)


def test_matching_with_a_lure():
    kind, _, body = body_of("配对 {=甲 -> 一 =乙 -> 二 = -> 三}")
    assert (kind, body) == ("matching", Matching((("甲", "一"), ("乙", "二")), ("三",)))


def test_essay_needs_points_before_it_can_be_marked():
    question = one("简述密闭空间作业程序。{}")
    assert question.content.type == "short_answer"
    assert [problem.kind for problem in content_problems(question.content)] == [K.BLANK_ANSWER]


def test_general_feedback_is_the_explanation_and_other_feedback_is_told():
    question = one("对吗？{=对的#答对了 ~错的#再想想 #### 因为\\=如此}")
    assert question.content.explanation == "因为=如此"
    assert question.losses == ("单个答案的反馈：答对了", "单个答案的反馈：再想想")


def test_escapes():
    question = one(r"a\:b \{x\} \~ \# {=c\=d ~e\~f\#}")
    assert question.content.stem == "a:b {x} ~ #"
    assert [option.text for option in question.content.body.options] == ["c=d", "e~f#"]


def test_html_becomes_text_and_a_picture_is_told():
    question = one('[html]<p>看<b>图</b></p><p><img src="a.png" alt="现场"></p>{T}')
    assert question.content.stem.startswith("看图")
    assert any("a.png" in loss for loss in question.losses)


def test_markdown_keeps_its_text():
    assert one("[markdown]**先**通风{T}").content.stem == "**先**通风"


def test_category_is_the_topic():
    questions = list(questions_in_text("$CATEGORY: $course$/安全/有限空间作业\n\n甲{T}\n\n$CATEGORY: top\n\n乙{F}\n"))
    assert [question.names.topic for question in questions] == ["有限空间作业", ""]


def test_missing_word_stands_as_a_gap():
    assert one("先 {=通风 ~下人} 后作业").content.stem == "先 ____ 后作业"


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("只有说明", K.NOT_SUPPORTED, "第 1 行：没有答案的说明文字"),
        ("\n\n甲{=对", K.UNREADABLE, "第 3 行：缺少 }"),
        ("甲{=对}乙{=错}", K.NOT_SUPPORTED, "第 1 行：一题里有几处答案"),
        ("甲{对}", K.UNREADABLE, "括号里没有 = 或 ~"),
    ],
)
def test_what_cannot_be_a_question_is_one_with_a_problem(text, kind, value):
    question = one(text)
    assert [(problem.kind, problem.value) for problem in question.problems] == [(kind, value)]


def test_filing_comes_back_from_comments(tmp_path):
    names = FilingNames(
        "主题/一", "4", ("机械", "轻]工"), ("班组长",), ("gm10-13-02",), "apply", "组", "2026-01-02", ""
    )
    question = replace(simple("对吗？", Truth("true"), "true_false"), names=names)
    question = replace(question, content=replace(question.content, source="一\n二", points=Decimal("2.5")))
    write([question], tmp_path / "g")
    [again] = read(tmp_path / "g")
    assert again.names == names
    assert (again.content.source, again.content.points) == ("一\n二", Decimal("2.5"))
    assert stored(again.content.body) == stored(question.content.body)


def test_sentences_about_columns_do_not_make_a_table(tmp_path):
    path = tmp_path / "q"
    path.write_text("下列题目，答案对吗？{T}\n", "utf-8")
    assert kind_of(path) == GIFT
