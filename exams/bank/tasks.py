"""Background entry points of the bank."""

from django.http import QueryDict

from exams.bank.bulk_actions import BULK_JOB, apply_bulk_edit
from exams.bank.bulk_models import BulkEdit
from exams.bank.export_actions import EXPORT_JOB, export_questions
from exams.bank.import_actions import APPLY_JOB, CHECK_JOB, apply_import, check_import
from exams.bank.list_forms import FilterForm
from exams.bank.models import QuestionImport
from exams.bank.queries import matching
from exams.bank.recite_actions import RECITE_JOB, recite
from exams.bank.twin_actions import TWIN_JOB, scan_twins
from lms.jobs.models import Job
from lms.jobs.registry import JobProblem, JobResult, Progress, job_handler
from lms.kit.clock import current_date, current_time


@job_handler(CHECK_JOB, result_page="exams:question_import_job")
def check_questions(job: Job, progress: Progress) -> JobResult:
    """Dry run of an uploaded file."""
    return check_import(source=QuestionImport.objects.get(pk=job.params["import"]), progress=progress)


@job_handler(APPLY_JOB, result_page="exams:question_import_job")
def import_questions(job: Job, progress: Progress) -> JobResult:
    """Write the good rows of a checked file."""
    source = QuestionImport.objects.get(pk=job.params["import"])
    return apply_import(source=source, by=job.owner, now=current_time(), progress=progress)


@job_handler(BULK_JOB, result_page="exams:question_bulk_result")
def change_questions(job: Job, progress: Progress) -> JobResult:
    """Change many questions at once."""
    edit = BulkEdit.objects.select_related("owner").get(pk=job.params["edit"])
    return apply_bulk_edit(edit=edit, now=current_time(), progress=progress)


@job_handler(RECITE_JOB, result_page="exams:recite_result")
def recite_questions(job: Job, progress: Progress) -> JobResult:
    """Let questions cite another clause."""
    if job.owner is None:
        raise JobProblem("a question needs an author")
    return recite(job=job, by=job.owner, now=current_time(), progress=progress)


@job_handler(TWIN_JOB, result_page="exams:twin_scan_job")
def find_twins(job: Job, progress: Progress) -> JobResult:
    """Look for near-duplicates in the whole bank."""
    return scan_twins(now=current_time(), by=job.owner, progress=progress)


@job_handler(EXPORT_JOB, result_page="exams:question_export_job")
def write_questions_to_file(job: Job, progress: Progress) -> JobResult:
    """Write the questions that the list showed under these filters."""
    query = str(job.params["query"])
    form = FilterForm(QueryDict(query), person_id=job.owner_id or 0, today=current_date())
    found = matching(form.filters()).order_by("pk").values_list("pk", flat=True).distinct()
    return export_questions(
        ids=list(found), format_name=job.params["format"], query=query, by=job.owner, now=current_time(),
        progress=progress,
    )  # fmt: skip
