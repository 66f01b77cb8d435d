"""Background work on people: checking and writing a staff file, exporting the roster and the audit log."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from lms.access.queries import standing_of
from lms.access.roles import Role
from lms.audit.actions import record
from lms.audit.labels import action_label
from lms.jobs.models import Job
from lms.jobs.registry import JobProblem, JobResult, Progress, job_handler
from lms.kit.clock import current_date, current_time
from lms.kit.sheets import write_rows
from lms.people.audit_search import audit_filter, audit_lines, audit_search
from lms.people.import_actions import PlaceBook, write_chunk
from lms.people.import_queries import CHECK, WRITE, frame_for
from lms.people.import_run import StaffFile, reason_words
from lms.people.models import Employment, User
from lms.people.queries import managed_enterprises
from lms.people.roster import roster, roster_filter, with_details

REPORT = ("姓名", "工号", "单位", "车间/部门", "班组", "结果", "账号")
RESULT_WORDS = {"new": "新增", "joins": "新增在职", "changed": "更新", "same": "没有变化"}
ROSTER = (
    "姓名",
    "工号",
    "证件号码（遮盖）",
    "手机号（遮盖）",
    "单位",
    "车间/部门",
    "班组",
    "岗位",
    "工种",
    "用工形式",
    "派遣/外包单位",
    "人员类别",
    "入职日期",
    "离职日期",
    "账号",
)
AUDIT = ("序号", "时间", "操作人", "工号", "动作", "对象", "单位", "原因", "内容", "地址", "校验值")


def scratch_file(suffix: str) -> Path:
    """A new file that the job's result moves away."""
    with tempfile.NamedTemporaryFile(suffix=suffix, delete=False) as handle:
        return Path(handle.name)


def owner_of(job: Job) -> User:
    """Who started the job."""
    if job.owner is None:
        raise JobProblem(_("任务没有发起人。"))
    return job.owner


def staff_file(job: Job, upload: Any, progress: Progress) -> StaffFile:
    """The uploaded table, checked against what its owner may fill today."""
    owner, today = owner_of(job), current_date()
    standing = standing_of(owner.pk, on=today)
    if not standing.holds(Role.SAFETY_MANAGER, Role.ADMINISTRATOR):
        raise JobProblem(_("没有导入人员的权限了。"))
    if not upload:
        raise JobProblem(_("上传的文件已经按规定清理，请重新上传。"))
    return StaffFile(
        Path(upload.path), frame_for(managed_enterprises(owner.pk, standing, on=today), today=today), progress
    )


@job_handler(CHECK, result_page="import_check")
def check_staff_file(job: Job, progress: Progress) -> JobResult:
    """The dry run: nothing is written; the bad rows go to a file with their reasons."""
    file = staff_file(job, job.upload, progress)

    def bad_rows() -> Iterator[Sequence[Any]]:
        for chunk in file.chunks():
            for checked in chunk:
                if checked.plan is None:
                    yield [checked.number, *checked.cells, reason_words([p for p in checked.problems if p.fatal])]

    target = scratch_file(".xlsx")
    bad = write_rows(target, header=["行号", *file.titles, "问题"], rows=bad_rows(), title="不能导入的行")
    if not bad:
        target.unlink()
    absent = {
        place: Employment.objects.on(file.frame.today).filter(enterprise_id=place).count() - met
        for place, met in file.tally.enterprises.items()
    }
    summary = file.tally.summary() | {"file": job.params.get("file", ""), "absent": sum(absent.values())}
    return JobResult(summary, target if bad else None, "bad-rows.xlsx")


@job_handler(WRITE, result_page="import_report")
def write_staff_file(job: Job, progress: Progress) -> JobResult:
    """Write the good rows and list every person of the file with the staff number."""
    source = Job.objects.get(pk=job.params["check"])
    file, book, owner = staff_file(job, source.upload, progress), PlaceBook(), owner_of(job)

    def written_rows() -> Iterator[Sequence[Any]]:
        for chunk in file.chunks():
            plans = [checked.plan for checked in chunk if checked.plan]
            if not plans:
                continue
            numbers = write_chunk(
                plans=plans, book=book, job_id=job.pk, by=owner, now=current_time(), today=file.frame.today
            )
            for plan in plans:
                row = plan.row
                yield (
                    row.name,
                    numbers[row.number],
                    book.enterprise(row.enterprise_id).name,
                    row.workshop,
                    row.team,
                    RESULT_WORDS[plan.kind],
                    "请本人启用" if plan.kind == "new" else "",
                )

    target = scratch_file(".xlsx")
    write_rows(
        target,
        header=REPORT,
        rows=written_rows(),
        title="导入结果",
        notes=[
            "新账号没有密码：本人打开登录页点“第一次登录”，填工号（或手机号）、证件号码后六位和手机号，自己设密码。"
        ],
    )
    return JobResult(file.tally.summary() | {"file": source.params.get("file", "")}, target, "import-result.xlsx")


@job_handler("people.export")
def export_roster(job: Job, progress: Progress) -> JobResult:
    """The rows that the page listed, numbers masked; who exported what is audited."""
    owner, today = owner_of(job), current_date()
    scope = standing_of(owner.pk, on=today).scope
    found = with_details(roster(scope, roster_filter(job.params["query"]), on=today), on=today)
    total = found.count()

    def lines() -> Iterator[Sequence[Any]]:
        for count, row in enumerate(found.iterator(chunk_size=1000), start=1):
            if count % 1000 == 0:
                progress(count, total)
            yield (
                row.person.name,
                row.person.username,
                row.person.masked_id,
                row.person.masked_phone,
                row.enterprise.name,
                row.workshop.name if row.workshop else "",
                row.team.name if row.team else "",
                row.post.name if row.post else "",
                row.trade,
                row.get_employment_type_display(),
                row.employer_name,
                "、".join(period.category.name for period in row.current_periods),  # type: ignore[attr-defined]
                row.started_on,
                row.ended_on or "",
                "没启用" if row.person.awaits_activation else "",
            )

    target = scratch_file(".xlsx")
    count = write_rows(target, header=ROSTER, rows=lines(), title="花名册")
    record(action="people.exported", by=owner, now=current_time(), detail={"rows": count, "query": job.params["query"]})
    return JobResult({"rows": count}, target, f"roster-{today.isoformat()}.xlsx")


@job_handler("audit.export")
def export_audit(job: Job, progress: Progress) -> JobResult:
    """The audit entries that the page listed, with their hashes."""
    owner = owner_of(job)
    if not standing_of(owner.pk, on=current_date()).holds(Role.AUDITOR, Role.ADMINISTRATOR):
        raise JobProblem(_("没有查看审计日志的权限了。"))
    found = audit_search(audit_filter(job.params["query"]))
    total = found.count()
    target = scratch_file(".xlsx")
    count = write_rows(target, header=AUDIT, rows=audit_lines(found, total, progress, action_label), title="审计日志")
    record(action="audit.exported", by=owner, now=current_time(), detail={"rows": count, "query": job.params["query"]})
    return JobResult({"rows": count}, target, f"audit-{current_date().isoformat()}.xlsx")
