"""Questions out of the bank into a file: a job with progress, an audit entry, a list of what was left out."""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.bank.bodies import body_from
from exams.bank.files import XLSX, kind_of
from exams.bank.formats import gift_writing, moodle_xml, qti3
from exams.bank.formats.book import write_book
from exams.bank.formats.exchange import FilingNames, LeftOut, WrittenQuestion
from exams.bank.models import Question, QuestionPicture
from exams.bank.wording import QuestionContent
from lms.audit.actions import record
from lms.jobs.actions import start_job
from lms.jobs.models import Job
from lms.jobs.registry import JobProblem, JobResult, Progress
from lms.people.models import User

EXPORT_JOB = "bank.export"
BATCH = 200
MOST_LISTED = 500  # details left out that the result page lists; the count is of all


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One format that the bank writes."""

    label: Promise
    note: Promise
    write: Callable[[Iterable[WrittenQuestion], Path], list[LeftOut]]
    suffix: str


FORMATS: Mapping[str, ExportFormat] = {
    "excel": ExportFormat(
        gettext_lazy("Excel"), gettext_lazy("所有题型；有图片时是 .zip，改完可以原样导回"), write_book, ".xlsx"
    ),
    "moodle": ExportFormat(
        gettext_lazy("Moodle XML"), gettext_lazy("导入 Moodle 等平台；所有题型"), moodle_xml.write, ".xml"
    ),
    "gift": ExportFormat(
        gettext_lazy("GIFT"), gettext_lazy("纯文本；没有排序、看图、案例和多空填空"), gift_writing.write, ".txt"
    ),
    "qti3": ExportFormat(
        gettext_lazy("QTI 3.0"), gettext_lazy("国际标准题目包；所有题型"), qti3.write, ".zip"
    ),
}  # fmt: skip


def start_export(*, format_name: str, query: str, by: User) -> Job:
    """Write the questions that a query string of the list describes, in the background."""
    title = _("导出题目：%(format)s") % {"format": FORMATS[format_name].label}
    return start_job(kind=EXPORT_JOB, title=title, by=by, params={"format": format_name, "query": query})


def export_questions(
    *, ids: Sequence[int], format_name: str, query: str, by: User | None, now: datetime, progress: Progress
) -> JobResult:
    """Write the questions with these ids. Raises JobProblem when there are none."""
    if not ids:
        raise JobProblem(_("没有符合条件的题，没有导出。"))
    with tempfile.NamedTemporaryFile(delete=False) as kept:
        target = Path(kept.name)
    left = FORMATS[format_name].write(written_questions(ids, progress), target)
    whole = len({one.code for one in left if one.whole})
    count = len(ids) - whole
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    record(
        action="questions.exported", by=by, now=now,
        detail={"count": count, "format": format_name, "filters": query, "sha256": digest},
    )  # fmt: skip
    suffix = FORMATS[format_name].suffix
    if suffix == ".xlsx" and kind_of(target) != XLSX:
        suffix = ".zip"
    listed = [{"code": one.code, "what": one.what, "whole": one.whole} for one in left[:MOST_LISTED]]
    summary = {"format": format_name, "written": count, "whole": whole, "left": len(left), "listed": listed}
    return JobResult(summary=summary, file=target, file_name=_("题库") + f"-{now:%Y%m%d}{suffix}")


def written_questions(ids: Sequence[int], progress: Progress) -> Iterator[WrittenQuestion]:
    """The current versions in order of the ids, a handful at a time."""
    source, done = iter(ids), 0
    while batch := list(islice(source, BATCH)):
        found = (
            Question.objects.select_related("topic", "current__picture")
            .prefetch_related("industries", "categories", "current__clauses")
            .in_bulk(batch)
        )
        for pk in batch:
            if pk in found and found[pk].current is not None:
                yield written(found[pk])
        done += len(batch)
        progress(done, len(ids))


def written(question: Question) -> WrittenQuestion:
    """A question as formats take it."""
    version = question.current
    assert version is not None
    picture = version.picture
    content = QuestionContent(
        version.type, version.stem, body_from(version.type, version.options, version.key), version.explanation,
        version.default_points, version.source, picture.digest if picture else "", version.picture_alt,
    )  # fmt: skip
    names = FilingNames(
        topic=question.topic.name,
        difficulty=str(question.difficulty),
        industries=tuple(row.name for row in question.industries.all()),
        categories=tuple(row.name for row in question.categories.all()),
        clauses=tuple(clause.code for clause in version.clauses.all()),
        cognitive=question.cognitive,
        enemy_group=question.enemy_group,
        effective_from=question.effective_from.isoformat() if question.effective_from else "",
        effective_to=question.effective_to.isoformat() if question.effective_to else "",
    )
    return WrittenQuestion(
        question.code, content, names, bytes_of(picture) if picture else b"", picture.media_type if picture else ""
    )


def bytes_of(picture: QuestionPicture) -> bytes:
    """The stored picture."""
    with picture.file.open("rb") as file:
        return bytes(file.read())
