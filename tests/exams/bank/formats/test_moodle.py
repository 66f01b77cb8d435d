"""Moodle XML: what is written reads back equal; what Moodle writes is read as Moodle means it."""

import base64
import dataclasses
import re
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exams.bank.bodies import Case, Choice, FillIn, Matching, Region, RubricPoint, ShortAnswer, Truth, options_from
from exams.bank.formats import moodle_xml
from exams.bank.formats.exchange import FilingNames, LeftOut, WrittenQuestion
from exams.bank.formats.samples import sample_picture, sample_questions
from exams.bank.soundness import content_problems
from exams.bank.wording import QuestionContent
from tests.exams.bank.formats.packs import received, sent, written


def there_and_back(questions):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bank.xml"
        left = moodle_xml.write(questions, path)
        return list(moodle_xml.read(path)), left


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(written(), min_size=1, max_size=3, unique_by=lambda question: question.code))
def test_what_is_exported_imports_back_equal(questions):
    found, left = there_and_back(questions)
    assert [one for one in left if one.whole] == []
    assert [received(question) for question in found] == [sent(question) for question in questions]
    assert [(question.problems, question.losses) for question in found] == [((), ())] * len(questions)


def test_every_type_comes_back_without_a_loss():
    found, left = there_and_back(sample_questions())
    assert left == []
    assert [received(question) for question in found] == [sent(question) for question in sample_questions()]
    assert [question.place for question in found] == [1, 2, 3, 4, 5, 6, 7, 8, 12]


def quiz(tmp_path, *questions):
    path = tmp_path / "quiz.xml"
    path.write_text(f"<quiz>{''.join(questions)}</quiz>", encoding="utf-8")
    return list(moodle_xml.read(path))


def question(kind, inner, stem="题", format_="html", tail=""):
    return (
        f'<question type="{kind}"><name><text>名称</text></name><questiontext format="{format_}">'
        f"<text><![CDATA[{stem}]]></text>{tail}</questiontext><defaultgrade>2.0000000</defaultgrade>"
        f"<penalty>0.3333333</penalty>{inner}</question>"
    )


def answer(text, fraction=100, inner=""):
    return f'<answer fraction="{fraction}" format="html"><text><![CDATA[{text}]]></text>{inner}</answer>'


def one(tmp_path, *args, **more):
    [found] = quiz(tmp_path, question(*args, **more))
    return found


def test_formatted_text_becomes_lines(tmp_path):
    stem = "<p>面积 <b>3</b>&nbsp;m<sup>2</sup>，</p><ul><li>H<sub>2</sub>S</li><li>CO</li></ul><p>1 &lt; 2<br>完</p>"
    found = one(tmp_path, "truefalse", answer("true"), stem=stem)
    assert found.content.stem == "面积 3 m²，\nH₂S\nCO\n1 < 2\n完"
    assert found.losses == ()


def test_plain_and_automatic_text_keep_their_lines(tmp_path):
    assert one(tmp_path, "truefalse", "", stem="a <b>\nc", format_="plain_text").content.stem == "a <b>\nc"
    assert one(tmp_path, "truefalse", "", stem="a\nc", format_="moodle_auto_format").content.stem == "a\nc"
    assert one(tmp_path, "truefalse", "", stem="a\nc", format_="html").content.stem == "a c"


def test_a_table_and_a_formula_are_losses(tmp_path):
    stem = "<table><tr><td>氧</td><td>19.5%</td></tr></table><math>x</math>"
    found = one(tmp_path, "truefalse", answer("false"), stem=stem)
    assert (found.content.stem, found.losses) == ("氧 | 19.5%\nx", ("表格变成了文字", "公式变成了文字"))


def test_single_choice_with_partial_marks_keeps_the_best(tmp_path):
    inner = (
        "<single>true</single>"
        + answer("甲", 50)
        + answer("乙")
        + answer("丙", -25, "<feedback><text>错</text></feedback>")
    )
    found = one(tmp_path, "multichoice", inner)
    assert (found.content.type, found.content.body) == ("single", Choice(options_from(["甲", "乙", "丙"]), ("o2",)))
    assert found.losses == ("逐项反馈", "部分得分的选项：甲", "选错倒扣分")
    assert found.content.points == Decimal(2)


def test_several_answers_are_multiple_choice(tmp_path):
    inner = "<single>false</single>" + answer("甲", 50) + answer("乙", 50) + answer("丙", -100)
    found = one(tmp_path, "multichoice", inner)
    assert (found.content.type, found.content.body.key, found.losses) == ("multiple", ("o1", "o2"), ())
    uneven = one(tmp_path, "multichoice", "<single>false</single>" + answer("甲", 70) + answer("乙", 30))
    assert uneven.losses == ("各选项的得分比例不同，只保留对错",)


