"""QTI: what is written reads back equal; items of 2.x and 3.0 are read as the specification means them."""

import dataclasses
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exams.bank.bodies import (
    Case,
    Choice,
    FillIn,
    Matching,
    Ordering,
    Region,
    RubricPoint,
    ShortAnswer,
    Truth,
    options_from,
)  # fmt: skip
from exams.bank.files import UnreadableFile
from exams.bank.formats import qti, qti3
from exams.bank.formats.exchange import FilingNames, LeftOut, WrittenQuestion
from exams.bank.formats.samples import sample_picture, sample_questions
from exams.bank.soundness import content_problems
from exams.bank.wording import QuestionContent
from tests.exams.bank.formats.packs import received, sent, written


def there_and_back(questions):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bank.zip"
        left = qti3.write(questions, path)
        return list(qti.read(path)), left


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


VERSIONS = {
    "2.1": ("http://www.imsglobal.org/xsd/imsqti_v2p1", False),
    "2.2": ("http://www.imsglobal.org/xsd/imsqti_v2p2", False),
    "3.0": ("http://www.imsglobal.org/xsd/imsqtiasi_v3p0", True),
}
HTML = {"p", "div", "img", "b", "br", "ul", "ol", "li", "table", "tr", "td", "span", "object"}
every_version = pytest.mark.parametrize("version", VERSIONS)


def in_version(text, version):
    """A text in the words of 2.x, in the words of a version."""
    namespace, kebab = VERSIONS[version]

    def hyphened(name):
        return re.sub(r"[A-Z]", lambda match: f"-{match[0].lower()}", name)

    def element(match):
        name = match[2] if match[2] in HTML or not kebab else f"qti-{hyphened(match[2])}"
        return match[1] + name

    def attribute(match):
        return f" {hyphened(match[1]) if kebab else match[1]}="

    text = re.sub(r" ([A-Za-z]+)=", attribute, re.sub(r"(</?)([A-Za-z]+)", element, text))
    return text.replace(">", f' xmlns="{namespace}">', 1)


def item(body, declarations="", rest="", head=""):
    return (
        f'<assessmentItem identifier="i" title="名称" adaptive="false" timeDependent="false"{head}>{declarations}'
        f"<itemBody>{body}</itemBody>{rest}</assessmentItem>"
    )


def declared(*right, cardinality="single", base="identifier", name="RESPONSE", more=""):
    values = "".join(f"<value>{value}</value>" for value in right)
    correct = f"<correctResponse>{values}</correctResponse>" if right else ""
    return (
        f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base}">{correct}{more}'
        "</responseDeclaration>"
    )


def choice(*texts, name="RESPONSE", prompt="选哪个？", most=1):
    options = "".join(
        f'<simpleChoice identifier="{letter}">{text}</simpleChoice>'
        for letter, text in zip("ABCDEFGH", texts, strict=False)
    )
    return (
        f'<choiceInteraction responseIdentifier="{name}" maxChoices="{most}"><prompt>{prompt}</prompt>{options}'
        "</choiceInteraction>"
    )


def one(tmp_path, text, version="2.1"):
    path = tmp_path / "item.xml"
    path.write_text(in_version(text, version), encoding="utf-8")
    [found] = qti.read(path)
    return found


@every_version
def test_single_and_multiple_choice(tmp_path, version):
    single = one(tmp_path, item("<p>看<b>图</b>。</p>" + choice("甲", "乙", "丙"), declared("B")), version)
    assert (single.content.type, single.content.stem) == ("single", "看图。\n选哪个？")
    assert single.content.body == Choice(options_from(["甲", "乙", "丙"]), ("o2",))
    several = declared("A", "C", cardinality="multiple")
    multiple = one(tmp_path, item(choice("甲", "乙", "丙", most=0), several), version)
    assert (multiple.content.type, multiple.content.body.key) == ("multiple", ("o1", "o3"))
    assert (multiple.content.points, multiple.problems, multiple.losses) == (1, (), ())


