"""The sentence beside a number, composed from the requirement's data."""

from datetime import date

from django.utils.translation import gettext as _

from lms.coverage.yardstick import CategoryRule, Definition


def definition_lines(definition: Definition, *, on: date, category_id: int | None = None) -> list[str]:
    """What is divided by what, what satisfies each category, where it is written."""
    stick = definition.yardstick
    day = stick.day(on)
    lines = [
        _("覆盖率 = %(day)s 仍持有有效“%(outcome)s”记录的人数 ÷ 当日在册应训人数，%(first)s 至 %(last)s 取得的算数。")
        % {
            "day": day.isoformat(),
            "outcome": definition.outcome,
            "first": stick.counts_from.isoformat(),
            "last": stick.counts_until.isoformat(),
        },
        _("分母只算同期被现场抽查过的人。")
        if stick.among
        else _(
            "分母按企业登记册和当日在职人员，含零学习企业；劳务派遣和外包人员算在用工单位；一人只算一次，属于几类的，各类都满足才算。"
        ),
    ]
    rules = [rule for rule in stick.rules if category_id in (None, rule.category_id)]
    lines.append(_("满足条件：%(rules)s。") % {"rules": _("；").join(rule_words(rule) for rule in rules)})
    if definition.industry_names:
        lines.append(_("范围：%(industries)s。") % {"industries": _("、").join(definition.industry_names)})
    if definition.source:
        lines.append(_("依据：%(source)s。") % {"source": definition.source})
    return lines


def rule_words(rule: CategoryRule) -> str:
    """`主要负责人：主要负责人培训合格证明`."""
    return _("%(category)s：%(label)s") % {"category": rule.name, "label": rule.label or _("、").join(rule.subjects)}


def short_definition(definition: Definition, *, on: date) -> str:
    """The first sentence, for the head of a page."""
    return definition_lines(definition, on=on)[0]
