"""Background entry point of every job, and the clockwork that looks after them."""

from django_tasks import task
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from lms.jobs.actions import forget_files, reap_jobs, run_job
from lms.kit.clock import current_time


@task()
def run_job_task(job_id: int) -> None:
    """Run one job."""
    run_job(job_id=job_id, now=current_time())


@db_periodic_task(crontab(minute="*/5"))
def look_after_jobs() -> None:
    """Every five minutes: revive what died, remove what is past its time."""
    now = current_time()
    reap_jobs(now=now)
    forget_files(now=now)
