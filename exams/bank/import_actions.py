"""Question imports: parse → check → plan → apply. Checking changes nothing; applying writes the good questions."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.bank.files import XLSX, UnreadableFile, kind_of
from exams.bank.formats.book import write_folder
from exams.bank.formats.opening import QuestionFile, opened, place_in_words
from exams.bank.import_sorting import Sorting
from exams.bank.import_writing import write_questions
from exams.bank.importing import CheckedRow, check_questions
from exams.bank.likeness import as_shown, with_likeness
from exams.bank.models import ImportProblem, ImportStatus, QuestionImport, QuestionStatus, Topic
from exams.bank.problems import ProblemKind
from exams.bank.queries import catalogue, comparable_texts
from exams.bank.sheet import RETURNED
from exams.bank.similarity import SimilarTexts
from lms.jobs.actions import start_job
from lms.jobs.models import Job, JobStatus
from lms.jobs.registry import JobProblem, JobResult, Progress
from lms.kit.db import compare_and_set
from lms.people.models import User

BATCH = 500
CHECK_JOB, APPLY_JOB = "bank.check", "bank.apply"
REASONS = {
    "kind": gettext_lazy(
        "认不出这是什么文件。可以导入 Excel（.xlsx）、文本表格（.csv）、Word（.docx）、GIFT、Aiken、Moodle XML 和 QTI。"
    ),
    "size": gettext_lazy("文件解开后太大，请分成几个文件再传。"),
    "rows": gettext_lazy("行数超过 10 万，或表格的范围太大，请分成几个文件再传。"),
    "encoding": gettext_lazy("文字编码认不出来，请用 UTF-8 或 GBK 另存后再传。"),
    "broken": gettext_lazy("文件已损坏，打不开。"),
    "missing": gettext_lazy("压缩包里缺少它自己列出的文件。请重新导出后再传。"),
    "many": gettext_lazy("压缩包或工作簿里的文件太多，请分成几个再传。"),
    "unsafe": gettext_lazy("压缩包里有不安全的文件名或链接，没有读取。请重新打包后再传。"),
    "encrypted": gettext_lazy("文件有密码，请去掉密码后再传。"),
    "old": gettext_lazy("这是旧格式（.xls、.doc 或 .rtf），请在 Office 或 WPS 里另存为 .xlsx 或 .docx 后再传。"),
}  # fmt: skip


def start_import(
    *, upload: UploadedFile | ContentFile[bytes], by: User, now: datetime, default_topic: Topic | None = None
) -> QuestionImport:
    """Keep the file and check it in the background. `default_topic`: for questions that name none."""
    name = str(upload.name or "")[:200]
    with transaction.atomic():
        source = QuestionImport(name=name, owner=by, created_at=now, default_topic=default_topic)
        source.file.save("questions" + Path(name).suffix.lower()[:5], upload, save=False)
        source.save()
        source.job = start_job(
            kind=CHECK_JOB, title=_("核对题目：%(name)s") % {"name": name[:80]}, by=by, params={"import": source.pk}
        )
        source.save(update_fields=["job"])
    return source


def confirm_import(*, source: QuestionImport, by: User, now: datetime, leave_out_similar: bool | None = None) -> Job:
    """Write the good questions in the background; a broken-off import continues where it stopped.

    `leave_out_similar`: keep out near duplicates as well (None: as said before). Raises StaleState when the import is
    not waiting for confirmation.
    """
    choice = source.leave_out_similar if leave_out_similar is None else leave_out_similar
    with transaction.atomic():
        broken_off = source.status == ImportStatus.APPLYING and source.job and source.job.status == JobStatus.FAILED
        expected = ImportStatus.APPLYING if broken_off else ImportStatus.CHECKED
        compare_and_set(source, expect={"status": expected, "job_id": source.job_id}, change={
            "status": ImportStatus.APPLYING, "leave_out_similar": choice,
        })  # fmt: skip
        job = start_job(
            kind=APPLY_JOB,
            title=_("导入题目：%(name)s") % {"name": source.name[:80]},
            by=by,
            params={"import": source.pk},
        )
        source.job = job
        source.save(update_fields=["job"])
    return job


def check_import(*, source: QuestionImport, progress: Progress) -> JobResult:
    """Read every question, keep every problem, change nothing else. Raises JobProblem for an unreadable file."""
    source.problems.all().delete()
    with readable_file(source) as file:
        if file.missing:
            note_missing_header(source, file)
            return JobResult(summary={"import": source.pk})
        result = run_file(source, file, progress, write=None)
    compare_and_set(source, expect={"status": ImportStatus.CHECKING}, change={"status": ImportStatus.CHECKED})
    return result


def apply_import(*, source: QuestionImport, by: User | None, now: datetime, progress: Progress) -> JobResult:
    """Check again against the bank as it is now and write the good questions, 500 at a time.

    Near duplicates are those that the dry run showed: the person decided about them.
    """
    source.problems.exclude(kind=ProblemKind.NEAR_DUPLICATE).delete()

    def write(rows: Sequence[CheckedRow]) -> None:
        write_questions(
            rows=rows, source=source, status=QuestionStatus.REVIEW, origin=source.name, by=by, now=now
        )  # fmt: skip

    with readable_file(source) as file:
        result = run_file(source, file, progress, write=write)
    compare_and_set(source, expect={"status": ImportStatus.APPLYING}, change={"status": ImportStatus.APPLIED})
    return result


@contextmanager
def readable_file(source: QuestionImport) -> Iterator[QuestionFile]:
    """The uploaded file, opened; or the import marked as failed with the reason in words."""
    topics = Topic.objects.values_list("name", flat=True)
    try:
        with local_copy(source) as path:
            given = ("知识点",) if source.default_topic_id else ()
            with opened(path, topics=frozenset(topics), given=given) as file:
                yield file
    except UnreadableFile as error:
        source.problems.all().delete()
        QuestionImport.objects.filter(pk=source.pk).update(status=ImportStatus.FAILED)
        raise JobProblem(str(REASONS.get(error.reason, REASONS["broken"]))) from error


@contextmanager
def local_copy(source: QuestionImport) -> Iterator[Path]:
    """The uploaded file on this machine, wherever it is stored."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        with source.file.open("rb") as stored, path.open("wb") as target:
            shutil.copyfileobj(stored, target)
        yield path