@pytest.mark.parametrize("words", [("对", "错"), ("错误", "正确"), ("True", "False"), ("×", "√")])
def test_two_options_that_say_right_and_wrong_are_true_or_false(tmp_path, words):
    found = one(tmp_path, item(choice(*words), declared("A")))
    assert (found.content.type, found.content.body) == (
        "true_false", Truth("true" if words[0] in ("对", "True") else "false"),
    )  # fmt: skip


def test_marks_in_between_are_told(tmp_path):
    half = '<mapEntry mapKey="B" mappedValue="0.5"/>'
    mapping = f'<mapping defaultValue="0"><mapEntry mapKey="A" mappedValue="1"/>{half}</mapping>'
    found = one(tmp_path, item(choice("甲", "乙"), declared("A", more=mapping)))
    assert (found.content.body.key, found.losses) == (("o1",), ("各答案的得分不同，只保留对错",))
    alone = one(tmp_path, item(choice("甲", "乙"), declared(more=mapping)))
    assert alone.content.body.key == ("o1",)


@every_version
def test_blanks_in_the_text(tmp_path, version):
    mapping = (
        '<mapping defaultValue="0"><mapEntry mapKey="通风" mappedValue="1"/><mapEntry mapKey="换气" mappedValue="1"/>'
        '<mapEntry mapKey="吹风" mappedValue="0.5" caseSensitive="true"/></mapping>'
    )
    declarations = declared("通风", base="string", name="R1", more=mapping) + declared("20.9", base="float", name="R2")
    rest = (
        '<responseProcessing><responseCondition><responseIf><equal toleranceMode="absolute" tolerance="0.5 0.5">'
        '<variable identifier="R2"/><correct identifier="R2"/></equal></responseIf></responseCondition>'
        "</responseProcessing>"
    )
    first, second = (f'<textEntryInteraction responseIdentifier="{name}"/>' for name in ("R1", "R2"))
    body = f"<p>先{first}，</p><p>氧{second}%</p>"
    found = one(tmp_path, item(body, declarations, rest), version)
    assert (found.content.type, found.content.stem) == ("fill_in", "先____，\n氧____%")
    assert found.content.body == FillIn((("通风", "换气"), ("20.9±0.5",)))
    assert found.losses == ("各答案的得分不同，只保留对错",)
    assert content_problems(found.content) == []


@every_version
def test_ordering_and_matching(tmp_path, version):
    steps = "".join(
        f'<simpleChoice identifier="{name}">{text}</simpleChoice>'
        for name, text in (("A", "作业"), ("B", "通风"), ("C", "检测"))
    )
    order = f'<orderInteraction responseIdentifier="RESPONSE"><prompt>排序</prompt>{steps}</orderInteraction>'
    found = one(tmp_path, item(order, declared("B", "C", "A", cardinality="ordered")), version)
    assert (found.content.stem, found.content.body) == ("排序", Ordering(("通风", "检测", "作业")))
    some = one(tmp_path, item(order, declared("B", "C", cardinality="ordered")), version)
    assert (some.content.body, some.losses) == (Ordering(("通风", "检测")), ("不参加排序的选项：作业",))
    sets = "".join(
        "<simpleMatchSet>"
        + "".join(
            f'<simpleAssociableChoice identifier="{n}" matchMax="2">{t}</simpleAssociableChoice>' for n, t in group
        )
        + "</simpleMatchSet>"
        for group in ([("R", "红"), ("Y", "黄")], [("F", "禁止"), ("W", "警告"), ("N", "提示")])
    )
    match = (
        f'<matchInteraction responseIdentifier="RESPONSE" maxAssociations="2"><prompt>配对</prompt>{sets}'
        "</matchInteraction>"
    )
    pairs = declared("R F", "Y W", cardinality="multiple", base="directedPair")
    found = one(tmp_path, item(match, pairs), version)
    assert found.content.body == Matching((("红", "禁止"), ("黄", "警告")), ("提示",))
    twice = declared("R F", "R W", "Y W", cardinality="multiple", base="directedPair")
    assert [p.value for p in one(tmp_path, item(match, twice), version).problems] == ["一项配多项"]


