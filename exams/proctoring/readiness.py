"""The readiness report in words: each line says how things stand, and where they are mended (no ORM)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from exams.papers.models import AssemblyMethod, ExamKind, ExamStatus
from exams.papers.sitting import CheckInRule
from exams.proctoring.readiness_queries import Readiness
from exams.proctoring.selftest import wanted_rate
from lms.access.rules import Rule, administration, coverage_readers, enterprise_manager, exam_office

WAITS_TOO_LONG = timedelta(minutes=2)
STALE = timedelta(days=7)  # after so long without work nobody knows whether the queue still lives
OLD_TEST = timedelta(days=30)
GIGABYTE = 1024**3
LITTLE_SPACE, TOO_LITTLE_SPACE = 5 * GIGABYTE, GIGABYTE

State = Literal["ok", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Link:
    """Where something is mended, and who may open that page."""

    address: str
    words: str
    rule: Rule = exam_office


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `bad` must be mended before the exam, `warn` should be looked at."""

    state: State
    title: str
    detail: str = ""
    link: Link | None = None


def lines_of(found: Readiness, *, now: datetime) -> list[Line]:
    """Every line, good ones included, in the order of preparing."""
    return [
        papers_line(found),
        *roster_lines(found),
        *staff_lines(found),
        reasons_line(found),
        queue_line(found, now=now),
        disk_line(found),
        capacity_line(found, now=now),
        device_line(found),
        *rehearsal_lines(found),
    ]


def summary(lines: Sequence[Line]) -> str:
    """The heading: what the reader has to know first."""
    missing = sum(line.state == "bad" for line in lines)
    attention = sum(line.state == "warn" for line in lines)
    if missing:
        return _("还差 %(n)s 处没有准备好") % {"n": missing}
    return _("可以开考，有 %(n)s 处请留意") % {"n": attention} if attention else _("都准备好了，可以开考")


def papers_line(found: Readiness) -> Line:
    """Papers: made, enough for retakes, resting on what is in force."""
    exam, papers = found.exam, found.papers
    link = Link(reverse("exams:exam_publish", args=[exam.pk]), _("看考试和试卷"))
    if exam.status == ExamStatus.DRAFT:
        return Line("bad", _("还没有组卷发布"), _("核对页会说题库够不够、还差什么。"), link)
    if not papers.papers:
        return Line("bad", _("没有能发的试卷"), _("考试已发布，却没有一套卷，请联系管理员。"), link)
    if papers.lapsed:
        words = _("卷里有 %(n)s 道题，依据的条目在考试那天已经失效。") % {"n": papers.lapsed}
        return Line("warn", _("试卷里有依据失效的题"), words, link)
    words = _("%(papers)s 套卷，每套 %(size)s 题。") % {"papers": papers.papers, "size": papers.size}
    sittings = min(exam.attempts_allowed, exam.fresh_attempts + 1)
    if exam.method == AssemblyMethod.FIXED or (papers.papers == 1 and found.roster.people > 1):
        return Line("warn", _("人人同一套卷"), words + _("坐在一起考，容易互相看；补考还是这一套。"), link)
    if papers.families < sittings:
        return Line("warn", _("补考会遇到考过的题"), words + _("这些卷之间有重题，没有分成不重题的组。"), link)
    return Line("ok", _("试卷组好了"), words, link)


