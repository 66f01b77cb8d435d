"""What an exam still lacks before it can be published, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from exams.papers.assembly import PaperSpec, Shortfall, shortfalls
from exams.papers.models import BlueprintSection, Exam, ExamStatus
from exams.papers.queries import available, blueprint_total, sections_of, spec_of
from lms.jobs.models import JobStatus
from lms.regulations.queries import rule_value

MIN_CRITERION = "exam.min_criterion_percent"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the check page; `bad` forbids publication, `warn` does not."""

    state: Literal["ok", "warn", "bad"]
    title: str
    detail: str = ""


def publication_checks(exam: Exam, *, now: datetime) -> list[Check]:
    """Every line, good ones included."""
    sections = sections_of(exam)
    checks = [check_window(exam, now), check_audience(exam), check_share(exam, now)]
    if not sections:
        return [*checks, Check("bad", _("还没有试卷结构"), _("至少加一个部分：题型、题数、分值。"))]
    spec = spec_of(exam, seed=0, on=timezone.localdate(exam.opens_at))
    return [*checks, check_total(sections), *check_sections(exam, sections, spec)]


def blocking(checks: Sequence[Check]) -> list[Check]:
    """The lines that forbid publication."""
    return [check for check in checks if check.state == "bad"]


def check_window(exam: Exam, now: datetime) -> Check:
    """The window lies ahead and holds one sitting."""
    if exam.closes_at <= now:
        return Check("bad", _("考试时段已经过去"), _("请把截止时间改到以后。"))
    if (exam.closes_at - exam.opens_at).total_seconds() < exam.minutes * 60:
        return Check("bad", _("考试时段比答题时长还短"), _("请放宽时段，或缩短答题时长。"))
    return Check("ok", _("时段与时长"), _("%(minutes)s 分钟") % {"minutes": exam.minutes})


def check_audience(exam: Exam) -> Check:
    """Somebody is meant."""
    count = exam.audiences.count()
    if not count:
        return Check("bad", _("还没有应考人员"), _("至少加一条应考范围。"))
    return Check("ok", _("应考人员"), _("%(count)s 条范围") % {"count": count})


def check_share(exam: Exam, now: datetime) -> Check:
    """The share of criterion questions is not set below the rule (必学必考)."""
    required = rule_value(MIN_CRITERION, on=timezone.localdate(now))
    if exam.min_criterion_percent < required:
        text = _("现在是 %(set)s%%，规定不低于 %(required)s%%（必学必考）。")
        return Check("bad", _("判定标准题最低占比低于规定"), text % percents(exam, required))
    return Check("ok", _("判定标准题最低占比"), f"{exam.min_criterion_percent.normalize():f}%")


def percents(exam: Exam, required: Decimal) -> dict[str, str]:
    """Both percentages without superfluous zeros."""
    return {"set": f"{exam.min_criterion_percent.normalize():f}", "required": f"{required.normalize():f}"}


def check_total(sections: Sequence[BlueprintSection]) -> Check:
    """Points need not be 100, but people expect it."""
    count, points = blueprint_total(sections)
    text = _("%(count)s 题，共 %(points)s 分") % {"count": count, "points": f"{points.normalize():f}"}
    if points != 100:
        return Check("warn", _("卷面总分不是 100 分"), text + _("。成绩按百分比折算，合格线照样有效。"))
    return Check("ok", _("题数与总分"), text)


def check_sections(exam: Exam, sections: Sequence[BlueprintSection], spec: PaperSpec) -> list[Check]:
    """Whether the bank can fill every section and the share of criterion questions."""
    lacks = {lack.section: lack for lack in shortfalls(spec)}
    checks: list[Check] = []
    for place, (section, stock) in enumerate(zip(sections, available(spec), strict=True)):
        title = section_words(section)
        if place in lacks:
            checks.append(Check("bad", shortfall_words(lacks[place], sections, spec)))
        elif stock < section.count * exam.paper_count:
            text = _("可用 %(stock)s 题，%(papers)s 套卷之间会有重题")
            checks.append(Check("warn", title, text % {"stock": stock, "papers": exam.paper_count}))
        else:
            checks.append(Check("ok", title, _("可用 %(stock)s 题") % {"stock": stock}))
    if None in lacks:
        checks.append(Check("bad", shortfall_words(lacks[None], sections, spec)))
    return checks


def shortfall_words(lack: Shortfall, sections: Sequence[BlueprintSection], spec: PaperSpec) -> str:
    """`多选题·粉尘涉爆 还差 12 题`."""
    if lack.section is not None:
        values = {"section": section_words(sections[lack.section]), "missing": lack.missing}
        return _("%(section)s 还差 %(missing)s 题") % values
    return _("判定标准题还差 %(missing)s 题：每套 %(total)s 题里至少要有 %(needed)s 题") % {
        "missing": lack.missing,
        "total": spec.total,
        "needed": spec.criterion_needed,
    }


def section_words(section: BlueprintSection) -> str:
    """`多选题·重大事故隐患·粉尘涉爆`."""
    names = [topic.name.removeprefix("重大事故隐患·") for topic in section.topics.all()]
    if not names:
        where = _("全部知识点")
    elif len(names) <= 2:
        where = "、".join(names)
    else:
        where = _("%(first)s 等 %(count)s 个知识点") % {"first": names[0], "count": len(names)}
    return f"{section.get_type_display()}·{where}"


def check_state(exam: Exam) -> Check | None:
    """Whether papers are being made, or the exam is out already."""
    if exam.status != ExamStatus.DRAFT:
        return Check("bad", _("这场考试已经发布过了"))
    job = exam.assembly_job
    if job is not None and job.status in (JobStatus.QUEUED, JobStatus.RUNNING):
        return Check("bad", _("正在组卷，请稍候"))
    return None
