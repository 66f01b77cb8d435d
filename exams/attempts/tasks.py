"""Background entry points: handing in what has run out of time, anchors, passes of exams that release their results."""

from datetime import timedelta

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from exams.attempts.actions import submit_expired
from exams.attempts.anchor_actions import write_anchor
from exams.attempts.models import Attempt
from exams.attempts.outcomes import record_due_passes
from lms.kit.clock import current_time

# The queue looks at its clockwork once a minute; four runs a minute keep the promise of 15 seconds.
RUNS_WITHIN_A_MINUTE = (15, 30, 45)


@db_periodic_task(crontab(minute="*"))
def hand_in_expired_attempts() -> None:
    """Every minute; asks for further runs within the minute only where an attempt may end in it."""
    now = current_time()
    submit_expired(now=now)
    if Attempt.objects.running_out(by=now + timedelta(minutes=1)).exists():
        for seconds in RUNS_WITHIN_A_MINUTE:
            hand_in_expired_now.schedule(delay=seconds)


@db_periodic_task(crontab(hour="3", minute="10"))
def anchor_chains() -> None:
    """Every night."""
    write_anchor(now=current_time())


@db_task()
def hand_in_expired_now() -> None:
    """One further run."""
    submit_expired(now=current_time())


@db_periodic_task(crontab(minute="*/5"))
def note_released_passes() -> None:
    """The passes of exams whose results are out since the last run, and what a failed run left behind."""
    record_due_passes(now=current_time())


@db_task()
def note_passes(exam_id: int) -> None:
    """The passes of an exam whose results were approved just now."""
    record_due_passes(now=current_time(), exam_id=exam_id)