def roster_lines(found: Readiness) -> list[Line]:
    """Who is meant, who can sign in, who has finished the course, whose identity can be checked."""
    people, exam = found.roster, found.exam
    link = Link(reverse("roster"), _("看花名册"), enterprise_manager)
    day = {"day": found.day.isoformat(), "n": people.people}
    if not people.people:
        words = _("%(day)s 应考范围里没有一个在职的人，请核对应考范围。") % day
        return [Line("bad", _("没有考生"), words, Link(reverse("exams:exam_publish", args=[exam.pk]), _("看应考范围")))]
    lines = [Line("ok", _("应考 %(n)s 人") % day, _("按应考范围和 %(day)s 的花名册算，入职离职随时跟着变。") % day)]
    away = people.blocked + people.not_activated
    if away:
        counts = {"off": people.blocked, "new": people.not_activated}
        words = _("账号没启用 %(new)s 人，账号停用 %(off)s 人。没启用的，请本人考前首次登录。") % counts
        lines.append(Line("warn", _("%(n)s 人现在登录不了") % {"n": away}, words, link))
    else:
        lines.append(Line("ok", _("人人都能登录")))
    if exam.prerequisite_subject:
        lines.append(course_line(found))
    if people.no_id:
        words = _("他们的证件号码没有登记，签到时只能看随身的证件。")
        lines.append(Line("warn", _("%(n)s 人没有证件号码") % {"n": people.no_id}, words, link))
    else:
        lines.append(Line("ok", _("人人都登记了证件号码")))
    if exam.check_in != CheckInRule.OFF:
        lines.append(photo_line(found))
    return lines


def photo_line(found: Readiness) -> Line:
    """Photos help at the door; the document in the hand will do."""
    facts = {"n": found.roster.people - found.roster.no_photo, "m": found.roster.people}
    link = Link(reverse("exams:door", args=[found.exam.pk]), _("签到核验"))
    words = _("开考前要签到。没有照片的人，拿本人的证件比对。")
    return Line("ok", _("%(m)s 人中 %(n)s 人存有照片") % facts, words, link)


def course_line(found: Readiness) -> Line:
    """The course that must come first."""
    missing = found.roster.course_missing
    if not missing:
        return Line("ok", _("人人都学完了规定的课程"))
    words = _("没学完的人开不了考，请督促他们考前学完。")
    link = Link(
        reverse("courses:course_people", args=[found.exam.prerequisite_subject]), _("看谁没学完"), coverage_readers
    )
    return Line("warn", _("%(n)s 人还没学完规定的课程") % {"n": missing}, words, link)


def staff_lines(found: Readiness) -> list[Line]:
    """Somebody to proctor, and somebody to mark where people mark."""
    staff = found.staff
    link = Link(reverse("roles"), _("安排角色"), enterprise_manager)
    own = _("自己的答卷自己不能处理、不能阅。")
    if staff.free:
        lines = [Line("ok", _("能监考的有 %(n)s 人") % {"n": staff.free}, _("不算自己也要考的人。"))]
    else:
        words = _("能监考的 %(n)s 人自己都要考，%(own)s") % {"n": staff.people, "own": own}
        lines = [Line("bad", _("没有人监考"), words if staff.people else "", link)]
    if not staff.written_answers:
        return lines
    if staff.free:
        return [*lines, Line("ok", _("能阅卷的有 %(n)s 人") % {"n": staff.free}, _("这场考试有主观题，要人工阅卷。"))]
    return [*lines, Line("bad", _("没有人阅卷"), _("这场考试有主观题。") + own, link)]


def reasons_line(found: Readiness) -> Line:
    """Without a reason no order can be given."""
    link = Link(reverse("exams:reasons"), _("改监考理由"), administration)
    if not found.reasons:
        words = _("每个监考操作都要选理由，没有理由就不能操作。")
        return Line("bad", _("监考理由是空的"), words, link)
    if found.kinds_without_reason:
        words = _("没有理由可选：%(kinds)s。") % {"kinds": "、".join(found.kinds_without_reason)}
        return Line("warn", _("有的监考操作没有理由可选"), words, link)
    return Line("ok", _("监考理由有 %(n)s 条") % {"n": found.reasons})


