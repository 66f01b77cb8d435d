"""What an exam still lacks before it can be published, in words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from exams.bank.models import Question
from exams.papers.blueprint import Blueprint
from exams.papers.models import AssemblyMethod, Exam, ExamStatus
from exams.papers.queries import blueprint_of, blueprint_total, names_for, spec_for
from exams.papers.reasons import Names, shortfall_words
from exams.papers.spec import PaperSpec, ShareSpec
from exams.papers.stock import available, crowding, shortfalls
from lms.jobs.models import JobStatus
from lms.regulations.queries import rule_value

MIN_CRITERION = "exam.min_criterion_percent"
# From here on of what two papers may share, papers are hard to find.
CROWDED = 0.85


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the check page; `bad` forbids publication, `warn` does not."""

    state: Literal["ok", "warn", "bad"]
    title: str
    detail: str = ""


def publication_checks(exam: Exam, *, now: datetime) -> list[Check]:
    """Every line, good ones included."""
    blueprint = blueprint_of(exam, on=timezone.localdate(exam.opens_at))
    return [check_window(exam, now), check_audience(exam), *blueprint_checks(blueprint)]


def blueprint_checks(blueprint: Blueprint) -> list[Check]:
    """Everything that can be said about a blueprint against the bank as it stands; at most eight queries.

    Quick enough to be asked while somebody types: papers themselves are not made. What is called impossible here is.
    """
    checks = [check_share(blueprint)]
    if blueprint.method == AssemblyMethod.FIXED:
        return [*checks, *fixed_checks(blueprint)]
    if not blueprint.sections:
        return [*checks, Check("bad", _("还没有试卷结构"), _("至少加一个部分：题型、题数、分值。"))]
    checks.append(check_total(*blueprint_total(blueprint.sections)))
    names = names_for(blueprint)
    plain = [*share_checks(blueprint, names), *family_checks(blueprint)]
    if blocking(plain):
        return [*checks, *plain]
    spec = spec_for(blueprint, seed=0)
    return [*checks, *plain, *bank_checks(blueprint, spec, names)]


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


def check_share(blueprint: Blueprint) -> Check:
    """The share of criterion questions is not set below the rule (必学必考)."""
    share, required = blueprint.min_criterion_percent, rule_value(MIN_CRITERION, on=blueprint.on)
    if share < required:
        text = _("现在是 %(set)s%%，规定不低于 %(required)s%%（必学必考）。")
        values = {"set": f"{share.normalize():f}", "required": f"{required.normalize():f}"}
        return Check("bad", _("判定标准题最低占比低于规定"), text % values)
    return Check("ok", _("判定标准题最低占比"), f"{share.normalize():f}%")


def check_total(count: int, points: Decimal) -> Check:
    """Points need not be 100, but people expect it."""
    text = _("%(count)s 题，共 %(points)s 分") % {"count": count, "points": f"{points.normalize():f}"}
    if points != 100:
        return Check("warn", _("卷面总分不是 100 分"), text + _("。成绩按百分比折算，合格线照样有效。"))
    return Check("ok", _("题数与总分"), text)


def share_checks(blueprint: Blueprint, names: Names) -> list[Check]:
    """Whether shares can be meant as they stand, whatever the bank holds."""
    if not blueprint.shares:
        return []
    if blueprint.method != AssemblyMethod.PARALLEL:
        return [Check("bad", _("随机抽题不支持占比要求，请用平行组卷"), _("或者删去占比要求。"))]
    total = sum(row.count for row in blueprint.sections)
    found: list[Check] = []
    for row in blueprint.shares:
        least, most = ShareSpec(row.min_percent, row.max_percent).bounds(total)
        if least > most:
            text = _("每套 %(total)s 题，凑不出 %(min)s%%–%(max)s%% 的整数题数")
            values = {"total": total, "min": row.min_percent, "max": row.max_percent}
            found.append(Check("bad", names.share(row), text % values))
    return found


def family_checks(blueprint: Blueprint) -> list[Check]:
    """Whether there are papers enough for retakes that share no question."""
    if blueprint.paper_count >= blueprint.families:
        return []
    text = _("补考不重题至少要 %(families)s 套卷，现在是 %(papers)s 套")
    values = {"families": blueprint.families, "papers": blueprint.paper_count}
    return [Check("bad", text % values, _("请增加试卷套数，或把“补考避开前几次考过的题”改小。"))]


