"""Question imports: parse → check → plan → apply. Checking changes nothing; applying writes the good rows."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.bank.actions import take_codes
from exams.bank.bodies import stored
from exams.bank.files import UnreadableFile, columns_of, rows_of
from exams.bank.importing import CheckedRow, QuestionDraft, check_rows
from exams.bank.models import (
    ImportProblem,
    ImportStatus,
    Question,
    QuestionImport,
    QuestionStatus,
    QuestionVersion,
    VersionClause,
)
from exams.bank.problems import Problem, ProblemKind
from exams.bank.queries import catalogue
from exams.bank.search import index_versions
from exams.bank.sheet import RETURNED, Columns
from lms.audit.actions import record
from lms.jobs.actions import start_job
from lms.jobs.models import Job, JobStatus
from lms.jobs.registry import JobProblem, JobResult, Progress
from lms.kit.db import compare_and_set
from lms.kit.sheets import write_rows
from lms.people.models import User

BATCH = 500
CHECK_JOB, APPLY_JOB = "bank.check", "bank.apply"
REASONS = {
    "kind": gettext_lazy("这不是 Excel 工作簿（.xlsx），也不是文本表格（.csv）。"),
    "size": gettext_lazy("工作簿解开后太大，请分成几个文件再传。"),
    "rows": gettext_lazy("行数超过 10 万，请分成几个文件再传。"),
    "encoding": gettext_lazy("文字编码认不出来，请用 UTF-8 或 GBK 另存后再传。"),
    "broken": gettext_lazy("文件已损坏，打不开。"),
}


def start_import(*, upload: UploadedFile | ContentFile[bytes], by: User, now: datetime) -> QuestionImport:
    """Keep the file and check it in the background."""
    name = str(upload.name or "")[:200]
    with transaction.atomic():
        source = QuestionImport(name=name, owner=by, created_at=now)
        source.file.save("questions" + Path(name).suffix.lower()[:5], upload, save=False)
        source.save()
        source.job = start_job(
            kind=CHECK_JOB, title=_("核对题目：%(name)s") % {"name": name[:80]}, by=by, params={"import": source.pk}
        )
        source.save(update_fields=["job"])
    return source


def confirm_import(*, source: QuestionImport, by: User, now: datetime) -> Job:
    """Write the good rows in the background; a broken-off import continues where it stopped.

    Raises StaleState when the import is not waiting for confirmation.
    """
    with transaction.atomic():
        broken_off = source.status == ImportStatus.APPLYING and source.job and source.job.status == JobStatus.FAILED
        expected = ImportStatus.APPLYING if broken_off else ImportStatus.CHECKED
        compare_and_set(source, expect={"status": expected, "job_id": source.job_id}, change={
            "status": ImportStatus.APPLYING
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


@contextmanager
def local_copy(source: QuestionImport) -> Iterator[Path]:
    """The uploaded file on this machine, wherever it is stored."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        with source.file.open("rb") as stored, path.open("wb") as target:
            shutil.copyfileobj(stored, target)
        yield path


def check_import(*, source: QuestionImport, progress: Progress) -> JobResult:
    """Read every row, keep every problem, change nothing else. Raises JobProblem for an unreadable file."""
    source.problems.all().delete()
    with local_copy(source) as path:
        columns, total = readable_columns(source, path)
        if columns.missing:
            note_missing_header(source, columns)
            return JobResult(summary={"import": source.pk})
        result = run_rows(source, path, columns, total, progress, write=None)
    compare_and_set(source, expect={"status": ImportStatus.CHECKING}, change={"status": ImportStatus.CHECKED})
    return result


def apply_import(*, source: QuestionImport, by: User | None, now: datetime, progress: Progress) -> JobResult:
    """Check again against the bank as it is now and write the good rows, 500 at a time."""
    source.problems.all().delete()

    def write(rows: Sequence[CheckedRow]) -> None:
        write_questions(
            rows=rows, source=source, status=QuestionStatus.REVIEW, origin=source.name, by=by, now=now
        )  # fmt: skip

    with local_copy(source) as path:
        columns, total = readable_columns(source, path)
        result = run_rows(source, path, columns, total, progress, write=write)
    compare_and_set(source, expect={"status": ImportStatus.APPLYING}, change={"status": ImportStatus.APPLIED})
    return result


def readable_columns(source: QuestionImport, path: Path) -> tuple[Columns, int]:
    """The columns, or the import marked as failed with the reason in words."""
    try:
        return columns_of(path)
    except UnreadableFile as error:
        QuestionImport.objects.filter(pk=source.pk).update(status=ImportStatus.FAILED)
        raise JobProblem(str(REASONS[error.reason])) from error


def note_missing_header(source: QuestionImport, columns: Columns) -> None:
    """The file cannot be read at all: say which columns it lacks."""
    ImportProblem.objects.create(
        source=source, row=max(1, columns.header_row), kind=ProblemKind.HEADER_MISSING,
        value="、".join(columns.missing)[:120],
    )  # fmt: skip
    source.figures = {ProblemKind.HEADER_MISSING.value: 1}
    source.status, source.good, source.bad = ImportStatus.FAILED, 0, 0
    source.save(update_fields=["figures", "status", "good", "bad"])


