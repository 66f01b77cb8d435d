"""Exports: what the list shows goes into a file and comes back equal; the owner alone gets it."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from exams.bank import export_actions, import_actions
from exams.bank.formats.exchange import FilingNames
from exams.bank.formats.template import examples
from exams.bank.models import Question, QuestionStatus
from exams.bank.queries import listed
from lms.audit.models import AuditEntry
from lms.jobs.models import Job, JobStatus
from tests.exams.bank.formats.test_sheet_round_trip import PICTURE
from tests.exams.bank.test_import_formats import book_with
from tests.factories.exams import QuestionVersionFactory
from tests.factories.lms import RoleAssignmentFactory, UserFactory

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
PICTURED = {"picture": PICTURE, "media_type": "image/png"}


@pytest.fixture
def editor(db):
    person = UserFactory(name="乔庆阳")
    RoleAssignmentFactory(person=person, role="editor", enterprise=None)
    return person


@pytest.fixture
def bank(editor, topics, clauses, django_capture_on_commit_callbacks):
    """A bank with a question of every type."""
    names = FilingNames(topic="有限空间作业", difficulty="4", industries=("机械",), clauses=("gm10-13-02",))
    questions = [
        replace(
            one,
            names=names,
            **({"picture": PICTURE, "media_type": "image/png"} if one.content.type == "hotspot" else {}),
        )
        for one in examples()
    ]
    with django_capture_on_commit_callbacks(execute=True):
        source = import_actions.start_import(
            upload=ContentFile(book_with(questions).read_bytes(), name="bank.zip"), by=editor, now=NOW
        )
    source.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        import_actions.confirm_import(source=source, by=editor, now=NOW)
    assert Question.objects.count() == 9
    return questions


@pytest.fixture
def export(editor, django_capture_on_commit_callbacks):
    def export(name, query=""):
        with django_capture_on_commit_callbacks(execute=True):
            job = export_actions.start_export(format_name=name, query=query, by=editor)
        job.refresh_from_db()
        return job

    return export


def facts():
    """Everything about the questions in the bank that a file carries."""
    return [
        (
            question.type, version.stem, version.options, version.key, version.explanation, version.default_points,
            version.source, version.picture and version.picture.digest, version.picture_alt, question.topic.name,
            question.difficulty, question.cognitive, question.enemy_group, question.effective_from,
            [row.name for row in question.industries.all()], [row.code for row in version.clauses.all()],
        )
        for question in Question.objects.order_by("pk")
        for version in [question.current]
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["excel", "moodle", "qti3", "gift"])
def test_what_is_exported_imports_back_equal(name, bank, export, editor, django_capture_on_commit_callbacks):
    before = facts()
    job = export(name)
    assert job.status == JobStatus.DONE, job.message
    whole = {one["code"] for one in job.result["listed"] if one["whole"]}
    codes = Question.objects.order_by("pk").values_list("code", flat=True)
    kept = [row for row, code in zip(before, codes, strict=True) if code not in whole]
    assert job.result["written"] == len(kept) == (9 if name != "gift" else 5)
    with job.result_file.open("rb") as file:
        data = file.read()
    Question.objects.update(status=QuestionStatus.RETIRED)
    old = set(Question.objects.values_list("pk", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        source = import_actions.start_import(upload=ContentFile(data, name="again"), by=editor, now=NOW)
    source.refresh_from_db()
    assert (source.bad, list(source.problems.values_list("kind", "value"))) == (0, [])
    with django_capture_on_commit_callbacks(execute=True):
        import_actions.confirm_import(source=source, by=editor, now=NOW)
    after = [row for row, pk in zip(facts(), Question.objects.order_by("pk").values_list("pk", flat=True), strict=True)
             if pk not in old]  # fmt: skip
    assert after == kept


def test_filters_of_the_list_limit_the_export_and_stand_in_the_audit_log(bank, export):
    job = export("gift", "type=single")
    assert job.result["written"] == 1
    entry = AuditEntry.objects.get(action="questions.exported")
    assert (entry.detail["count"], entry.detail["filters"], entry.detail["format"]) == (1, "type=single", "gift")


def test_what_a_format_cannot_hold_is_listed_with_its_code(bank, export):
    job = export("gift")
    assert (job.result["written"], job.result["whole"]) == (5, 4)
    codes = dict(Question.objects.values_list("type", "code"))
    whole = {one["code"] for one in job.result["listed"] if one["whole"]}
    assert whole == {codes[kind] for kind in ("fill_in", "ordering", "case", "hotspot")}


def test_nothing_to_export_says_so(bank, export):
    job = export("excel", "q=没有这样的题干")
    assert (job.status, job.message) == (JobStatus.FAILED, "没有符合条件的题，没有导出。")
    assert not AuditEntry.objects.filter(action="questions.exported").exists()


def test_page_says_how_many_with_which_filters_and_that_keys_are_inside(client, editor, bank):
    client.force_login(editor)
    page = client.get("/exams/bank/export/?type=single&q=清淤&page=2").content.decode()
    assert "导出 1 道题" in page
    assert "清淤" in page
    assert "单选题" in page
    assert "文件里有答案和解析" in page


def test_posting_starts_a_job_with_the_filters_of_the_address(client, editor, bank):
    client.force_login(editor)
    response = client.post("/exams/bank/export/?type=single&page=3", {"format": "qti3"})
    job = Job.objects.latest("pk")
    assert response.url == f"/jobs/{job.pk}/"
    assert (job.kind, job.params["query"], job.params["format"]) == ("bank.export", "type=single", "qti3")
    assert client.post("/exams/bank/export/", {"format": "pdf"}).status_code == 200


def test_result_page_lists_what_was_left_out_and_links_the_file_for_its_owner(client, editor, bank, export):
    job = export("gift")
    client.force_login(editor)
    page = client.get(f"/exams/bank/export/job/{job.pk}/").content.decode()
    assert "写了 5 道题" in page
    assert page.count("</svg>整题没有写") == 4
    assert f"/jobs/{job.pk}/file/" in page
    other = UserFactory()
    RoleAssignmentFactory(person=other, role="editor", enterprise=None)
    client.force_login(other)
    assert client.get(f"/exams/bank/export/job/{job.pk}/").status_code == 404
    assert client.get(f"/jobs/{job.pk}/file/").status_code == 404


def test_list_hands_its_filters_to_the_export(client, editor, bank):
    client.force_login(editor)
    page = client.get("/exams/bank/?type=single").content.decode()
    assert 'href="/exams/bank/export/?type=single"' in page


@pytest.mark.parametrize("count", [1, 3])
def test_number_of_queries_does_not_grow_with_the_questions(count, topics, django_assert_num_queries, tmp_path: Path):
    versions = [QuestionVersionFactory(question__topic=topics[0]) for _ in range(count)]
    ids = list(listed_ids())
    assert len(ids) == len(versions)
    with django_assert_num_queries(4):
        assert len(list(export_actions.written_questions(ids, lambda *args: None))) == count


def listed_ids():
    from exams.bank.queries import Filters

    return listed(Filters()).order_by("pk").values_list("pk", flat=True)


def test_export_in_excel_is_a_plain_workbook_without_pictures(bank, export):
    job = export("excel", "type=single")
    assert job.result_file.name.endswith(".xlsx")
    with job.result_file.open("rb") as file:
        assert io.BytesIO(file.read()).read(2) == b"PK"
    assert export("excel").result_file.name.endswith(".zip")