def test_extended_text_takes_its_rubric_from_what_scorers_see(tmp_path):
    rubric = '<rubricBlock view="scorer"><ul><li>先通风（2 分）</li><li>再检测</li></ul></rubricBlock>'
    for_tutors = '<rubricBlock view="tutor"><p>提醒考生</p></rubricBlock>'
    for_candidates = '<rubricBlock view="candidate"><p>写 50 字</p></rubricBlock>'
    asks = '<extendedTextInteraction responseIdentifier="RESPONSE"><prompt>简述</prompt></extendedTextInteraction>'
    body = for_tutors + for_candidates + asks
    found = one(tmp_path, item(body + rubric, declared(base="string")))
    assert (found.content.type, found.content.stem) == ("short_answer", "写 50 字\n简述")
    assert found.content.body == ShortAnswer((RubricPoint("先通风", Decimal(2)), RubricPoint("再检测")))
    assert found.losses == ("给tutor的说明：提醒考生",)


def packed(tmp_path, items, files=(), version="3.0", metadata=""):
    path = tmp_path / "package.zip"
    kind = f"imsqti_item_xmlv{version.replace('.', 'p')}"
    resources = "".join(f'<resource identifier="{n}" type="{kind}" href="{n}">{metadata}</resource>' for n, _ in items)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("pack/imsmanifest.xml", f"<manifest><resources>{resources}</resources></manifest>")
        for name, text in items:
            archive.writestr(f"pack/{name}", in_version(text, version))
        for name, data in files:
            archive.writestr(f"pack/{name}", data)
    return list(qti.read(path))


@every_version
def test_areas_to_be_pointed_at(tmp_path, version):
    areas = (
        '<areaMapping defaultValue="0"><areaMapEntry shape="circle" coords="100,50,20" mappedValue="1"/>'
        '<areaMapEntry shape="rect" coords="0,0,50%,50%" mappedValue="1"/>'
        '<areaMapEntry shape="poly" coords="0,0,200,0,200,100,0,0" mappedValue="1"/>'
        '<areaMapEntry shape="rect" coords="0,0,9,9" mappedValue="0"/></areaMapping>'
    )
    shown = '<img src="../images/a%20b.png" width="200" height="100" alt="车间"/>' if version == "3.0" else (
        '<object type="image/png" data="../images/a%20b.png" width="200" height="100">车间</object>'
    )  # fmt: skip
    body = (
        f'<selectPointInteraction responseIdentifier="RESPONSE" maxChoices="0"><prompt>找</prompt>{shown}'
        "</selectPointInteraction>"
    )
    text = item(body, declared(base="point", cardinality="multiple", more=areas))
    [found] = packed(tmp_path, [("items/a.xml", text)], [("images/a b.png", sample_picture(400, 200))], version)
    assert (found.content.type, found.content.picture_alt) == ("hotspot", "车间")
    assert found.content.body.regions == (
        Region("ellipse", (4000, 3000, 6000, 7000), "区域 1"),
        Region("rect", (0, 0, 5000, 5000), "区域 2"),
        Region("polygon", (0, 0, 10000, 0, 10000, 10000), "区域 3"),
    )
    assert content_problems(found.content) == []


def test_hotspots_to_be_chosen(tmp_path):
    body = (
        '<hotspotInteraction responseIdentifier="RESPONSE" maxChoices="2"><prompt>找</prompt>'
        '<img src="a.png" alt="图"/>'
        '<hotspotChoice identifier="A" shape="rect" coords="0,0,10,10" hotspotLabel="护栏"/>'
        '<hotspotChoice identifier="B" shape="circle" coords="30,30,5"/>'
        '<hotspotChoice identifier="C" shape="default" coords=""/></hotspotInteraction>'
    )
    text = item(body, declared("A", "C", cardinality="multiple"))
    [found] = packed(tmp_path, [("a.xml", text)], [("a.png", sample_picture(100, 100))])
    assert found.content.body.regions == (Region("rect", (0, 0, 1000, 1000), "护栏"),)
    assert found.losses == ("干扰区域 1 个",)
    assert [problem.kind for problem in found.problems] == ["bad_region"]