def queue_line(found: Readiness, *, now: datetime) -> Line:
    """Attempts that run out, and results that are published later, need the background queue."""
    queue = found.queue
    why = _("到时自动交卷要靠它。")
    if queue.waiting_since and now - queue.waiting_since > WAITS_TOO_LONG:
        minutes = {"n": (now - queue.waiting_since) // timedelta(minutes=1)}
        return Line("bad", _("后台任务没有人做"), _("有任务等了 %(n)s 分钟。") % minutes + why)
    if queue.last_started is None or queue.last_waited is None or now - queue.last_started > STALE:
        return Line("warn", _("后台任务很久没有动过"), why + _("做一次“自测保存速度”，就知道它还在不在。"))
    facts = {"time": clock_words(queue.last_started), "n": max(0, round(queue.last_waited.total_seconds()))}
    return Line("ok", _("后台任务正常"), _("上一个任务 %(time)s 开始做，等了 %(n)s 秒。") % facts)


def disk_line(found: Readiness) -> Line:
    """Every answer is written to the disk."""
    facts = {"free": f"{found.disk.free / GIGABYTE:.1f}", "total": f"{found.disk.total / GIGABYTE:.0f}"}
    words = _("这台服务器的数据盘还剩 %(free)s GB，共 %(total)s GB。") % facts
    if found.disk.free < TOO_LITTLE_SPACE:
        return Line("bad", _("硬盘快满了"), words + _("请管理员先腾出空间。"))
    if found.disk.free < LITTLE_SPACE:
        return Line("warn", _("硬盘空间不多"), words)
    return Line("ok", _("硬盘空间够"), words)


def capacity_line(found: Readiness, *, now: datetime) -> Line:
    """What was measured here against what the roster will ask for."""
    test = found.self_test
    if test is None:
        return Line("warn", _("还没有自测过保存速度"), _("按“自测保存速度”，约一秒，不留下任何数据。"))
    need = wanted_rate(people=found.roster.people, questions=found.papers.size, minutes=found.exam.minutes)
    facts = {
        "time": clock_words(test.at), "saves": test.saves, "rate": f"{test.rate:.0f}", "need": f"{need:.1f}",
        "save": f"{test.save_ms:.1f}", "commit": f"{test.commit_ms:.1f}",
    }  # fmt: skip
    words = _(
        "%(time)s 实测 %(saves)s 次：每次写入 %(save)s 毫秒，落盘 %(commit)s 毫秒，一个接一个每秒约 %(rate)s 次；"
        "全员同时考，最忙时每秒约 %(need)s 次。只测数据库，不含网络。"
    )
    if test.rate < need:
        return Line("bad", _("保存速度可能不够"), words % facts)
    if now - test.at > OLD_TEST:
        return Line("warn", _("自测是很久以前做的"), words % facts)
    return Line("ok", _("保存速度够"), words % facts)


def device_line(found: Readiness) -> Line:
    """How many know that their device will do."""
    facts = {"n": found.devices.fit, "m": found.roster.people, "bad": found.devices.tested - found.devices.fit}
    title = _("%(m)s 人中 %(n)s 人的设备检测通过") % facts
    how = _("考生在考试页点“考前检测这台设备”。")
    if facts["bad"]:
        return Line("warn", title, _("%(bad)s 人检测没有通过，请帮他们换设备或换网络。") % facts)
    return Line("ok" if facts["n"] >= facts["m"] else "warn", title, "" if facts["n"] >= facts["m"] else how)


def rehearsal_lines(found: Readiness) -> list[Line]:
    """Who has tried it out; a mock exam is not rehearsed itself."""
    exam, rehearsal = found.exam, found.rehearsal
    if exam.kind == ExamKind.MOCK:
        return []
    if rehearsal.exam is None:
        words = _("另排一场模拟考试，在“是哪场考试的演练”里选这场。")
        return [Line("warn", _("没有安排演练"), words, Link(reverse("exams:exam_new"), _("安排演练")))]
    link = Link(reverse("exams:exam_publish", args=[rehearsal.exam.pk]), _("看演练"))
    if rehearsal.exam.status == ExamStatus.DRAFT:
        return [Line("warn", _("演练还没有发布"), rehearsal.exam.title, link)]
    facts = {"n": rehearsal.sat, "m": found.roster.people}
    state: State = "ok" if rehearsal.sat >= found.roster.people else "warn"
    return [Line(state, _("%(m)s 人中 %(n)s 人做过演练") % facts, rehearsal.exam.title, link)]


def clock_words(moment: datetime) -> str:
    """`2026-11-24 09:48`, in the product's time zone."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
