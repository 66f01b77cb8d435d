"""What the clock and the lesson say, in the reader's language."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.progress.actions import BeatResult
from courses.progress.honesttime import Missing, Reason
from courses.progress.models import LessonProgress, StudySession


def clock_text(seconds: int) -> str:
    """`已计 12 分钟`."""
    return _("已计 %(minutes)d 分钟") % {"minutes": seconds // 60}


def missing_text(missing: Missing) -> str:
    """What is left of the lesson, or the empty string."""
    parts: list[str] = []
    if missing.seconds:
        parts.append(ngettext("还要学 %(n)d 分钟", "还要学 %(n)d 分钟", missing.minutes) % {"n": missing.minutes})
    if missing.checkpoints:
        count = missing.checkpoints
        parts.append(ngettext("还有 %(n)d 道题没答对", "还有 %(n)d 道题没答对", count) % {"n": count})
    if missing.film_seconds:
        parts.append(_("视频还没看完"))
    return _("，").join(parts)


def stopped_text(reason: Reason) -> str:
    """Why the clock stands still; empty while it runs."""
    words = {
        Reason.HIDDEN: _("页面不在眼前，没有计时"),
        Reason.IDLE: _("好一会儿没动了，没有计时。动一下屏幕就继续"),
        Reason.GAP: _("刚才信号断了，那一段没有计时"),
        Reason.NOTHING_NEW: _("这段视频已经计过，或者没有在放"),
        Reason.DAY_FULL: _("今天计入的学时已到上限，明天接着学"),
    }
    return words.get(reason, "")


def progress_answer(progress: LessonProgress, missing: Missing) -> dict[str, Any]:
    """How the lesson stands, as the page shows it."""
    required = progress.lesson.seconds_required
    return {
        "clock": clock_text(progress.credited_seconds),
        "credited": progress.credited_seconds,
        "percent": 100 if progress.completed_at else min(99, progress.credited_seconds * 100 // max(1, required)),
        "left": missing_text(missing),
        "complete": progress.completed_at is not None,
        "watched": progress.watched,
    }


def session_answer(session: StudySession, missing: Missing) -> dict[str, Any]:
    """What a freshly opened session tells the page."""
    return progress_answer(session.progress, missing) | {
        "token": str(session.token),
        "expected": session.last_number + 1,
        "beat": session.beat_seconds,
    }


def beat_answer(result: BeatResult) -> dict[str, Any]:
    """What a heartbeat is answered."""
    return progress_answer(result.progress, result.missing) | {
        "expected": result.session.last_number + 1,
        "earned": result.verdict.credited,
        "reason": result.verdict.reason.value,
        "note": stopped_text(result.verdict.reason),
    }