@every_version
def test_several_interactions_in_one_item_are_a_case(tmp_path, version):
    body = (
        "<div><p>某厂一人晕倒。</p>" + choice("撤离", "救援", name="R1", prompt="首先？") + "</div>"
        '<p>先<textEntryInteraction responseIdentifier="R2"/>再作业。</p><p>请简述。</p>'
        '<extendedTextInteraction responseIdentifier="R3"/><rubricBlock view="scorer"><p>通风（2 分）</p></rubricBlock>'
    )
    declarations = (
        declared("A", name="R1") + declared("通风", name="R2", base="string") + declared(name="R3", base="string")
    )
    found = one(tmp_path, item(body, declarations), version)
    assert (found.content.type, found.content.stem) == ("case", "某厂一人晕倒。")
    assert [(part.type, part.stem) for part in found.content.body.parts] == [
        ("single", "首先？"), ("fill_in", "先____再作业。"), ("short_answer", "请简述。"),
    ]  # fmt: skip
    assert content_problems(found.content) == []


def test_points_and_explanation(tmp_path):
    outcomes = (
        '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float" normalMaximum="2.5"/>'
        '<outcomeDeclaration identifier="FEEDBACK" cardinality="single" baseType="identifier"/>'
    )
    feedback = '<modalFeedback outcomeIdentifier="FEEDBACK" identifier="{}" showHide="show"><p>{}</p></modalFeedback>'
    text = item(choice("甲", "乙"), declared("A") + outcomes, feedback.format("e", "见第 5 章"))
    assert (one(tmp_path, text).content.points, one(tmp_path, text).content.explanation) == (
        Decimal("2.5"),
        "见第 5 章",
    )
    by_answer = feedback.format("right", "好") + feedback.format("wrong", "不对")
    found = one(tmp_path, item(choice("甲", "乙"), declared("A"), by_answer))
    assert (found.content.explanation, found.losses) == ("", ("按作答给出的反馈：好", "按作答给出的反馈：不对"))


@every_version
@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("gapMatchInteraction", "拖词填空"), ("associateInteraction", "自由配对"), ("sliderInteraction", "滑块"),
        ("uploadInteraction", "上传文件"), ("graphicOrderInteraction", "图上排序"),
        ("portableCustomInteraction", "自定义题"), ("hottextInteraction", "文中选词"),
        ("inlineChoiceInteraction", "行内选择"),
    ],
)  # fmt: skip
def test_other_interactions_are_named_not_dropped(tmp_path, kind, word, version):
    body = f'<p>题干</p><{kind} responseIdentifier="RESPONSE"><prompt>怎么办？</prompt></{kind}>'
    found = one(tmp_path, item(body, declared("A")), version)
    assert [(problem.kind, problem.value) for problem in found.problems] == [("not_supported", f"{word}（{kind}）")]
    assert found.content.stem == "题干\n怎么办？"


def test_changing_and_branching_items_are_not_ours(tmp_path):
    template = '<templateDeclaration identifier="X" cardinality="single" baseType="integer"/>'
    assert [p.kind for p in one(tmp_path, item(choice("甲", "乙"), declared("A") + template)).problems] == [
        "not_supported"
    ]
    adaptive = item(choice("甲", "乙"), declared("A")).replace('adaptive="false"', 'adaptive="true"')
    assert [p.kind for p in one(tmp_path, adaptive).problems] == ["not_supported"]
    assert [p.value for p in one(tmp_path, item("<p>只是说明</p>")).problems] == ["没有作答部分"]


def test_older_versions_are_refused(tmp_path):
    path = tmp_path / "item.xml"
    for text in ("<questestinterop><item/></questestinterop>", '<assessmentItem xmlns="http://example.org/other"/>'):
        path.write_text(text)
        with pytest.raises(UnreadableFile) as caught:
            list(qti.read(path))
        assert caught.value.reason == "kind"