def note_missing_header(source: QuestionImport, file: QuestionFile) -> None:
    """The file cannot be read at all: say which columns it lacks."""
    ImportProblem.objects.create(
        source=source, row=file.missing_row, kind=ProblemKind.HEADER_MISSING, value="、".join(file.missing)[:120]
    )
    source.figures = {ProblemKind.HEADER_MISSING.value: 1}
    source.status, source.good, source.bad = ImportStatus.FAILED, 0, 0
    source.save(update_fields=["figures", "status", "good", "bad"])


def run_file(
    source: QuestionImport,
    file: QuestionFile,
    progress: Progress,
    *,
    write: Callable[[Sequence[CheckedRow]], None] | None,
) -> JobResult:
    """One pass over the file: good questions to `write`, problems to their table, bad ones to a workbook."""
    earlier = dict(source.questions.values_list("import_row", "stem_hash"))
    own = set(earlier.values())
    book = catalogue()
    book = replace(
        book, known={mark: code for mark, code in book.known.items() if mark not in own},
        default_topic=source.default_topic_id,
    )  # fmt: skip
    rows = check_questions(file.questions(), book)
    if write is None:
        index = SimilarTexts()
        index.add_many(comparable_texts(other_than=source))
        rows = with_likeness(rows, index, lambda place: label_of(place, file))
    else:
        shown = source.problems.filter(kind=ProblemKind.NEAR_DUPLICATE)
        rows = as_shown(rows, dict(shown.values_list("row", "value")))
    sorting = Sorting(
        source, file, frozenset(earlier), lambda done: progress(done, max(done, file.total)), write, batch=BATCH
    )
    with tempfile.NamedTemporaryFile(delete=False) as kept:
        target = Path(kept.name)
    write_folder(target, [*file.header, *RETURNED[1:]], lambda folder: sorting.bad_rows(rows, folder))
    return finished(source, file, sorting, target)


def label_of(place: int, file: QuestionFile) -> str:
    """How a question earlier in the file is named beside one that is like it."""
    words = _("第 %(row)s 行") if file.in_rows else _("第 %(row)s 题")
    return words % {"row": place_in_words(place, file.sheets)}


def finished(source: QuestionImport, file: QuestionFile, sorting: Sorting, target: Path) -> JobResult:
    """Keep what was found, and the workbook when there are bad questions."""
    tally = sorting.tally
    source.rows, source.good, source.bad = tally["rows"], tally["good"], tally["bad"]
    source.figures = {kind: tally[kind] for kind in ProblemKind.values if tally[kind]}
    source.unused_columns = list(file.unused)
    source.facts = {
        "kind": file.kind, "sheets": dict(file.sheets), "skipped": list(file.skipped), "notes": list(file.notes),
        "loose_pictures": file.loose_pictures, "in_rows": file.in_rows,
    }  # fmt: skip
    source.save(update_fields=["rows", "good", "bad", "figures", "unused_columns", "facts"])
    summary = {"import": source.pk, "rows": tally["rows"], "good": tally["good"], "bad": tally["bad"]}
    if not tally["bad"]:
        target.unlink()
        return JobResult(summary=summary)
    suffix = ".xlsx" if kind_of(target) == XLSX else ".zip"
    return JobResult(summary=summary, file=target, file_name=_("有问题的行") + suffix)
