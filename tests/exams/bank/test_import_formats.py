"""Imports of every format end to end: warnings, pictures, several sheets, what comes back."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from exams.bank import import_actions
from exams.bank.bodies import Choice, Hotspot, Region, options_from, stored
from exams.bank.formats.book import write_book
from exams.bank.formats.exchange import FilingNames, WrittenQuestion
from exams.bank.formats.template import examples
from exams.bank.models import ImportStatus, Question, QuestionPicture, Topic
from exams.bank.sheet import HEADER, MORE
from exams.bank.wording import QuestionContent
from lms.jobs.models import JobStatus
from lms.kit.sheets import read_rows, write_rows
from tests.exams.bank.formats.test_messy_sheets import HEAD, ROW, book
from tests.exams.bank.formats.test_sheet_round_trip import PICTURE
from tests.factories.lms import PersonnelCategoryFactory, RoleAssignmentFactory, UserFactory

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
QUERIES = 6
GIFT = (
    "::一:: 第一步做什么？ {=先通风 ~先下人 ~先吃饭}\n\n只是说明\n\n选一个 {=甲 ~}\n\n"
    "// [topic:四种心态与三违]\n监护人可以离开。{F#错的#对的}\n"
)


@pytest.fixture
def editor(db):
    return UserFactory(name="乔庆阳")


@pytest.fixture
def upload(editor, topics, clauses, django_capture_on_commit_callbacks):
    def upload(name, data, topic=None):
        with django_capture_on_commit_callbacks(execute=True):
            source = import_actions.start_import(
                upload=ContentFile(data, name=name), by=editor, now=NOW, default_topic=topic
            )
        source.refresh_from_db()
        return source

    return upload


@pytest.fixture
def confirm(editor, django_capture_on_commit_callbacks):
    def confirm(source, **choices):
        with django_capture_on_commit_callbacks(execute=True):
            import_actions.confirm_import(source=source, by=editor, now=NOW, **choices)
        source.refresh_from_db()
        return source

    return confirm


def sheet(*rows, header=HEAD):
    buffer = io.BytesIO()
    write_rows(buffer, header=header, rows=rows)
    return buffer.getvalue()


def back(source):
    """Name and bytes of what came back."""
    with source.job.result_file.open("rb") as file:
        return source.job.result_file.name, file.read()


def told(source):
    return list(source.problems.values_list("row", "kind", "value"))


LONG = "进入污水池清淤作业以前，作业人员第一步应当做什么事情"


def similar(stem):
    return [*ROW[:1], stem, *ROW[2:]]


def test_questions_like_others_are_told_and_go_in_all_the_same(upload, confirm):
    confirm(upload("a.xlsx", sheet(similar(LONG + "？"))))
    rows = [
        similar(LONG + "呢？"),
        similar("动火作业的审批人是谁，由谁签字？"),
        similar("动火作业的审批人是谁，由谁来签字？"),
    ]
    source = upload("b.xlsx", sheet(*rows))
    assert (source.good, source.bad, source.figures) == (3, 0, {"near_duplicate": 2})
    [(first, _, bank), (second, _, file)] = told(source)
    assert (first, bank.split(" · ")[0]) == (2, "Q000001")
    assert (second, file.split(" · ")[0]) == (4, "第 3 行")
    confirm(source)
    assert Question.objects.count() == 4


def test_questions_like_others_stay_out_when_that_is_asked_for_and_come_back(upload, confirm):
    confirm(upload("a.xlsx", sheet(similar(LONG + "？"))))
    source = upload("b.xlsx", sheet(similar(LONG + "呢？"), similar("动火作业的审批人是谁，由谁签字？")))
    confirm(source, leave_out_similar=True)
    assert (source.status, source.good, source.bad) == (ImportStatus.APPLIED, 1, 1)
    assert Question.objects.count() == 2
    _, data = back(source)
    _, row = list(read_rows(io.BytesIO(data)))
    assert row[1] == LONG + "呢？"
    assert row[-1].startswith("与已有的题很像（Q000001 · ")


def test_import_that_broke_off_does_not_take_its_own_questions_for_others(upload, confirm, monkeypatch):
    rows = [similar(LONG + "？"), similar("动火作业的审批人是谁，由谁签字？")]
    source = upload("a.xlsx", sheet(*rows))
    monkeypatch.setattr(import_actions, "BATCH", 1)
    written, calls = import_actions.write_questions, []

    def breaks(**kwargs):
        calls.append(kwargs)
        if len(calls) == 2:
            raise OSError("the machine went down")
        return written(**kwargs)

    monkeypatch.setattr(import_actions, "write_questions", breaks)
    confirm(source, leave_out_similar=True)
    assert (source.job.status, Question.objects.count()) == (JobStatus.FAILED, 1)
    monkeypatch.setattr(import_actions, "write_questions", written)
    confirm(source)
    assert (source.good, source.leave_out_similar, Question.objects.count()) == (2, True, 2)


def test_bad_questions_of_any_format_come_back_in_the_columns_of_the_trade(upload, topics):
    source = upload("q.txt", GIFT.encode(), topic=topics[0])
    assert (source.rows, source.good, source.bad) == (4, 2, 2)
    assert [row[:2] for row in told(source)] == [
        (2, "not_supported"), (3, "too_few_options"), (4, "lost_detail"), (4, "lost_detail"),
    ]  # fmt: skip
    name, data = back(source)
    header, first, second = list(read_rows(io.BytesIO(data)))
    assert name.endswith(".xlsx")
    assert header[:3] == ["题型", "题干", "选项A"]
    assert (first[1], second[:3]) == ("只是说明", ["单选题", "选一个", "甲"])
    first[:4], first[header.index("答案")] = ["判断题", "这是说明。", "", ""], "对"
    second[3] = "乙"
    again = upload("again.xlsx", sheet(first, second, header=header), topic=topics[0])
    assert (again.good, again.bad, again.unused_columns) == (2, 0, [])


def test_warnings_alone_give_no_file_back(upload, topics):
    source = upload("q.txt", "监护人可以离开。{F#错的}".encode(), topic=topics[0])
    assert (source.good, source.bad, source.job.result_file) == (1, 0, "")
    assert source.figures == {"lost_detail": 1}


def test_pictures_come_in_a_zip_and_bad_questions_go_back_with_theirs(upload, confirm, topics):
    region = Hotspot((Region("rect", (0, 0, 5000, 5000), "电线裸露"),))
    content = QuestionContent(
        "hotspot", "找出隐患", region, "", Decimal(5), picture="x", picture_alt="车间"
    )  # fmt: skip
    good = WrittenQuestion("", content, FilingNames(topic=topics[0].name), PICTURE, "image/png")
    bad = replace(good, names=FilingNames(topic="没有这个"))
    bad = replace(bad, content=replace(content, stem="找出别的隐患"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        path = book_with([good, bad])
        with zipfile.ZipFile(path) as made:
            for name in made.namelist():
                archive.writestr(name, made.read(name))
    source = upload("bank.zip", buffer.getvalue())
    assert (source.good, source.bad) == (1, 1)
    name, data = back(source)
    assert name.endswith(".zip")
    corrected = zipfile.ZipFile(io.BytesIO(data))
    [picture] = [name for name in corrected.namelist() if name.startswith("pictures/")]
    assert corrected.read(picture) == PICTURE
    header, row = list(read_rows(io.BytesIO(corrected.read("questions.xlsx"))))
    assert row[header.index("图片")] == picture
    confirm(source)
    version = Question.objects.get().current
    stored_picture = QuestionPicture.objects.get()
    assert version.picture == stored_picture
    assert (stored_picture.media_type, stored_picture.width, stored_picture.height) == ("image/png", 8, 6)
    with stored_picture.file.open("rb") as file:
        assert file.read() == PICTURE
    assert version.picture_alt == "车间"


def book_with(questions):
    import tempfile
    from pathlib import Path

    path = Path(tempfile.mkdtemp()) / "bank"
    assert write_book(questions, path) == []
    return path


def test_same_picture_is_stored_once(upload, confirm, topics):
    single = QuestionContent(
        "single", "看图一", Choice(options_from(["甲", "乙"]), ("o1",)), "", Decimal(2), picture="x"
    )
    names = FilingNames(topic=topics[0].name)
    questions = [
        WrittenQuestion("", replace(single, stem=stem), names, PICTURE, "image/png")
        for stem in ("图中电线怎么处理？", "护栏多高才算合格？")
    ]
    confirm(upload("bank.zip", book_with(questions).read_bytes()))
    assert QuestionPicture.objects.count() == 1
    assert Question.objects.filter(current__picture__isnull=False).count() == 2


def test_all_types_and_all_filing_reach_the_bank(upload, confirm, topics):
    PersonnelCategoryFactory(code="leader", name="班组长")
    Topic.objects.filter(pk=topics[0].pk).update(name="有限空间作业")
    names = FilingNames(
        topic="有限空间作业", difficulty="4", industries=("机械",), categories=("班组长",), clauses=("gm10-13-02",),
        cognitive="apply", enemy_group="组一", effective_from="2026-01-02", effective_to="2026-12-31",
    )  # fmt: skip
    questions = [
        replace(
            one,
            names=names,
            **({"picture": PICTURE, "media_type": "image/png"} if one.content.type == "hotspot" else {}),
        )
        for one in examples()
    ]
    source = confirm(upload("bank.zip", book_with(questions).read_bytes()))
    assert (source.good, source.bad) == (9, 0)
    for one, question in zip(questions, Question.objects.order_by("pk"), strict=True):
        version = question.current
        assert (version.type, version.stem, version.explanation) == (
            one.content.type, one.content.stem, one.content.explanation,
        )  # fmt: skip
        assert (version.options, version.key) == stored(one.content.body)
        assert (version.default_points, version.source) == (one.content.points, one.content.source)
        assert (question.difficulty, question.cognitive, question.enemy_group) == (4, "apply", "组一")
        assert (question.effective_from, question.effective_to) == (date(2026, 1, 2), date(2026, 12, 31))
        assert [row.name for row in question.industries.all()] == ["机械"]
        assert [row.name for row in question.categories.all()] == ["班组长"]
        assert [row.code for row in version.clauses.all()] == ["gm10-13-02"]


def test_rows_of_later_sheets_are_named_with_their_sheet(upload, confirm, tmp_path):
    bad = [*ROW[:-1], "没有这个"]
    path = book(tmp_path / "b.xlsx", ("甲", [HEAD, ROW], []), ("乙", [HEAD, similar("另一题问什么？"), bad], []))
    source = upload("b.xlsx", path.read_bytes())
    assert (source.good, source.bad, source.facts["sheets"]) == (2, 1, {"1": "乙"})
    assert told(source) == [(1_000_003, "duplicate_in_file", "2"), (1_000_003, "unknown_topic", "没有这个")] or told(
        source
    ) == [(1_000_003, "unknown_topic", "没有这个"), (1_000_003, "duplicate_in_file", "2")]
    _, data = back(source)
    header, row = list(read_rows(io.BytesIO(data)))
    assert row[header.index("原行号")] == "乙!3"
    confirm(source)
    assert sorted(Question.objects.values_list("import_row", flat=True)) == [2, 1_000_002]


def test_every_column_may_stand_in_one_sheet(upload):
    row = [*ROW[:2], "甲", "乙", "", "", "", "", "A", "", "易", "2分", "有限空间作业", "通用", "", "全员", "记忆"]
    source = upload("a.xlsx", sheet(row, header=[*HEADER, *MORE]))
    assert (source.good, source.unused_columns) == (1, [])


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "旧格式"),
        ("a.zip", b"PK\x05\x06" + b"\x00" * 18, "认不出这是什么"),
        ("a.xml", b"<html/>", "认不出这是什么"),
    ],
)
def test_files_that_cannot_be_read_say_what_to_do(upload, name, body, words):
    source = upload(name, body)
    assert (source.status, source.job.status) == (ImportStatus.FAILED, JobStatus.FAILED)
    assert words in source.job.message


def test_file_that_breaks_in_the_middle_leaves_no_problems_behind(upload):
    lines = ",".join(HEAD) + "\n" + ("," * 6 + "\n") * 3 + "单选题," + "甲" * 200_000 + "\n"
    source = upload("a.csv", lines.encode())
    assert (source.status, source.problems.count()) == (ImportStatus.FAILED, 0)
    assert "打不开" in source.job.message


def test_page_shows_warnings_apart_from_errors_and_keeps_the_choice(client, editor, upload, topics):
    RoleAssignmentFactory(person=editor, role="editor", enterprise=None)
    client.force_login(editor)
    rows = [similar(LONG + "？"), similar(LONG + "呢？"), similar("动火作业谁来审批？"), similar("")]
    source = upload("b.xlsx", sheet(*rows))
    address = f"/exams/bank/import/{source.pk}/"
    page = client.get(address).content.decode()
    assert "4 题里有 3 题可以导入" in page
    assert page.count("</svg>与已有的题很像") == 2  # the chip and the row
    assert 'name="leave_out_similar"' in page
    only = client.get(address + "?kind=near_duplicate").content.decode()
    assert ("badge badge-warn" in only, "</svg>题干为空" in only) == (True, False)
    client.post(address + "apply/", {"leave_out_similar": "on"})
    source.refresh_from_db()
    assert (source.leave_out_similar, source.status) == (True, ImportStatus.APPLYING)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_page_do_not_grow_with_its_problems(client, editor, upload, django_assert_num_queries, count):
    RoleAssignmentFactory(person=editor, role="editor", enterprise=None)
    client.force_login(editor)
    source = upload("b.xlsx", sheet(*(similar("") for _ in range(count))))
    address = f"/exams/bank/import/{source.pk}/"
    client.get(address)
    with django_assert_num_queries(QUERIES):
        client.get(address)
