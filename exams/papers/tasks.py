"""Background entry points of the papers."""

from exams.papers.actions import ASSEMBLE_JOB, assemble_exam
from exams.papers.models import Exam
from lms.jobs.models import Job
from lms.jobs.registry import JobResult, Progress, job_handler
from lms.kit.clock import current_time


@job_handler(ASSEMBLE_JOB, result_page="exams:exam_assembled")
def assemble_papers(job: Job, progress: Progress) -> JobResult:
    """Draw the papers of an exam and publish it."""
    return assemble_exam(
        exam=Exam.objects.get(pk=job.params["exam"]),
        revision=job.params["revision"],
        by=job.owner,
        now=current_time(),
        progress=progress,
    )
