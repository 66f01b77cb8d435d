"""Background entry points of the catalogue."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from courses.catalogue.assignees import course_people, filtered, people_filter
from courses.catalogue.course_state import STATE_WORDS, State
from courses.catalogue.models import Course
from lms.access.queries import standing_of
from lms.jobs.models import Job
from lms.jobs.registry import JobProblem, JobResult, Progress, job_handler
from lms.kit.clock import current_date
from lms.kit.sheets import write_rows


@job_handler("courses.people.export")
def export_course_people(job: Job, progress: Progress) -> JobResult:
    """The people of a course exactly as they were listed, within what the owner may see now."""
    if job.owner is None:
        raise JobProblem("nobody asked")
    today = current_date()
    course = Course.objects.get(pk=job.params["course"])
    scope = standing_of(job.owner.pk, on=today).scope
    rows = filtered(course_people(course, scope, on=today), people_filter(job.params["query"]))
    target = Path(tempfile.mkdtemp()) / "people.xlsx"
    header = [
        _("姓名"),
        _("工号"),
        _("单位"),
        _("车间/部门"),
        _("班组"),
        _("岗位"),
        _("状态"),
        _("学完课时"),
        _("已计分钟"),
        _("完成期限"),
        _("学完日期"),
    ]
    count = write_rows(
        target,
        header=header,
        rows=lines(rows),
        title=_("课程进度"),
        notes=[_("课程：%(course)s。截至 %(day)s。") % {"course": course.title, "day": today.isoformat()}],
    )
    progress(count, count)
    return JobResult({"rows": count}, target, f"{course.code}-{today:%Y%m%d}.xlsx")


def lines(rows: Any) -> Iterator[list[Any]]:
    """One line of the sheet for each employment."""
    for row in rows.iterator(chunk_size=500):
        yield [
            row.person.name,
            row.person.username,
            row.enterprise.name,
            row.workshop.name if row.workshop else "",
            row.team.name if row.team else "",
            row.post.name if row.post else "",
            str(STATE_WORDS[State(row.state)]),
            row.lessons_done,
            row.seconds_credited // 60,
            row.due_on,
            timezone.localdate(row.completed_at) if row.completed_at else None,
        ]
