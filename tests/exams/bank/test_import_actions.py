"""Imports end to end: dry run, confirmation, what comes back, and going on after a break."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from exams.bank import import_actions, import_writing
from exams.bank.formats.opening import opened
from exams.bank.importing import check_questions
from exams.bank.models import ImportStatus, Question, QuestionImport, QuestionStatus, QuestionVersion
from exams.bank.problems import ProblemKind
from exams.bank.queries import catalogue
from exams.bank.sheet import HEADER
from exams.bank.starter import load_file
from lms.jobs.models import Job, JobStatus
from lms.kit.db import StaleState
from lms.kit.sheets import read_rows, write_rows
from tests.factories.lms import UserFactory

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
GOOD = ["单选题", "第一步做什么？", "先下人", "先通风", "先吃饭", "", "", "", "B", "先通风。", 2, 2, "有限空间作业",
        "机械", "gm10-13-02"]  # fmt: skip
TRUTH = ["判断题", "短租户不用检查。", "", "", "", "", "", "", "×", "", 1, 1, "四种心态与三违", "通用", ""]
BAD = ["单选题", "", "先下人", "先通风", "", "", "", "", "C", "", 2, 2, "没有这个", "机械", "gm10-99-99"]


def workbook(*rows, header=HEADER, notes=()):
    buffer = io.BytesIO()
    write_rows(buffer, header=header, rows=rows, notes=notes)
    return ContentFile(buffer.getvalue(), name="题库.xlsx")


@pytest.fixture
def editor(db):
    return UserFactory(name="乔庆阳")


@pytest.fixture
def uploaded(editor, topics, clauses, django_capture_on_commit_callbacks):
    def upload(file):
        with django_capture_on_commit_callbacks(execute=True):
            source = import_actions.start_import(upload=file, by=editor, now=NOW)
        source.refresh_from_db()
        return source

    return upload


@pytest.fixture
def confirmed(editor, django_capture_on_commit_callbacks):
    def confirm(source):
        with django_capture_on_commit_callbacks(execute=True):
            import_actions.confirm_import(source=source, by=editor, now=NOW)
        source.refresh_from_db()
        return source

    return confirm


def test_dry_run_counts_and_names_every_problem_and_changes_nothing(uploaded):
    source = uploaded(workbook(GOOD, BAD, TRUTH, GOOD, notes=["镇安监站 2026 题库"]))
    assert (source.status, source.rows, source.good, source.bad) == (ImportStatus.CHECKED, 4, 2, 2)
    assert list(source.problems.values_list("row", "kind", "value")) == [
        (4, ProblemKind.BLANK_STEM, ""),
        (4, ProblemKind.ANSWER_PAST_LAST, "C"),
        (4, ProblemKind.UNKNOWN_TOPIC, "没有这个"),
        (4, ProblemKind.UNKNOWN_CLAUSE, "gm10-99-99"),
        (6, ProblemKind.DUPLICATE_IN_FILE, "3"),
    ]
    assert source.figures == {
        "blank_stem": 1,
        "answer_past_last": 1,
        "unknown_topic": 1,
        "unknown_clause": 1,
        "duplicate_in_file": 1,
    }
    assert Question.objects.count() == 0


def test_bad_rows_come_back_as_a_workbook_with_their_reasons(uploaded):
    source = uploaded(workbook(GOOD, BAD))
    with source.job.result_file.open("rb") as file:
        header, row = list(read_rows(io.BytesIO(file.read())))
    assert header == [*HEADER, "原行号", "问题"]
    assert row[:2] == ["单选题", ""]
    assert row[15] == "3"
    assert row[16] == (
        "题干为空；答案超出选项（答案：C）；知识点不存在（知识点：没有这个）；判定标准编号不存在（判定标准编号：gm10-99-99）"
    )


def test_corrected_workbook_of_bad_rows_can_be_uploaded_again(uploaded, confirmed):
    source = uploaded(workbook(GOOD, BAD))
    confirmed(source)
    with source.job.result_file.open("rb") as file:
        header, row = list(read_rows(io.BytesIO(file.read())))
    row[1], row[8], row[12], row[14] = "第二步做什么？", "B", "有限空间作业", "gm10-13-01"
    again = uploaded(workbook(row, header=header))
    assert (again.good, again.bad, again.unused_columns) == (1, 0, [])


def test_confirmed_import_writes_the_good_rows_for_review(uploaded, confirmed, editor):
    source = confirmed(uploaded(workbook(GOOD, BAD, TRUTH)))
    assert (source.status, source.good, source.bad) == (ImportStatus.APPLIED, 2, 1)
    first, second = Question.objects.order_by("pk")
    assert (first.code, first.status, first.author) == ("Q000001", QuestionStatus.REVIEW, editor)
    assert (first.current.stem, first.current.key, first.current.explanation) == ("第一步做什么？", ["o2"], "先通风。")
    assert list(first.current.clauses.values_list("code", flat=True)) == ["gm10-13-02"]
    assert list(first.industries.values_list("code", flat=True)) == ["machinery"]
    assert (second.type, second.current.key) == ("true_false", ["false"])
    assert list(second.industries.all()) == []


def test_what_was_imported_is_a_duplicate_the_next_time(uploaded, confirmed):
    confirmed(uploaded(workbook(GOOD)))
    again = uploaded(workbook(GOOD, TRUTH))
    assert (again.good, again.bad) == (1, 1)
    assert list(again.problems.values_list("kind", "value")) == [("duplicate_in_bank", "Q000001")]


def test_import_is_confirmed_once(uploaded, confirmed, editor):
    source = confirmed(uploaded(workbook(GOOD)))
    with pytest.raises(StaleState):
        import_actions.confirm_import(source=source, by=editor, now=NOW)
    assert Question.objects.count() == 1


def test_import_that_broke_off_goes_on_without_writing_twice(uploaded, confirmed, editor, monkeypatch):
    source = uploaded(workbook(*([*GOOD[:1], f"第 {n} 题做什么？", *GOOD[2:]] for n in range(5))))
    monkeypatch.setattr(import_actions, "BATCH", 2)
    written = import_actions.write_questions
    calls = []

    def breaks_at_second(**kwargs):
        calls.append(kwargs)
        if len(calls) == 2:
            raise OSError("the machine went down")
        return written(**kwargs)

    monkeypatch.setattr(import_actions, "write_questions", breaks_at_second)
    confirmed(source)
    assert (source.status, source.job.status, Question.objects.count()) == ("applying", JobStatus.FAILED, 2)
    monkeypatch.setattr(import_actions, "write_questions", written)
    confirmed(source)
    assert (source.status, source.good, Question.objects.count()) == ("applied", 5, 5)
    assert QuestionVersion.objects.count() == 5


def test_missing_header_refuses_the_whole_file_by_name(uploaded):
    source = uploaded(workbook(["单选题", "问？"], header=["题型", "题干"]))
    assert source.status == ImportStatus.FAILED
    assert [(p.kind, p.value) for p in source.problems.all()] == [("header_missing", "答案、知识点")]


def test_columns_that_the_bank_has_no_place_for_are_listed(uploaded):
    source = uploaded(workbook([*GOOD, "甲车间"], header=[*HEADER, "适用车间"]))
    assert (source.good, source.unused_columns) == (1, ["适用车间"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_text_tables_are_read_in_both_encodings(uploaded, encoding):
    lines = [",".join(HEADER), ",".join(map(str, GOOD)), ",".join(map(str, TRUTH))]
    source = uploaded(ContentFile("\r\n".join(lines).encode(encoding), name="题库.csv"))
    assert (source.status, source.good) == (ImportStatus.CHECKED, 2)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "认不出这是什么文件"),
        (b"PK\x03\x04 broken", "打不开"),
        (b"", "认不出这是什么文件"),
    ],
)
def test_files_that_are_no_sheet_are_refused_in_words(uploaded, body, words):
    source = uploaded(ContentFile(body, name="题库.xlsx"))
    assert (source.status, source.job.status) == (ImportStatus.FAILED, JobStatus.FAILED)
    assert words in source.job.message


def test_formulas_in_bad_rows_come_back_as_text(uploaded):
    source = uploaded(workbook([*BAD[:2], "=1+1", *BAD[3:]]))
    with source.job.result_file.open("rb") as file:
        _, row = list(read_rows(io.BytesIO(file.read())))
    assert "1+1" in str(row[2])
    assert not str(row[2]).startswith("=")


def test_starter_file_is_published_and_loading_it_again_changes_nothing(tmp_path: Path, topics, clauses):
    path = tmp_path / "starter.csv"
    path.write_text("\n".join([",".join(HEADER), ",".join(map(str, GOOD)), ",".join(map(str, TRUTH))]), "utf-8-sig")
    assert (load_file(path=path, now=NOW).added, load_file(path=path, now=NOW).present) == (2, 2)
    assert set(Question.objects.values_list("status", "author")) == {(QuestionStatus.PUBLISHED, None)}
    assert Question.objects.count() == 2


def test_starter_file_with_a_mistake_names_it(tmp_path: Path, topics, clauses):
    path = tmp_path / "starter.csv"
    path.write_text("\n".join([",".join(HEADER), ",".join(map(str, BAD))]), "utf-8-sig")
    [problem] = load_file(path=path, now=NOW).problems
    assert problem.startswith("starter.csv:2: 题干为空；")


def test_number_of_queries_does_not_grow_with_the_batch(
    topics, clauses, editor, django_assert_max_num_queries, tmp_path: Path
):
    path = tmp_path / "many.csv"
    lines = [",".join(map(str, [*GOOD[:1], f"第 {n} 题做什么？", *GOOD[2:]])) for n in range(200)]
    path.write_text("\n".join([",".join(HEADER), *lines]), "utf-8")
    with opened(path, topics=frozenset()) as file:
        rows = list(check_questions(file.questions(), catalogue()))
    with django_assert_max_num_queries(34):
        import_writing.write_questions(
            rows=rows, source=None, status=QuestionStatus.REVIEW, origin="", by=editor, now=NOW
        )
    assert (Question.objects.count(), QuestionImport.objects.count(), Job.objects.count()) == (200, 0, 0)
