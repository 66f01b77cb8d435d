"""Background work ends once, whatever happens to the worker."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from lms.jobs import registry
from lms.jobs.actions import MAX_ATTEMPTS, forget_files, reap_jobs, run_job, start_job
from lms.jobs.models import Job, JobStatus
from lms.jobs.registry import JobProblem, JobResult
from lms.kit.clock import current_time
from tests.factories.lms import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """How often the handler of kind `test` ran."""
    seen: list[int] = []

    def handler(job, progress):
        seen.append(job.pk)
        progress(1, 2, "一半")
        if job.params.get("problem"):
            raise JobProblem("表头不对")
        if job.params.get("crash"):
            raise RuntimeError("no words for the owner")
        file = tmp_path / f"{len(seen)}.txt"
        file.write_text("result")
        return JobResult({"n": len(seen)}, file, "result.txt")

    monkeypatch.setitem(registry._handlers, "test", handler)
    return seen


def queued(**params: object) -> Job:
    return Job.objects.create(kind="test", title="任务", owner=UserFactory(), params=params)


def test_a_job_runs_and_keeps_its_result(runs: list[int]) -> None:
    job = queued()
    run_job(job_id=job.pk, now=current_time())
    job.refresh_from_db()
    assert (job.status, job.result, job.done, job.total, job.percent) == ("done", {"n": 1}, 2, 2, 100)
    assert job.result_file.read() == b"result"


def test_a_second_worker_does_nothing(runs: list[int]) -> None:
    job = queued()
    run_job(job_id=job.pk, now=current_time())
    run_job(job_id=job.pk, now=current_time())
    assert runs == [job.pk]


def test_a_problem_is_told_and_a_crash_is_not(runs: list[int]) -> None:
    told, crashed = queued(problem=True), queued(crash=True)
    run_job(job_id=told.pk, now=current_time())
    with pytest.raises(RuntimeError):
        run_job(job_id=crashed.pk, now=current_time())
    told.refresh_from_db()
    crashed.refresh_from_db()
    assert (told.status, told.message) == ("failed", "表头不对")
    assert (crashed.status, crashed.message) == ("failed", "internal")


def killed(job: Job, *, attempts: int = 1, minutes: int = 6) -> None:
    """As a worker leaves it that was killed."""
    beat = current_time() - timedelta(minutes=minutes)
    Job.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING, attempts=attempts, beat_at=beat, started_at=beat)


def test_a_killed_worker_is_noticed_and_the_job_ends_once(runs: list[int], django_capture_on_commit_callbacks) -> None:
    job = queued()
    killed(job)
    with django_capture_on_commit_callbacks(execute=True):
        assert reap_jobs(now=current_time()) == 1
    job.refresh_from_db()
    assert (job.status, job.attempts, runs) == ("done", 2, [job.pk])
    assert reap_jobs(now=current_time()) == 0


def test_a_worker_that_was_given_up_for_dead_ends_nothing(runs: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    job = queued()

    def slow(job_in_hand, progress):
        Job.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING, attempts=2)  # the reaper gave it to another
        return JobResult({"n": "late"})

    monkeypatch.setitem(registry._handlers, "test", slow)
    run_job(job_id=job.pk, now=current_time())
    job.refresh_from_db()
    assert (job.status, job.result) == ("running", {})


def test_a_beating_job_is_left_alone(runs: list[int]) -> None:
    killed(queued(), minutes=1)
    assert reap_jobs(now=current_time()) == 0


def test_after_three_attempts_it_is_given_up(runs: list[int]) -> None:
    job = queued()
    killed(job, attempts=MAX_ATTEMPTS)
    assert reap_jobs(now=current_time()) == 0
    job.refresh_from_db()
    assert (job.status, job.message) == ("failed", "worker lost")


def test_a_job_whose_message_was_lost_is_queued_again(runs: list[int], django_capture_on_commit_callbacks) -> None:
    job = queued()
    Job.objects.filter(pk=job.pk).update(created_at=current_time() - timedelta(minutes=10))
    with django_capture_on_commit_callbacks(execute=True):
        assert reap_jobs(now=current_time()) == 1
    assert runs == [job.pk]


def test_uploads_go_after_a_week_and_results_after_a_month(runs: list[int], django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = start_job(kind="test", title="任务", by=UserFactory(), upload=ContentFile(b"x", name="a.xlsx"))
    job.refresh_from_db()
    ended = job.finished_at
    assert ended is not None
    assert forget_files(now=ended + timedelta(days=6)) == 0
    assert forget_files(now=ended + timedelta(days=8)) == 1
    assert forget_files(now=ended + timedelta(days=31)) == 1
    job.refresh_from_db()
    assert (bool(job.upload), bool(job.result_file)) == (False, False)


def test_others_do_not_see_my_jobs(runs: list[int], client_of) -> None:
    mine = queued()
    assert mine.owner is not None
    stranger = UserFactory()
    assert client_of(mine.owner).get(f"/jobs/{mine.pk}/").status_code == 200
    assert client_of(stranger).get(f"/jobs/{mine.pk}/").status_code == 404
    assert "任务" in client_of(mine.owner).get("/jobs/").content.decode()
    assert f"/jobs/{mine.pk}/" not in client_of(stranger).get("/jobs/").content.decode()
