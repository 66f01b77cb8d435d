"""Background entry points of the room."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from exams.papers.models import Exam
from exams.proctoring.photo_actions import delete_unused_photos
from exams.proctoring.selftest import SELF_TEST_JOB
from exams.proctoring.selftest_actions import self_test
from exams.proctoring.still_actions import delete_old_stills
from lms.jobs.models import Job
from lms.jobs.registry import JobProblem, JobResult, Progress, job_handler
from lms.kit.clock import current_time


@job_handler(SELF_TEST_JOB, result_page="exams:self_tested")
def measure_saving(job: Job, progress: Progress) -> JobResult:
    """Measure how fast answers are saved."""
    if job.owner is None:
        raise JobProblem("a self-test needs an owner")
    return self_test(exam=Exam.objects.get(pk=job.params["exam"]), by=job.owner, now=current_time(), progress=progress)


@db_periodic_task(crontab(hour="3", minute="40"))
def forget_old_stills() -> None:
    """Every night."""
    delete_old_stills(now=current_time())


@db_periodic_task(crontab(hour="3", minute="45"))
def forget_unused_photos() -> None:
    """Every night."""
    delete_unused_photos(now=current_time())
