"""Background entry points of marking."""

from exams.marking.correction_actions import REGRADE_JOB, apply_correction
from exams.papers.correction_models import Correction
from lms.jobs.models import Job
from lms.jobs.registry import JobResult, Progress, job_handler
from lms.kit.clock import current_time


@job_handler(REGRADE_JOB, result_page="exams:regraded")
def regrade_exam(job: Job, progress: Progress) -> JobResult:
    """Grade the attempts of an exam by a corrected key."""
    correction = Correction.objects.select_related("by").get(pk=job.params["correction"])
    return apply_correction(correction=correction, now=current_time(), progress=progress)
