"""Background entry points: reading the records of exams that are over."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from exams.integrity.behaviour_actions import compute_behaviour, exams_to_read
from lms.kit.clock import current_time


@db_periodic_task(crontab(minute="20"))
def read_records() -> None:
    """Every hour: exams that are over and have attempts that nobody has read yet."""
    for exam_id in exams_to_read(now=current_time()):
        read_record_of(exam_id)


@db_task()
def read_record_of(exam_id: int) -> None:
    """One exam, also on demand."""
    compute_behaviour(exam_id=exam_id, now=current_time())