def run_rows(
    source: QuestionImport,
    path: Path,
    columns: Columns,
    total: int,
    progress: Progress,
    *,
    write: Callable[[Sequence[CheckedRow]], None] | None,
) -> JobResult:
    """One pass over the file: good rows to `write`, problems to their table, bad rows to a workbook."""
    book = catalogue()
    earlier = dict(source.questions.values_list("import_row", "stem_hash"))
    own = set(earlier.values())
    book = replace(book, known={mark: code for mark, code in book.known.items() if mark not in own})
    tally: Counter[str] = Counter()
    checked = check_rows(rows_of(path), columns=columns, catalogue=book, source=source.name)
    with tempfile.NamedTemporaryFile(suffix=".xlsx", delete=False) as kept:
        target = Path(kept.name)
    header_cells = next((row for number, row in enumerate(rows_of(path), 1) if number == columns.header_row), [])
    bad_rows = sort_rows(source, checked, set(earlier), tally, lambda done: progress(done, total), write)
    write_rows(target, header=[*(str(cell) for cell in header_cells), *RETURNED], rows=bad_rows)
    source.rows, source.good, source.bad = tally["rows"], tally["good"], tally["bad"]
    source.figures = {kind: tally[kind] for kind in ProblemKind.values if tally[kind]}
    source.unused_columns = list(columns.unused)
    source.save(update_fields=["rows", "good", "bad", "figures", "unused_columns"])
    summary = {"import": source.pk, "rows": tally["rows"], "good": tally["good"], "bad": tally["bad"]}
    if not tally["bad"]:
        target.unlink()
        return JobResult(summary=summary)
    return JobResult(summary=summary, file=target, file_name=_("有问题的行.xlsx"))


def sort_rows(
    source: QuestionImport,
    checked: Iterable[CheckedRow],
    earlier: set[int | None],
    tally: Counter[str],
    report: Callable[[int], None],
    write: Callable[[Sequence[CheckedRow]], None] | None,
) -> Iterator[list[str]]:
    """Yield the bad rows for the workbook while the good ones are written and problems are kept."""
    good: list[CheckedRow] = []
    problems: list[ImportProblem] = []
    for row in checked:
        tally["rows"] += 1
        if row.draft is not None:
            tally["good"] += 1
            if write is not None and row.number not in earlier:
                good.append(row)
        else:
            tally["bad"] += 1
            tally.update({problem.kind.value for problem in row.problems})
            problems.extend(problem_row(source, row, problem) for problem in row.problems)
            yield [*row.cells, str(row.number), "；".join(in_words(problem) for problem in row.problems)]
        if len(good) >= BATCH and write is not None:
            write(good)
            good = []
        if tally["rows"] % BATCH == 0:
            ImportProblem.objects.bulk_create(problems)
            problems = []
            report(tally["rows"])
    if good and write is not None:
        write(good)
    ImportProblem.objects.bulk_create(problems)


def problem_row(source: QuestionImport, row: CheckedRow, problem: Problem) -> ImportProblem:
    """The stored form of a problem."""
    return ImportProblem(
        source=source, row=row.number, kind=problem.kind, column=problem.column, value=problem.value[:120],
        stem=row.stem,
    )  # fmt: skip


def in_words(problem: Problem) -> str:
    """`答案超出选项（答案：G）`."""
    if problem.kind == ProblemKind.DUPLICATE_IN_FILE:
        return _("%(problem)s（与第 %(row)s 行相同）") % {"problem": problem.kind.label, "row": problem.value}
    if problem.kind == ProblemKind.DUPLICATE_IN_BANK:
        return _("%(problem)s（%(code)s）") % {"problem": problem.kind.label, "code": problem.value}
    return f"{problem.kind.label}（{problem.column}：{problem.value}）" if problem.value else str(problem.kind.label)


@transaction.atomic
def write_questions(
    *,
    rows: Sequence[CheckedRow],
    source: QuestionImport | None,
    status: QuestionStatus,
    origin: str,
    by: User | None,
    now: datetime,
) -> list[str]:
    """Write good rows as questions with their first version; returns their codes. A fixed number of queries."""
    drafts = [row.draft for row in rows if row.draft is not None]
    codes = take_codes(len(drafts))
    questions = Question.objects.bulk_create(
        Question(
            code=code, type=draft.content.type, topic_id=draft.topic_id, difficulty=draft.difficulty, author=by,
            stem_hash=draft.fingerprint, created_at=now, changed_at=now,
            imported_in=source, import_row=row.number if source else None,
        )
        for code, row, draft in zip(codes, rows, drafts, strict=True)
    )  # fmt: skip
    versions = QuestionVersion.objects.bulk_create(
        first_version(question, draft, origin, by, now) for question, draft in zip(questions, drafts, strict=True)
    )
    newest = QuestionVersion.objects.filter(question=OuterRef("pk")).values("pk")[:1]
    Question.objects.filter(pk__in=[question.pk for question in questions]).update(
        current_id=Subquery(newest), status=status
    )
    industries = Question.industries.through
    industries.objects.bulk_create(
        industries(question_id=question.pk, industry_id=pk)
        for question, draft in zip(questions, drafts, strict=True)
        for pk in draft.industry_ids
    )
    VersionClause.objects.bulk_create(
        VersionClause(version=version, clause_id=pk)
        for version, draft in zip(versions, drafts, strict=True)
        for pk in draft.clause_ids
    )
    index_versions(version.pk for version in versions)
    record(
        action="questions.imported", by=by, now=now, target=source,
        detail={"count": len(codes), "first": codes[0], "last": codes[-1], "origin": origin},
    )  # fmt: skip
    return codes


def first_version(
    question: Question, draft: QuestionDraft, origin: str, by: User | None, now: datetime
) -> QuestionVersion:
    """The unsaved first version of an imported question."""
    content = draft.content
    options, key = stored(content.body)
    return QuestionVersion(
        question=question, number=1, type=content.type, stem=content.stem, options=options,
        key=key, explanation=content.explanation, default_points=content.points, source=origin[:200],
        created_at=now, created_by=by,
    )  # fmt: skip
