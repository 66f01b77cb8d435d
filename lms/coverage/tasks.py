"""Background exports: the address of the page is read again with the owner's view rights of today."""

import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from lms.access.queries import standing_of
from lms.coverage.export import write_enterprises, write_people
from lms.coverage.pages import open_overview, open_people, table_ask
from lms.jobs.models import Job
from lms.jobs.registry import JobProblem, JobResult, Progress, job_handler
from lms.kit.clock import current_date
from lms.organisations.scope import NOTHING, Scope


def scope_of(job: Job) -> Scope:
    """What the owner may see on the day the job runs."""
    return standing_of(job.owner_id, on=current_date()).scope if job.owner_id else NOTHING


def new_file() -> Path:
    """An empty file that the job moves to the private storage."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx", delete=False) as handle:
        return Path(handle.name)


@job_handler("coverage.people")
def export_people(job: Job, progress: Progress) -> JobResult:
    """The named list as Excel."""
    today = current_date()
    opened = open_people(job.params["query"], scope_of(job), today=today)
    target = new_file()
    count = write_people(target, opened.ask, what=job.title, made_on=today, progress=progress)
    return JobResult({"rows": count}, target, f"{_('名单')}-{opened.ask.day}.xlsx")


@job_handler("coverage.enterprises")
def export_enterprises(job: Job, progress: Progress) -> JobResult:
    """The table of enterprises as Excel."""
    today = current_date()
    opened = open_overview(job.params["query"], scope_of(job), today=today)
    ask = table_ask(opened)
    if ask is None:
        raise JobProblem(_("还没有培训要求，没有可以导出的内容。"))
    target = new_file()
    sort = opened.form.get("sort") or "worst"
    count = write_enterprises(target, ask, sort=sort, what=job.title, made_on=today, progress=progress)
    return JobResult({"rows": count}, target, f"{_('企业覆盖率')}-{ask.day}.xlsx")
