"""Printed papers: all nine types, letters that agree on all sheets, a trace of each printing."""

import io
import re
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from PIL import Image
from pypdf import PdfReader

from exams.bank.bodies import (
    Case,
    Choice,
    FillIn,
    Hotspot,
    Matching,
    Ordering,
    Part,
    Region,
    RubricPoint,
    ShortAnswer,
    Truth,
    options_from,
    stored,
)
from exams.bank.models import QuestionPicture, QuestionType
from exams.papers.models import Paper
from exams.papers.printing import Picture, Source, cell_at, columns_for, printed, printed_parts
from exams.papers.printing_sheets import Stamp, sheet_pdf
from exams.papers.queries import paper_with_items
from lms.audit.models import AuditEntry
from tests.exams.bank.contents import contents
from tests.factories.exams import NOW, ExamFactory, PaperFactory, PaperItemFactory, QuestionVersionFactory

pytestmark = pytest.mark.django_db
HAZARDS = Hotspot((
    Region("rect", (0, 0, 1250, 1666), "没有泄爆"),
    Region("ellipse", (5000, 5000, 6250, 6666), "没有防爆"),
    Region("polygon", (9000, 9000, 9900, 9000, 9900, 9900), "积尘"),
))  # fmt: skip


def source(type_, stem, body, points=Decimal(2), **more):
    options, key = stored(body)
    return Source(type_, stem, options, key, points, **more)


def test_parts_follow_the_types_and_say_what_they_are_worth():
    choice = Choice(options_from(["甲", "乙"]), ("o1",))
    rows = [
        source("single", "一", choice), source("true_false", "二", Truth("true"), Decimal(1)),
        source("single", "三", choice), source("true_false", "四", Truth("false"), Decimal("1.5")),
    ]  # fmt: skip
    first, second = printed_parts(rows)
    assert (first.numeral, first.type, first.each, first.total) == ("一", "single", Decimal(2), Decimal(4))
    assert (second.numeral, second.type, second.each, second.total) == ("二", "true_false", None, Decimal("2.5"))
    assert [question.label for part in (first, second) for question in part.questions] == ["1.", "2.", "3.", "4."]
    assert [question.pieces[0] for question in first.questions] == ["一", "三"]


def test_key_uses_the_letters_of_the_question_sheet():
    ordering = printed(source("ordering", "排序", Ordering(("办票", "通风", "检测"))), "1.")
    letters = {line.text: line.mark for line in ordering.lines}
    assert ordering.answer == (" → ".join(letters[text] for text in ("办票", "通风", "检测")),)
    matching = printed(source("matching", "连线", Matching((("硫化氢", "中毒"), ("氮气", "窒息")), ("灼伤",))), "2.")
    targets = {line.text: line.mark for line in matching.targets}
    assert matching.answer == (f"1 — {targets['中毒']}，2 — {targets['窒息']}",)
    assert sorted(targets) == sorted(["中毒", "窒息", "灼伤"])
    several = printed(source("multiple", "多选", Choice(options_from(["甲", "乙", "丙"]), ("o3", "o1"))), "3.")
    assert several.answer == ("AC",)


def test_hazards_are_named_by_the_cell_of_the_frame():
    question = printed(source("hotspot", "找", HAZARDS, picture=Picture("data:,", 800, 600)), "1.")
    assert question.answer == ("① A1 没有泄爆", "② E4 没有防爆", "③ H6 积尘")
    assert [cell_at(x, y) for x, y in ((0, 0), (0.999, 0.999), (1, 1), (0.5, 0.5))] == ["A1", "H6", "H6", "E4"]
    assert question.regions[0].coords == (0.0, 0.0, 100.0, 100.0)


def test_tall_pictures_are_narrowed_to_fit_their_page():
    wide = printed(source("hotspot", "找", HAZARDS, picture=Picture("data:,", 800, 400)), "1.")
    tall = printed(source("hotspot", "找", HAZARDS, picture=Picture("data:,", 400, 800)), "1.")
    assert (wide.picture_width, wide.row_height) == (126, 10.5)
    assert (tall.picture_width, tall.row_height) == (65, 21.67)


def test_case_shares_its_points_among_its_parts():
    parts = (
        Part("p1", "single", "甲", Choice(options_from(["是", "否"]), ("o1",)), Decimal(1)),
        Part("p2", "short_answer", "乙", ShortAnswer((RubricPoint("要点"),)), Decimal(3)),
    )
    question = printed(source("case", "情景", Case(parts), Decimal(10)), "5.")
    assert [(part.label, part.points) for part in question.parts] == [
        ("(1)", Decimal("2.50")),
        ("(2)", Decimal("7.50")),
    ]
    assert len(question.parts[1].lines) == 7


def test_blanks_cut_the_stem_and_a_bracket_that_is_there_is_not_doubled():
    fill = printed(source("fill_in", "先____、再____。", FillIn((("通风",), ("检测", "测")))), "1.")
    assert fill.pieces == ("先", "、再", "。")
    assert fill.answer == ("① 通风　② 检测 / 测",)
    choice = Choice(options_from(["甲", "乙"]), ("o1",))
    assert printed(source("single", "应当（　　）通风", choice), "1.").bracket is False
    assert printed(source("single", "应当怎样", choice), "1.").bracket is True