def test_short_answers_get_a_blank_where_moodle_puts_its_box(tmp_path):
    inner = "<usecase>1</usecase>" + answer("通风") + answer("通*") + answer(r"5\*5") + answer("换气", 80)
    found = one(tmp_path, "shortanswer", inner, stem="先_____后作业")
    assert (found.content.stem, found.content.body) == ("先____后作业", FillIn((("通风", "通*", "5*5"),)))
    assert found.losses == ("通配符 *：通*", "部分得分的答案：换气", "区分大小写")
    assert one(tmp_path, "shortanswer", answer("通风"), stem="先做什么？").content.stem == "先做什么？ ____"
    assert one(tmp_path, "shortanswer", answer("通风"), stem="").content.stem == ""


def test_numbers_keep_their_tolerance_and_lose_their_unit(tmp_path):
    unit = "<units><unit><multiplier>1</multiplier><unit_name>%</unit_name></unit></units>"
    inner = answer("20.9", inner="<tolerance>0.5</tolerance>") + answer("21", inner="<tolerance>0</tolerance>") + unit
    found = one(tmp_path, "numerical", inner)
    assert (found.content.body, found.losses) == (FillIn((("20.9±0.5", "21"),)), ("单位：%",))
    bad = one(tmp_path, "numerical", answer("many"))
    assert [(problem.kind, problem.value) for problem in bad.problems] == [("answer_unreadable", "many")]


def test_matching_with_a_lure(tmp_path):
    rows = [("红", "禁止"), ("黄", "警告"), ("", "提示")]
    inner = "".join(
        f'<subquestion format="html"><text>{prompt}</text><answer><text>{target}</text></answer></subquestion>'
        for prompt, target in rows
    )
    assert one(tmp_path, "matching", inner).content.body == Matching((("红", "禁止"), ("黄", "警告")), ("提示",))


def test_an_essay_takes_its_rubric_from_what_graders_are_told(tmp_path):
    lines = "<ul><li>先通风（2 分）</li><li>再检测</li></ul>监护(0.5分)"
    info = f'<graderinfo format="html"><text><![CDATA[{lines}]]></text></graderinfo>'
    found = one(tmp_path, "essay", info + "<attachments>2</attachments>")
    assert found.content.body == ShortAnswer(
        (RubricPoint("先通风", Decimal(2)), RubricPoint("再检测"), RubricPoint("监护", Decimal("0.5")))
    )
    assert found.losses == ("要求上传附件",)
    empty = one(tmp_path, "essay", "")
    assert [problem.kind for problem in content_problems(empty.content)] == ["blank_answer"]


def marker(*drops, picture=None):
    data = base64.b64encode(picture or sample_picture(400, 200)).decode()
    zones = "".join(
        f"<drop><no>{n}</no><shape>{shape}</shape><coords>{coords}</coords><choice>{n}</choice></drop>"
        for n, (shape, coords) in enumerate(drops, start=1)
    )
    drags = "".join(f"<drag><no>{n}</no><text>隐患 {n}</text></drag>" for n in range(1, 5))
    return f'<file name="a.png" encoding="base64">{data}</file>{drags}{zones}'


def test_drop_zones_in_pixels_become_regions(tmp_path):
    inner = marker(("circle", "200,100;50"), ("rectangle", "10,20;40,30"), ("polygon", "0,0;400,0;400,200"))
    found = one(tmp_path, "ddmarker", inner)
    assert found.content.body.regions == (
        Region("ellipse", (3750, 2500, 6250, 7500), "隐患 1"),
        Region("rect", (250, 1000, 1250, 2500), "隐患 2"),
        Region("polygon", (0, 0, 10000, 0, 10000, 10000), "隐患 3"),
    )
    assert (found.content.body.tolerance, found.content.body.penalty) == (0, Decimal(0))
    assert found.losses == ("拖放标记改成了点击找隐患，不再核对每个标记的名称", "干扰标记：隐患 4")
    assert content_problems(found.content) == []


def test_zones_of_a_large_picture_are_measured_as_moodle_shows_it_unless_they_reach_further(tmp_path):
    large = sample_picture(1200, 800)
    [shown] = one(tmp_path, "ddmarker", marker(("rectangle", "0,0;300,200"), picture=large)).content.body.regions
    assert shown.coords == (0, 0, 5000, 5000)
    [real] = one(tmp_path, "ddmarker", marker(("rectangle", "0,0;1200,400"), picture=large)).content.body.regions
    assert real.coords == (0, 0, 10000, 5000)


def test_a_zone_that_cannot_be_drawn_is_a_problem(tmp_path):
    found = one(tmp_path, "ddmarker", marker(("circle", "a,b;c"), ("star", "1,2;3"), ("circle", "5,5;9999999")))
    assert [problem.kind for problem in found.problems] == ["bad_region"] * 3


