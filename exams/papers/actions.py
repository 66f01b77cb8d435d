"""Writing exams: editing, assembling and publishing, closing."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from exams.bank.actions import note_uses
from exams.papers.assembly import assemble
from exams.papers.blueprint import FixedRow, SectionRow, ShareRow
from exams.papers.checks import Check, blocking, check_state, publication_checks, unusable_checks
from exams.papers.models import (
    Assembly,
    BlueprintSection,
    BlueprintShare,
    Exam,
    ExamAudience,
    ExamStatus,
    FixedQuestion,
    Paper,
    PaperItem,
)
from exams.papers.program import solver_name
from exams.papers.queries import blueprint_of, names_for, spec_for
from exams.papers.reasons import all_words
from exams.papers.spec import ALGORITHMS, AssembledPaper, Impossible, PaperSpec, spec_data
from lms.audit.actions import record
from lms.jobs.actions import start_job
from lms.jobs.models import Job
from lms.jobs.registry import JobProblem, JobResult, Progress
from lms.kit.db import StaleState, compare_and_set
from lms.people.models import User

ASSEMBLE_JOB = "exams.assemble"


class NotReady(Exception):
    """The exam cannot be published; `checks` says why."""

    def __init__(self, checks: Sequence[Check]) -> None:
        super().__init__("; ".join(check.title for check in checks))
        self.checks = list(checks)


@dataclass(frozen=True, slots=True)
class AudienceRow:
    """One rule of who is meant; None in a dimension means all."""

    category_id: int | None = None
    industry_id: int | None = None
    enterprise_id: int | None = None
    post_id: int | None = None
    person_id: int | None = None


@transaction.atomic
def create_exam(
    *,
    fields: dict[str, Any],
    sections: Sequence[SectionRow],
    audiences: Sequence[AudienceRow],
    by: User | None,
    now: datetime,
    shares: Sequence[ShareRow] = (),
    fixed: Sequence[FixedRow] = (),
) -> Exam:
    """A new exam as a draft. `fields` are columns of Exam."""
    exam = Exam.objects.create(**fields, created_by=by, created_at=now)
    write_blueprint(exam, sections, shares, fixed)
    write_audiences(exam, audiences, now)
    record(action="exam.created", by=by, now=now, target=exam, enterprise_id=exam.enterprise_id)
    return exam


@transaction.atomic
def update_exam(
    *,
    exam: Exam,
    fields: dict[str, Any],
    sections: Sequence[SectionRow],
    audiences: Sequence[AudienceRow],
    by: User,
    now: datetime,
    shares: Sequence[ShareRow] = (),
    fixed: Sequence[FixedRow] = (),
) -> None:
    """Change a draft. Raises StaleState when it was published or changed by somebody else meanwhile."""
    expect = {"status": ExamStatus.DRAFT, "revision": exam.revision}
    compare_and_set(exam, expect=expect, change={**fields, "revision": exam.revision + 1})
    for rows in (exam.sections, exam.shares, exam.fixed_questions, exam.audiences):
        rows.all().delete()
    write_blueprint(exam, sections, shares, fixed)
    write_audiences(exam, audiences, now)
    record(action="exam.changed", by=by, now=now, target=exam, enterprise_id=exam.enterprise_id)


def write_blueprint(
    exam: Exam, sections: Sequence[SectionRow], shares: Sequence[ShareRow], fixed: Sequence[FixedRow]
) -> None:
    """The parts in order, the shares, the questions chosen by hand."""
    for position, row in enumerate(sections, start=1):
        section = BlueprintSection.objects.create(
            exam=exam, position=position, type=row.type, count=row.count, points=row.points
        )
        section.topics.set(row.topic_ids)
    BlueprintShare.objects.bulk_create(
        BlueprintShare(
            exam=exam,
            topic_id=share.topic_id,
            industry_id=share.industry_id,
            min_percent=share.min_percent,
            max_percent=share.max_percent,
        )
        for share in shares
    )
    FixedQuestion.objects.bulk_create(
        FixedQuestion(exam=exam, position=position, question_id=row.question_id, points=row.points)
        for position, row in enumerate(fixed, start=1)
    )


def write_audiences(exam: Exam, audiences: Sequence[AudienceRow], now: datetime) -> None:
    """Who is meant; an enterprise's exam never reaches beyond the enterprise."""
    ExamAudience.objects.bulk_create(
        ExamAudience(
            exam=exam,
            category_id=row.category_id,
            industry_id=row.industry_id,
            enterprise_id=exam.enterprise_id or row.enterprise_id,
            post_id=row.post_id,
            person_id=row.person_id,
            valid_from=timezone.localdate(now),
            valid_until=timezone.localdate(exam.closes_at),
        )
        for row in audiences
    )