@pytest.mark.parametrize(
    ("texts", "columns"),
    [
        (["通风", "检测"], 4),
        (["先通风、再检测、后作业", "乙"], 2),
        (["作业前应当检测氧气和有毒气体的浓度，合格后进入"], 1),
        ([], 4),
    ],
)  # fmt: skip
def test_long_options_get_lines_of_their_own(texts, columns):
    assert columns_for(texts) == columns


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(contents())
def test_every_sound_question_can_be_printed_with_its_key(content):
    options, key = stored(content.body)
    question = printed(Source(content.type, content.stem, options, key, content.points), "1.")
    assert (question.type, question.points) == (content.type, content.points)
    answered = question.parts or (question,)
    assert all(part.answer and all(part.answer) for part in answered)


@pytest.fixture
def picture(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    stream = io.BytesIO()
    Image.new("RGB", (80, 60), "#dfefeb").save(stream, "PNG")
    row = QuestionPicture(digest="a" * 64, media_type="image/png", width=80, height=60, created_at=NOW)
    row.file.save("a.png", ContentFile(stream.getvalue()))
    return row


@pytest.fixture
def paper(picture) -> Paper:
    """One question of each type."""
    made = PaperFactory(exam=ExamFactory(title="粉尘涉爆专项考试"), number=3, total_points=Decimal(18))
    bodies = [
        ("single", "应当怎样作业", Choice(options_from(["先通风", "先作业"]), ("o1",))),
        ("multiple", "重大事故隐患有哪些", Choice(options_from(["无泄爆", "无清灰", "有台账"]), ("o1", "o2"))),
        ("true_false", "闻不到气味就不用检测", Truth("false")),
        ("fill_in", "清灰应当每____一次", FillIn((("班",),))),
        ("ordering", "排好步骤", Ordering(("办票", "通风", "检测"))),
        ("matching", "气体和危害", Matching((("硫化氢", "中毒"), ("氮气", "窒息")))),
        ("hotspot", "找出隐患", HAZARDS),
        ("short_answer", "怎样救人", ShortAnswer((RubricPoint("不盲目施救"),))),
        ("case", "砂光车间爆炸", Case((Part("p1", "true_false", "有责任吗", Truth("true")),))),
    ]
    for position, (type_, stem, body) in enumerate(bodies, start=1):
        options, key = stored(body)
        version = QuestionVersionFactory(
            type=type_, stem=stem, options=options, key=key, explanation="因为<b>规定</b>如此",
            picture=picture if type_ == "hotspot" else None, question__type=type_,
        )  # fmt: skip
        PaperItemFactory(paper=made, position=position, version=version, points=Decimal(2))
    return made


def text_of(pdf):
    reader = PdfReader(io.BytesIO(pdf))
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages)), len(reader.pages)


def test_question_sheet_shows_all_types_and_no_key(paper):
    text, pages = text_of(sheet_pdf(paper.exam, paper_with_items(paper.exam, 3), "questions", stamp=Stamp(41, NOW)))
    kinds = [f"{numeral}、{label}" for numeral, label in zip("一二三四五六七八九", QuestionType.labels, strict=True)]
    assert [kind for kind in kinds if kind not in text] == []
    assert [word for word in ("单位", "姓名", "工号", "满分18分", "记录41", f"共{pages}页") if word not in text] == []
    assert [word for word in ("因为", "没有泄爆", "不盲目施救") if word in text] == []


def test_answer_sheet_has_boxes_but_neither_stems_nor_keys(paper):
    text, _pages = text_of(sheet_pdf(paper.exam, paper_with_items(paper.exam, 3), "answers", stamp=Stamp(41, NOW)))
    assert "答题卡" in text
    assert [word for word in ("应当怎样作业", "因为", "没有泄爆", "不盲目施救") if word in text] == []


def test_key_sheet_has_keys_and_escapes_what_people_wrote(paper):
    text, _pages = text_of(sheet_pdf(paper.exam, paper_with_items(paper.exam, 3), "key", stamp=Stamp(41, NOW)))
    wanted = ("只供阅卷人使用", "1.A", "2.AB", "①A1没有泄爆", "不盲目施救", "因为<b>规定</b>如此")
    assert [word for word in wanted if word not in text] == []


def test_printing_is_a_recorded_post_for_reviewers(characters, client_of, paper):
    address = reverse("exams:paper_print", args=[paper.exam.pk, 3, "key"])
    client = client_of(characters.reviewer)
    assert client.get(address).status_code == 405
    answer = client.post(address)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store")
    assert answer.content.startswith(b"%PDF")
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.action, entry.actor_id, entry.detail) == (
        "paper.printed", characters.reviewer.pk, {"exam": paper.exam.pk, "paper": 3, "sheet": "key"},
    )  # fmt: skip
    assert f"记录{entry.sequence}" in text_of(answer.content)[0]


def test_managers_print_nothing(characters, client_of, paper):
    paper.exam.enterprise = characters.enterprise
    paper.exam.save(update_fields=["enterprise"])
    address = reverse("exams:paper_print", args=[paper.exam.pk, 3, "questions"])
    assert client_of(characters.own_manager).post(address).status_code == 403
    assert not AuditEntry.objects.filter(action="paper.printed").exists()
