"""Background entry point of every job."""

from django_tasks import task

from lms.jobs.actions import run_job
from lms.kit.clock import current_time


@task()
def run_job_task(job_id: int) -> None:
    """Run one job."""
    run_job(job_id=job_id, now=current_time())