@transaction.atomic
def publish_exam(*, exam: Exam, by: User, now: datetime) -> Job:
    """Start the assembly of the papers; the exam is published when they stand.

    Raises NotReady with everything that is missing.
    """
    state = check_state(exam)
    found = [state] if state else blocking(publication_checks(exam, now=now))
    if found:
        raise NotReady(found)
    job = start_job(
        kind=ASSEMBLE_JOB,
        title=_("组卷：%(title)s") % {"title": exam.title[:80]},
        by=by,
        params={"exam": exam.pk, "revision": exam.revision},
    )
    expect = {"status": ExamStatus.DRAFT, "revision": exam.revision, "assembly_job_id": exam.assembly_job_id}
    try:
        compare_and_set(exam, expect=expect, change={"seed": secrets.randbits(62), "assembly_job_id": job.pk})
    except StaleState as error:
        raise NotReady([Check("bad", _("别人刚刚改了这场考试，请重新核对"))]) from error
    record(
        action="exam.assembly_started", by=by, now=now, target=exam, enterprise_id=exam.enterprise_id,
        detail={"seed": str(exam.seed), "revision": exam.revision},
    )  # fmt: skip
    return job


def assemble_exam(*, exam: Exam, revision: int, by: User | None, now: datetime, progress: Progress) -> JobResult:
    """Draw the papers, store them and publish. Doing it again for a published exam changes nothing.

    Raises JobProblem when the exam was edited meanwhile or the bank no longer fills the blueprint.
    """
    if exam.status != ExamStatus.DRAFT:
        return JobResult(summary={"exam": exam.pk})
    if exam.revision != revision or exam.seed is None:
        raise JobProblem(_("组卷期间考试被修改，没有发布。请重新核对后再发布。"))
    blueprint = blueprint_of(exam, on=timezone.localdate(exam.opens_at))
    spec = spec_for(blueprint, seed=exam.seed)
    found = unusable_checks(blueprint)
    if blocking(found):
        raise JobProblem("；".join(check.detail for check in found))
    try:
        papers = assemble(spec, progress=progress)
    except Impossible as error:
        raise JobProblem("；".join(all_words(error.shortfalls, blueprint, spec, names_for(blueprint)))) from error
    try:
        store_papers(exam, spec, papers, by=by, now=now)
    except StaleState as error:
        raise JobProblem(_("组卷期间考试被修改，没有发布。请重新核对后再发布。")) from error
    return JobResult(summary={"exam": exam.pk, "papers": len(papers)})


@transaction.atomic
def store_papers(
    exam: Exam, spec: PaperSpec, papers: Sequence[AssembledPaper], *, by: User | None, now: datetime
) -> None:
    """Freeze the papers and what they were drawn from, and publish; all or nothing."""
    compare_and_set(
        exam,
        expect={"status": ExamStatus.DRAFT, "revision": exam.revision},
        change={"status": ExamStatus.PUBLISHED, "published_at": now},
    )
    rows = Paper.objects.bulk_create(
        Paper(
            exam=exam,
            number=paper.number,
            seed=paper.seed,
            total_points=paper.total_points,
            family=paper.family,
            difficulty=paper.mean_difficulty,
        )
        for paper in papers
    )
    PaperItem.objects.bulk_create(
        (
            PaperItem(paper=row, position=position, version_id=item.version_id, points=item.points)
            for row, paper in zip(rows, papers, strict=True)
            for position, item in enumerate(paper.items, start=1)
        ),
        batch_size=2000,
    )
    note_uses(item.version_id for paper in papers for item in paper.items)
    request = {**spec_data(spec), "solver": solver_name()}
    Assembly.objects.create(exam=exam, method=ALGORITHMS[spec.method], request=request, assembled_at=now)
    record(
        action="exam.published", by=by, now=now, target=exam, enterprise_id=exam.enterprise_id,
        detail={"papers": len(papers), "seed": str(spec.seed)},
    )  # fmt: skip


@transaction.atomic
def close_exam(*, exam: Exam, by: User, now: datetime) -> None:
    """published → closed: nobody can start any more; sittings under way keep their deadline."""
    change = {"status": ExamStatus.CLOSED, "closed_at": now}
    compare_and_set(exam, expect={"status": ExamStatus.PUBLISHED}, change=change)
    record(action="exam.closed", by=by, now=now, target=exam, enterprise_id=exam.enterprise_id)