def test_ours_is_believed_only_where_it_says_what_the_zone_says(tmp_path):
    own = '<sanzhen region="ellipse 3751,2501,6251,7501"/>'
    inner = marker(("circle", "200,100;50")).replace("</choice>", f"</choice>{own}")
    assert one(tmp_path, "ddmarker", inner).content.body.regions[0].coords == (3751, 2501, 6251, 7501)
    edited = inner.replace("200,100;50", "100,100;50")
    assert one(tmp_path, "ddmarker", edited).content.body.regions[0].coords == (1250, 2500, 3750, 7500)


def test_cloze_with_blanks_only_is_a_fill_in_question(tmp_path):
    stem = r"<p>先{1:SHORTANSWER:=通风~=换&amp;气~%50%吹风#差一点}，氧含量{2:NUMERICAL:=20.9:0.5}，{:SA:=a\}b\~c}</p>"
    found = one(tmp_path, "cloze", "", stem=stem)
    assert found.content.stem == "先____，氧含量____，____"
    assert found.content.body == FillIn((("通风", "换&气"), ("20.9±0.5",), ("a}b~c",)))
    assert found.content.points == 4
    assert found.losses == ("逐项反馈", "各空的分值不同，按相同分值读入", "部分得分的答案：吹风")


def test_cloze_with_menus_is_a_case(tmp_path):
    stem = "先{1:MULTICHOICE:通风~=检测~撤离}，戴{2:MR:%50%手套~%50%面罩~项链}，写{1:SA:=票}。"
    found = one(tmp_path, "cloze", "", stem=stem)
    assert found.content.stem == "先（1），戴（2），写（3）。"
    assert [(part.type, part.stem, part.points) for part in found.content.body.parts] == [
        ("single", "（1）", 1), ("multiple", "（2）", 2), ("fill_in", "（3）____", 1),
    ]  # fmt: skip
    assert [part.body.key for part in found.content.body.parts[:2]] == [("o2",), ("o1", "o2")]
    assert content_problems(found.content) == []


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("description", "说明（description）"), ("random", "随机题（random）"), ("ddwtos", "拖词入句（ddwtos）"),
        ("calculatedmulti", "计算选择题（calculatedmulti）"), ("gapselect", "选词填空（gapselect）"),
        ("stack", "stack"), ("", ""),
    ],
)  # fmt: skip
def test_other_types_are_named_not_dropped(tmp_path, kind, said):
    found = one(tmp_path, kind, answer("x"))
    assert [(problem.kind, problem.value) for problem in found.problems] == [("not_supported", said)]
    assert found.content.stem == "题"


def test_what_the_bank_cannot_keep_is_listed(tmp_path):
    inner = (
        answer("true") + "<hint><text>想想</text></hint><tags><tag><text>安全</text></tag></tags>"
        "<correctfeedback><text>Your answer is correct.</text></correctfeedback>"
        "<incorrectfeedback><text>再看第 5 章</text></incorrectfeedback>"
        "<generalfeedback format='html'><text>见第 5 章</text></generalfeedback>"
    )  # fmt: skip
    found = one(tmp_path, "truefalse", inner)
    assert found.losses == ("标签：安全", "提示（hint）", "作答反馈：再看第 5 章")
    assert found.content.explanation == "见第 5 章"


def test_the_first_embedded_picture_is_kept_and_others_are_named(tmp_path):
    data = base64.b64encode(sample_picture(20, 10)).decode()
    stem = '<img src="@@PLUGINFILE@@/%E5%9B%BE.png" alt="图"><img src="@@PLUGINFILE@@/2.png"><img src="https://x.org/3.png">'
    tail = f'<file name="图.png" encoding="base64">{data}</file><file name="2.png" encoding="base64">{data}</file>'
    found = one(tmp_path, "truefalse", answer("true"), stem=stem + "题", tail=tail)
    assert (found.picture, found.content.picture_alt) == (sample_picture(20, 10), "图")
    assert found.losses == ("第二张图片 2.png", "文件里没有的图片 https://x.org/3.png")


def test_a_picture_inside_the_address_is_embedded_too(tmp_path):
    data = base64.b64encode(sample_picture(700, 500)).decode()
    found = one(tmp_path, "truefalse", answer("true"), stem=f'题<img src="data:image/png;base64,{data}" alt="图">')
    assert (found.content.stem, found.picture) == ("题", sample_picture(700, 500))


