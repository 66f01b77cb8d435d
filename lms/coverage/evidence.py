"""Why a person counts as covered or not, in words and with a date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from lms.coverage.tally import State
from lms.coverage.yardstick import CategoryRule, Yardstick


@dataclass(frozen=True, slots=True)
class Achievement:
    """An outcome as the ledger has it."""

    subject: str
    title: str
    achieved_on: date
    valid_until: date | None
    withdrawn_on: date | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Badge and text for one category of one person."""

    category: str
    met: bool
    state: State
    words: str
    detail: str
    achieved_on: date | None = None
    valid_until: date | None = None


def evidence(found: Sequence[Achievement], rule: CategoryRule, stick: Yardstick, *, on: date) -> Evidence:
    """The outcome that satisfies the rule on a day, or the nearest one and why it does not."""
    fitting = [row for row in found if (not rule.subjects or row.subject in rule.subjects) and row.achieved_on <= on]
    fitting.sort(key=lambda row: row.achieved_on)
    in_period = [row for row in fitting if stick.counts_from <= row.achieved_on <= stick.counts_until]
    standing = [row for row in in_period if stands(row, on)]
    if standing:
        return held(standing[-1], rule)
    if in_period:
        return lost(in_period[-1], rule, on)
    if fitting:
        last = fitting[-1]
        detail = _("上次 %(day)s，不在本期") % {"day": last.achieved_on.isoformat()}
        return Evidence(rule.name, False, "warn", _("本期未取得"), detail, last.achieved_on, last.valid_until)
    return Evidence(rule.name, False, "off", _("没有记录"), "")


def stands(row: Achievement, on: date) -> bool:
    """Neither expired nor withdrawn on a day."""
    expired = row.valid_until is not None and row.valid_until < on
    withdrawn = row.withdrawn_on is not None and row.withdrawn_on <= on
    return not expired and not withdrawn


def held(row: Achievement, rule: CategoryRule) -> Evidence:
    """What satisfies the rule."""
    detail = f"{row.title} · {row.achieved_on.isoformat()}"
    if row.valid_until:
        detail += _("，有效期至 %(day)s") % {"day": row.valid_until.isoformat()}
    return Evidence(rule.name, True, "ok", _("已取得"), detail, row.achieved_on, row.valid_until)


def lost(row: Achievement, rule: CategoryRule, on: date) -> Evidence:
    """What was achieved in the period and does not stand any more."""
    if row.withdrawn_on is not None and row.withdrawn_on <= on:
        detail = _("%(title)s，%(day)s 撤回") % {"title": row.title, "day": row.withdrawn_on.isoformat()}
        return Evidence(rule.name, False, "bad", _("已撤回"), detail, row.achieved_on, row.valid_until)
    day = row.valid_until.isoformat() if row.valid_until else ""
    detail = _("%(title)s，%(day)s 到期") % {"title": row.title, "day": day}
    return Evidence(rule.name, False, "bad", _("已过期"), detail, row.achieved_on, row.valid_until)
