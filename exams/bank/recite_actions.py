"""Letting questions cite another clause: a new version of each, which somebody else has to approve."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from exams.bank.actions import Filing, revise_question
from exams.bank.bodies import body_from
from exams.bank.models import Question, QuestionVersion
from exams.bank.standing import questions_citing
from exams.bank.wording import QuestionContent
from lms.jobs.actions import start_job
from lms.jobs.models import Job
from lms.jobs.registry import JobResult, Progress
from lms.kit.db import StaleState
from lms.people.models import User

RECITE_JOB = "bank.recite"


def start_recite(*, old: tuple[int, str], new: tuple[int, str], question_ids: Sequence[int], by: User) -> Job:
    """Replace a clause (id, code) by another in these questions, in the background."""
    title = _("%(old)s 换成 %(new)s：%(count)s 道题") % {"old": old[1], "new": new[1], "count": len(question_ids)}
    params = {"old": old[0], "new": new[0], "questions": list(question_ids)}
    return start_job(kind=RECITE_JOB, title=title[:120], by=by, params=params)


def recite(*, job: Job, by: User, now: datetime, progress: Progress) -> JobResult:
    """Revise the questions that still cite the old clause; doing it again finds none."""
    old, new, ids = job.params["old"], job.params["new"], job.params["questions"]
    waiting = list(questions_citing(old, ids).select_related("current__picture"))
    stale: list[str] = []
    for done, question in enumerate(waiting, start=1):
        try:
            recite_question(question=question, old=old, new=new, by=by, now=now)
        except StaleState:
            stale.append(question.code)
        if done % 20 == 0:
            progress(done, len(waiting))
    return JobResult(summary={"revised": len(waiting) - len(stale), "stale": stale})


def recite_question(*, question: Question, old: int, new: int, by: User, now: datetime) -> QuestionVersion:
    """A new version with the same words that tests the new clause; it waits for another person's approval.

    Raises StaleState when somebody revised the question meanwhile.
    """
    version = question.current
    if version is None:
        raise StaleState("question without a version")
    cited = version.clause_links.values_list("clause_id", flat=True)
    return revise_question(
        question=question,
        content=content_of(version),
        filing=filing_of(question),
        clause_ids=[new if pk == old else pk for pk in cited],
        expected_version_id=version.pk,
        by=by,
        now=now,
    )


def content_of(version: QuestionVersion) -> QuestionContent:
    """What a version froze, as plain data."""
    return QuestionContent(
        type=version.type,
        stem=version.stem,
        body=body_from(version.type, version.options, version.key),
        explanation=version.explanation,
        points=version.default_points,
        source=version.source,
        picture=version.picture.digest if version.picture else "",
        picture_alt=version.picture_alt,
    )


def filing_of(question: Question) -> Filing:
    """Where a question belongs, as it is."""
    return Filing(
        topic_id=question.topic_id,
        difficulty=question.difficulty,
        cognitive=question.cognitive,
        industry_ids=tuple(question.industries.values_list("pk", flat=True)),
        category_ids=tuple(question.categories.values_list("pk", flat=True)),
        enemy_group=question.enemy_group,
        effective_from=question.effective_from,
        effective_to=question.effective_to,
    )