def test_the_category_is_the_topic(tmp_path):
    def under(path):
        category = f'<question type="category"><category><text>{path}</text></category></question>'
        [found] = quiz(tmp_path, category, question("truefalse", answer("true")))
        return found.place, found.names.topic, found.losses

    assert under("$course$/top/有限空间") == (1, "有限空间", ())
    assert under("$course$/动火/// 高处") == (1, "高处", ("分类路径：$course$/动火/// 高处",))
    assert under("$system$/top/电气/a//b") == (1, "a/b", ("分类路径：$system$/top/电气/a//b",))
    assert under("$course$/top") == (1, "", ())


def test_points_are_read_in_hundredths(tmp_path):
    text = question("truefalse", answer("true"))
    [found] = quiz(tmp_path, text.replace("2.0000000", "1.3333333"))
    assert (found.content.points, found.losses) == (Decimal("1.33"), ("分值 1.3333333 按 1.33 读入",))
    for bad in ("many", "-1", "1e9", "NaN"):
        [found] = quiz(tmp_path, text.replace("2.0000000", bad))
        assert [(problem.kind, problem.value) for problem in found.problems] == [("bad_points", bad)]


def pieces_of(tmp_path, questions):
    path = tmp_path / "case.xml"
    moodle_xml.write(questions, path)
    return [piece + "</question>" for piece in path.read_text().partition("<quiz>")[2].split("</question>")[:-1]]


def test_parts_of_a_case_find_together_in_any_order(tmp_path):
    case = sample_questions()[-1]
    category, *pieces = pieces_of(tmp_path, [case])
    found = quiz(tmp_path, category, *reversed(pieces), question("truefalse", answer("true")))
    assert [(one.place, one.content.type) for one in found] == [(4, "case"), (5, "true_false")]
    assert received(found[0]) == sent(case)


def test_topics_that_a_path_would_swallow_come_back(tmp_path):
    topics = ["/", "/电气", "top", "$x$", "a//b", "a/b", "", "电气"]
    case = sample_questions()[-1]
    questions = [
        dataclasses.replace(case, code=f"Q{n}", names=FilingNames(topic=topic)) for n, topic in enumerate(topics)
    ]
    found, _ = there_and_back(questions)
    assert [(one.names.topic, one.losses) for one in found] == [(topic, ()) for topic in topics]


def turned(case):
    """The case with its parts in another order, under their old names."""
    content = dataclasses.replace(case.content, body=Case(case.content.body.parts[::-1]))
    return dataclasses.replace(case, content=content)


def test_parts_keep_names_that_do_not_follow_their_order(tmp_path):
    case = turned(sample_questions()[-1])
    category, *pieces = pieces_of(tmp_path, [case])
    [found] = quiz(tmp_path, category, *reversed(pieces))
    assert received(found) == sent(case)


def test_a_case_with_a_part_missing_says_so(tmp_path):
    category, situation, first, _, last = pieces_of(tmp_path, [sample_questions()[-1]])
    [found] = quiz(tmp_path, category, situation, first, last)
    assert [(problem.kind, problem.column, problem.value) for problem in found.problems] == [
        ("unreadable", "小题", "2/3")
    ]
    [found] = quiz(tmp_path, category, first, last)
    assert ("unreadable", "案例的情境说明") in [(problem.kind, problem.value) for problem in found.problems]


def test_text_that_xml_or_html_would_eat_comes_back(tmp_path):
    texts = [
        "a  b   c",
        "1 < 2 && 3 > 2",
        "]]> <![CDATA[",
        "<script>alert(1)</script>",
        "&lt; &nbsp;",
        "第一行\n第二行\n\n第四行",
    ]
    questions = [
        WrittenQuestion(f"Q{n}", QuestionContent("true_false", text, Truth("true"), text, Decimal(1)), FilingNames())
        for n, text in enumerate(texts)
    ]
    found, _ = there_and_back(questions)
    assert [(one.content.stem, one.content.explanation) for one in found] == [(text, text) for text in texts]


def test_a_hotspot_without_its_picture_is_left_out_whole(tmp_path):
    hotspot = dataclasses.replace(sample_questions()[6], picture=b"")
    found, left = there_and_back([hotspot])
    assert (found, left) == ([], [LeftOut("Q00007", "没有图片的找隐患题", whole=True)])


def test_words_and_ranges_in_one_blank_are_told(tmp_path):
    content = QuestionContent("fill_in", "____", FillIn((("20±0.5", "二十"),)), "", Decimal(1))
    found, left = there_and_back([WrittenQuestion("Q1", content, FilingNames())])
    assert found[0].content.body == content.body
    assert [(one.code, one.whole) for one in left] == [("Q1", False)]


def test_wrong_ticks_cost_everything_in_moodle(tmp_path):
    [_, text] = pieces_of(tmp_path, [sample_questions()[1]])
    assert re.findall(r'fraction="([^"]*)"', text) == ["50", "50", "-100"]
