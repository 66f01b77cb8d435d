"""Starting, running and reaping background work."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import translation

from lms.jobs.models import Job, JobStatus
from lms.jobs.registry import JobProblem, JobResult, handler_of
from lms.kit.clock import current_time
from lms.kit.db import StaleState, compare_and_set

if TYPE_CHECKING:
    from lms.people.models import User

log = structlog.get_logger(__name__)
SILENCE = timedelta(minutes=5)
MAX_ATTEMPTS = 3
KEEP_UPLOADS, KEEP_RESULTS = timedelta(days=7), timedelta(days=30)


@transaction.atomic
def start_job(
    *,
    kind: str,
    title: str,
    by: "User | None",
    params: dict[str, Any] | None = None,
    upload: UploadedFile | ContentFile[bytes] | None = None,
) -> Job:
    """Make the status row and enqueue the work when the transaction commits."""
    from lms.jobs.tasks import run_job_task  # noqa: PLC0415 – tasks import actions

    # The words of the result are written for the owner, in the language of the page that started the work.
    job = Job(kind=kind, title=title, owner=by, params={**(params or {}), "language": translation.get_language()})
    if upload is not None:
        job.upload.save(f"{kind}-{upload.name}", upload, save=False)
    job.save()
    transaction.on_commit(lambda: run_job_task.enqueue(job.pk))
    return job


def run_job(*, job_id: int, now: datetime) -> None:
    """Run a queued job once; a second worker that comes later does nothing."""
    job = Job.objects.get(pk=job_id)
    try:
        compare_and_set(
            job,
            expect={"status": JobStatus.QUEUED},
            change={"status": JobStatus.RUNNING, "started_at": now, "beat_at": now, "attempts": job.attempts + 1},
        )
    except StaleState:
        return
    try:
        with translation.override(job.params.get("language") or settings.LANGUAGE_CODE):
            result = handler_of(job.kind)(job, lambda done, total, message="": beat(job, done, total, message))
    except JobProblem as problem:
        finish(job, status=JobStatus.FAILED, message=str(problem), result=JobResult())
    except Exception:
        log.exception("job failed", job=job.pk, kind=job.kind)
        finish(job, status=JobStatus.FAILED, message="internal", result=JobResult())
        raise
    else:
        finish(job, status=JobStatus.DONE, message="", result=result)


def beat(job: Job, done: int, total: int, message: str = "") -> None:
    """Note progress; visible at once because the handler commits its steps separately."""
    Job.objects.filter(pk=job.pk).update(done=done, total=total, message=message[:300], beat_at=current_time())


def finish(job: Job, *, status: JobStatus, message: str, result: JobResult) -> None:
    """Note the end and keep the result file, once: a worker that was given up for dead changes nothing any more."""
    with transaction.atomic():
        current = Job.objects.select_for_update().get(pk=job.pk)
        if current.status != JobStatus.RUNNING or current.attempts != job.attempts:
            log.warning("late end of a job ignored", job=job.pk, kind=job.kind)
            if result.file is not None:
                result.file.unlink(missing_ok=True)
            return
        current.status, current.message, current.finished_at = status, message[:300], current_time()
        current.result = result.summary
        if status == JobStatus.DONE and current.total:
            current.done = current.total
        if result.file is not None:
            with result.file.open("rb") as handle:
                current.result_file.save(result.file_name or result.file.name, File(handle), save=False)
            result.file.unlink(missing_ok=True)
        current.save(update_fields=["status", "message", "finished_at", "result", "done", "result_file"])


def reap_jobs(*, now: datetime) -> int:
    """Queue again what a dead worker left RUNNING or a lost queue left QUEUED; give up after three attempts.

    Returns the number queued again. A message too many does no harm: `run_job` takes a job once.
    """
    from lms.jobs.tasks import run_job_task  # noqa: PLC0415 – tasks import actions

    silent = Job.objects.filter(status=JobStatus.RUNNING, beat_at__lt=now - SILENCE)
    silent.filter(attempts__gte=MAX_ATTEMPTS).update(status=JobStatus.FAILED, message="worker lost", finished_at=now)
    revived = 0
    for pk, attempts in silent.filter(attempts__lt=MAX_ATTEMPTS).values_list("pk", "attempts"):
        dead = Job.objects.filter(pk=pk, status=JobStatus.RUNNING, attempts=attempts, beat_at__lt=now - SILENCE)
        if dead.update(status=JobStatus.QUEUED, beat_at=now):
            run_job_task.enqueue(pk)
            revived += 1
    waiting = Job.objects.filter(status=JobStatus.QUEUED, created_at__lt=now - SILENCE).exclude(
        beat_at__gte=now - SILENCE
    )
    for pk in list(waiting.values_list("pk", flat=True)):
        Job.objects.filter(pk=pk).update(beat_at=now)
        run_job_task.enqueue(pk)
        revived += 1
    return revived


def forget_files(*, now: datetime) -> int:
    """Remove uploads a week and results a month after the end: they hold personal data. Returns the number."""
    removed = 0
    for field, age in (("upload", KEEP_UPLOADS), ("result_file", KEEP_RESULTS)):
        for job in Job.objects.filter(finished_at__lt=now - age).exclude(**{field: ""}):
            getattr(job, field).delete(save=False)
            job.save(update_fields=[field])
            removed += 1
    return removed
