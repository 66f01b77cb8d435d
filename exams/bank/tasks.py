"""Background entry points of the bank."""

from django.http import QueryDict

from exams.bank.exchange_forms import list_filters
from exams.bank.export_actions import EXPORT_JOB, export_questions
from exams.bank.import_actions import APPLY_JOB, CHECK_JOB, apply_import, check_import
from exams.bank.models import QuestionImport
from exams.bank.queries import listed
from lms.jobs.models import Job
from lms.jobs.registry import JobResult, Progress, job_handler
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


@job_handler(EXPORT_JOB, result_page="exams:question_export_job")
def write_questions_to_file(job: Job, progress: Progress) -> JobResult:
    """Write the questions that the list showed under these filters."""
    query = str(job.params["query"])
    form = list_filters(QueryDict(query), person_id=job.owner_id or 0, today=current_date())
    found = listed(form.filters()).order_by("pk").values_list("pk", flat=True).distinct()
    return export_questions(
        ids=list(found), format_name=job.params["format"], query=query, by=job.owner, now=current_time(),
        progress=progress,
    )  # fmt: skip
