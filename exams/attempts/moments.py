"""A deadline in a sentence, for candidate and proctor alike."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from exams.attempts.deadlines import Deadline


def explain(deadline: Deadline) -> str:
    """`09:00 开考，时长 60 分钟；个人加时 10 分钟；10:10 自动交卷。` Every part that counts is named, in this order."""
    facts = deadline.facts
    parts = [
        _("%(start)s 开考，时长 %(limit)s") % {
            "start": time_of(facts.started_at, beside=deadline.at), "limit": span(facts.limit),
        }
    ]  # fmt: skip
    if deadline.cut_by_window and facts.closes_at:
        parts.append(
            _("考试时段 %(end)s 截止，少 %(cut)s")
            % {"end": time_of(facts.closes_at, beside=deadline.at), "cut": span(deadline.cut_by_window)}
        )
    if facts.extra:
        parts.append(_("个人加时 %(span)s") % {"span": span(facts.extra)})
    if deadline.extensions:
        parts.append(_("监考延长 %(span)s") % {"span": span(deadline.extensions)})
    if deadline.pauses:
        parts.append(_("暂停过 %(span)s，已补回") % {"span": span(deadline.pauses)})
    if deadline.paused_since:
        since = time_of(deadline.paused_since, beside=deadline.at)
        parts.append(_("%(since)s 起暂停，不计时") % {"since": since})
    else:
        parts.append(_("%(end)s 自动交卷") % {"end": time_of(deadline.at)})
    return _("；").join(parts) + _("。")


def span(length: timedelta) -> str:
    """`5 分钟`, `5 分 20 秒`, `40 秒`; whole seconds."""
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    if not seconds:
        return _("%(minutes)s 分钟") % {"minutes": minutes}
    if not minutes:
        return _("%(seconds)s 秒") % {"seconds": seconds}
    return _("%(minutes)s 分 %(seconds)s 秒") % {"minutes": minutes, "seconds": seconds}


def time_of(moment: datetime, *, beside: datetime | None = None) -> str:
    """`09:00`, with the date where it is another day than `beside`."""
    local = timezone.localtime(moment)
    other = beside is not None and timezone.localdate(beside) != local.date()
    return date_format(local, "m-d H:i") if other else date_format(local, "H:i")
