"""Measuring how fast answers are saved here, with the statements that candidates will cause, and leaving nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import perf_counter
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from exams.attempts.actions import PreparedPaper, prepared_papers, save_answers
from exams.attempts.ledger import first_hash
from exams.attempts.models import Attempt, AttemptStatus
from exams.attempts.packets import packet_of
from exams.papers.models import Exam
from exams.proctoring.selftest import SELF_TEST_JOB
from lms.jobs.actions import start_job
from lms.jobs.models import Job
from lms.jobs.registry import JobProblem, JobResult, Progress

if TYPE_CHECKING:
    from lms.people.models import User

MOST_SAVES, MOST_SECONDS, COMMITS = 200, 0.5, 20
SCRATCH_NUMBER = 32_767  # of the attempt that is never stored; no person sits an exam so often


class Discard(Exception):
    """Ends the transaction of the measurement: nothing of it stays."""


def start_self_test(*, exam: Exam, by: "User") -> Job:
    """Queue the measurement; that it is done at all shows that the background queue works."""
    title = _("开考自测：%(title)s") % {"title": exam.title[:80]}
    return start_job(kind=SELF_TEST_JOB, title=title, by=by, params={"exam": exam.pk})


def self_test(*, exam: Exam, by: "User", now: datetime, progress: Progress) -> JobResult:
    """Save answers into an attempt that is rolled back, then note progress some times, each durable for itself.

    The two together are what one saved answer costs the database; network and web server come on top. Raises JobProblem
    where there is no paper yet or somebody is writing: on SQLite they would have to wait.
    """
    papers = prepared_papers(exam.pk)
    if not papers:
        raise JobProblem(_("这场考试还没有组卷，组好卷再测。"))
    if Attempt.objects.filter(Q(deadline_at__gt=now) | Q(person=by), status=AttemptStatus.WRITING).exists():
        raise JobProblem(_("现在有人正在答题，等没有人答题的时候再测。"))
    saves, saving = timed_saves(exam, papers[0], by=by, now=now)
    committing = timed(lambda number: progress(number, COMMITS), times=COMMITS)
    return JobResult(
        summary={
            "saves": saves,
            "save_ms": round(1000 * saving / saves, 3),
            "commits": COMMITS,
            "commit_ms": round(1000 * committing / COMMITS, 3),
        }
    )


def timed_saves(exam: Exam, paper: PreparedPaper, *, by: "User", now: datetime) -> tuple[int, float]:
    """How many answers were saved in how many seconds; one at least, and nothing stays."""
    saves, seconds = 0, 0.0
    try:
        with transaction.atomic():
            attempt = scratch_attempt(exam, paper, by=by, now=now)
            while saves < MOST_SAVES and seconds < MOST_SECONDS:
                saves += 1
                change = {"number": saves, "position": 1 + saves % paper.size, "response": ["o1"]}
                packet = packet_of({"client": 1, "changes": [change]})
                began = perf_counter()
                save_answers(attempt_key=attempt.key, by=by, packet=packet, now=now)
                seconds += perf_counter() - began
            raise Discard
    except Discard:
        return saves, seconds


def scratch_attempt(exam: Exam, paper: PreparedPaper, *, by: "User", now: datetime) -> Attempt:
    """An attempt for the transaction of the measurement."""
    attempt = Attempt(
        exam=exam, paper_id=paper.pk, person=by, seed=1, item_count=paper.size, number=SCRATCH_NUMBER,
        max_score=paper.total_points, started_at=now, deadline_at=now + timedelta(hours=1), grace_seconds=0,
    )  # fmt: skip
    attempt.head_hash = first_hash(attempt)
    attempt.save(force_insert=True)
    return attempt


def timed(step: Callable[[int], None], *, times: int) -> float:
    """Seconds for doing something so often."""
    began = perf_counter()
    for number in range(1, times + 1):
        step(number)
    return perf_counter() - began