def test_filing_of_others_is_a_loss_and_their_difficulty_is_not(tmp_path):
    lom = (
        '<metadata><lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general><keyword><string>动火</string></keyword></general>'
        "<educational><difficulty><source>LOMv1.0</source><value>difficult</value></difficulty></educational>"
        "<classification><taxonPath><source><string>Dewey</string></source><taxon><entry><string>363.11</string></entry>"
        "</taxon></taxonPath></classification></lom></metadata>"
    )
    [found] = packed(tmp_path, [("a.xml", item(choice("甲", "乙"), declared("A")))], metadata=lom)
    assert found.names == FilingNames(difficulty="4")
    assert found.losses == ("分类 Dewey：363.11", "关键词：动火")


def test_a_test_in_the_package_is_named_as_not_imported(tmp_path):
    path = tmp_path / "package.zip"
    qti3.write(sample_questions()[:1], path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    test = b'<resource identifier="t" type="imsqti_test_xmlv3p0" href="t.xml"/></resources>'
    members["imsmanifest.xml"] = members["imsmanifest.xml"].replace(b"</resources>", test)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    [found] = qti.read(path)
    assert found.losses == ("没有导入的部分：imsqti_test_xmlv3p0",)


def item_of(number):
    return qti3.item_of(sample_questions()[number], "../images/a.png")[0]


def test_scoring_says_what_the_bank_does():
    assert 'template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"' in item_of(0)
    assert '<qti-base-value base-type="float">2</qti-base-value>' in item_of(1)  # two points, all or nothing
    assert "rptemplates/map_response.xml" in item_of(5)
    assert 'mapped-value="2"' in item_of(5)  # six points for three pairs
    assert "rptemplates/map_response_point.xml" in item_of(6)
    assert 'default-value="-0.583333" lower-bound="0" upper-bound="7"' in item_of(6)  # a wild mark costs a quarter
    assert "qti-response-processing" not in item_of(7)
    assert 'external-scored="human"' in item_of(7)
    assert 'tolerance="2 2"' in item_of(8)  # 19.5..23.5


def test_parts_keep_names_that_do_not_follow_their_order():
    case = sample_questions()[-1]
    content = dataclasses.replace(case.content, body=Case(case.content.body.parts[::-1]))
    case = dataclasses.replace(case, content=content)
    found, _ = there_and_back([case])
    assert [received(one) for one in found] == [sent(case)]


def test_the_same_questions_make_the_same_file(tmp_path):
    for name in ("a.zip", "b.zip"):
        qti3.write(sample_questions(), tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_picture_shown_by_several_questions_is_packed_once(tmp_path):
    hotspot = sample_questions()[6]
    qti3.write([hotspot, dataclasses.replace(hotspot, code="Q2")], tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert sum(name.startswith("images/") for name in archive.namelist()) == 1
    assert [received(one) for one in qti.read(tmp_path / "a.zip")] == [sent(hotspot)] * 2


def test_what_would_be_too_much_to_read_back_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(qti3, "MOST_FILES", 5)
    left = qti3.write(sample_questions()[:6], tmp_path / "a.zip")
    assert [(one.code, one.whole) for one in left] == [("Q00005", True), ("Q00006", True)]
    assert len(list(qti.read(tmp_path / "a.zip"))) == 4


def test_a_hotspot_without_its_picture_is_left_out_whole():
    hotspot = dataclasses.replace(sample_questions()[6], picture=b"")
    found, left = there_and_back([hotspot, sample_questions()[0]])
    assert (len(found), left) == (1, [LeftOut("Q00007", "没有图片的找隐患题", whole=True)])


def test_text_that_xml_would_eat_comes_back():
    texts = ["a  b   c", "1 < 2 && 3 > 2", "]]> <![CDATA[", "<script>alert(1)</script>", "&lt; &nbsp;", "一\n二\n\n四"]
    questions = [
        WrittenQuestion(f"Q{n}", QuestionContent("true_false", text, Truth("true"), text, Decimal(1)), FilingNames())
        for n, text in enumerate(texts)
    ]
    found, _ = there_and_back(questions)
    assert [(one.content.stem, one.content.explanation) for one in found] == [(text, text) for text in texts]