def bank_checks(blueprint: Blueprint, spec: PaperSpec, names: Names) -> list[Check]:
    """Whether the bank can fill every section and meet every rule."""
    lacks = shortfalls(spec)
    bad = {lack.section: lack for lack in lacks if lack.section is not None}
    checks: list[Check] = []
    for place, (row, stock) in enumerate(zip(blueprint.sections, available(spec), strict=True)):
        title = names.section(row)
        if place in bad:
            text = _("可用 %(stock)s 题") % {"stock": stock}
            checks.append(Check("bad", shortfall_words(bad[place], blueprint, spec, names), text))
        elif stock < row.count * blueprint.paper_count:
            text = _("可用 %(stock)s 题，%(papers)s 套卷之间会有重题")
            checks.append(Check("warn", title, text % {"stock": stock, "papers": blueprint.paper_count}))
        else:
            checks.append(Check("ok", title, _("可用 %(stock)s 题") % {"stock": stock}))
    checks += [Check("bad", shortfall_words(lack, blueprint, spec, names)) for lack in lacks if lack.section is None]
    if not lacks and spec.method == AssemblyMethod.PARALLEL:
        checks += crowd_checks(spec)
    return checks


def crowd_checks(spec: PaperSpec) -> list[Check]:
    """A bank that is only just large enough may turn out too small when the papers are made."""
    share = crowding(spec)
    if share <= CROWDED:
        return []
    text = _("两套卷平均至少要重 %(least)s 题，上限是 %(most)s 题。建议放宽重题上限、减少套数或补充题目。")
    values = {"least": f"{share * spec.most_shared:.1f}", "most": spec.most_shared}
    return [Check("warn", _("题目偏少，组卷可能不成"), text % values)]


def fixed_checks(blueprint: Blueprint) -> list[Check]:
    """Whether the questions chosen by hand make a paper; four queries."""
    if not blueprint.fixed:
        return [Check("bad", _("还没有挑题"), _("固定试卷要自己挑题：至少挑一道。"))]
    spec = spec_for(blueprint, seed=0)
    points = sum((row.points for row in blueprint.fixed), Decimal(0))
    checks = [check_total(len(blueprint.fixed), points), *unusable_checks(blueprint), *enemy_checks(spec)]
    held, needed = sum(c.criterion for c in spec.pool), spec.criterion_needed
    if held < needed:
        text = _("判定标准题还差 %(missing)s 题：每套 %(total)s 题里至少要有 %(needed)s 题")
        values = {"missing": needed - held, "total": spec.total, "needed": needed}
        checks.append(Check("bad", text % values))
    if blueprint.shares:
        checks.append(Check("bad", _("固定试卷不支持占比要求"), _("请删去占比要求，或改用平行组卷。")))
    if blueprint.attempts_allowed > 1:
        checks.append(
            Check("warn", _("补考还是同一套卷"), _("固定试卷只有一套；要补考不重题，请用平行组卷或随机抽题。"))
        )
    return checks


def unusable_checks(blueprint: Blueprint) -> list[Check]:
    """Questions of a fixed paper that stand in it twice, or cannot be used on the day."""
    wanted = [row.question_id for row in blueprint.fixed]
    usable = set(Question.objects.usable_on(blueprint.on).filter(pk__in=wanted).values_list("pk", flat=True))
    codes = dict(Question.objects.filter(pk__in=wanted).values_list("pk", "code"))
    lost = [codes.get(pk, "?") for pk in dict.fromkeys(wanted) if pk not in usable]
    twice = [codes.get(pk, "?") for pk, times in Counter(wanted).items() if times > 1]
    checks: list[Check] = []
    if lost:
        text = _("%(codes)s：没有发布、停用或不在启用日期内。请换题。")
        checks.append(Check("bad", _("%(count)s 道题不能用") % {"count": len(lost)}, text % {"codes": "、".join(lost)}))
    if twice:
        checks.append(Check("bad", _("同一道题挑了两次"), "、".join(twice)))
    return checks or [Check("ok", _("挑好的题都能用"), _("%(count)s 题") % {"count": len(wanted)})]


def enemy_checks(spec: PaperSpec) -> list[Check]:
    """Questions of a fixed paper that must not stand in one paper."""
    groups = Counter(c.enemy for c in spec.pool if c.enemy)
    together = [group for group, count in groups.items() if count > 1]
    return [Check("bad", _("互斥的题不能同卷"), "、".join(together))] if together else []


def check_state(exam: Exam) -> Check | None:
    """Whether papers are being made, or the exam is out already."""
    if exam.status != ExamStatus.DRAFT:
        return Check("bad", _("这场考试已经发布过了"))
    job = exam.assembly_job
    if job is not None and job.status in (JobStatus.QUEUED, JobStatus.RUNNING):
        return Check("bad", _("正在组卷，请稍候"))
    return None
