"""Why papers cannot be made, in words, with what would help."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from exams.bank.models import QuestionType
from exams.papers.blueprint import Blueprint, SectionRow, ShareRow
from exams.papers.spec import GRADE, PaperSpec, Rule, Shortfall, Stage


@dataclass(frozen=True, slots=True)
class Names:
    """What topics and industries are called, by id."""

    topics: Mapping[int, str]
    industries: Mapping[int, str]

    def section(self, row: SectionRow) -> str:
        """`多选题·粉尘涉爆`."""
        names = [short(name) for pk, name in self.topics.items() if pk in row.topic_ids]
        if not names:
            where = _("全部知识点")
        elif len(names) <= 2:
            where = "、".join(names)
        else:
            where = _("%(first)s 等 %(count)s 个知识点") % {"first": names[0], "count": len(names)}
        return f"{QuestionType(row.type).label}·{where}"

    def share(self, row: ShareRow) -> str:
        """`行业·机械`."""
        if row.industry_id is not None:
            return _("行业·%(name)s") % {"name": self.industries.get(row.industry_id, "?")}
        return _("知识点·%(name)s") % {"name": short(self.topics.get(row.topic_id or 0, "?"))}


def short(name: str) -> str:
    """A topic without the heading that many share."""
    return name.removeprefix("重大事故隐患·")


def grade_words(thousandths: int) -> str:
    """`3.25`."""
    return f"{thousandths / GRADE:.2f}"


def shortfall_words(lack: Shortfall, blueprint: Blueprint, spec: PaperSpec, names: Names) -> str:
    """One sentence: `多选题·粉尘涉爆 还差 12 题`; for later stages what needs them stands before."""
    if lack.rule is Rule.COUNT or lack.share is not None:
        return stage_words(lack.stage, spec) + missing_words(lack, blueprint, spec, names)
    return rule_words(lack, spec)


def missing_words(lack: Shortfall, blueprint: Blueprint, spec: PaperSpec, names: Names) -> str:
    """So many questions of what."""
    if lack.section is not None:
        values = {"section": names.section(blueprint.sections[lack.section]), "missing": lack.missing}
        return _("%(section)s 还差 %(missing)s 题") % values
    if lack.share is None:
        return _("判定标准题还差 %(missing)s 题：每套 %(total)s 题里至少要有 %(needed)s 题") % {
            "missing": lack.missing,
            "total": spec.total,
            "needed": spec.criterion_needed,
        }
    row = blueprint.shares[lack.share]
    least, most = spec.shares[lack.share].bounds(spec.total)
    values = {"what": names.share(row), "missing": lack.missing, "total": spec.total}
    if lack.rule is Rule.SHARE_MIN:
        text = _("%(what)s 至少 %(percent)s%%（每套 %(total)s 题里 %(bound)s 题），还差 %(missing)s 题")
        return text % {**values, "percent": row.min_percent, "bound": least}
    text = _("%(what)s 至多 %(percent)s%%（每套 %(total)s 题里 %(bound)s 题），其他题还差 %(missing)s 题")
    return text % {**values, "percent": row.max_percent, "bound": most}


def stage_words(stage: Stage, spec: PaperSpec) -> str:
    """What needs so many questions; nothing for a single paper."""
    if stage is Stage.FAMILIES:
        return _("补考不重题要 %(families)s 组互不重题的试卷：") % {"families": spec.families}
    if stage is Stage.EXPOSURE:
        text = _("%(papers)s 套卷里一道题最多进 %(most)s 套：")
        return text % {"papers": spec.paper_count, "most": min(spec.most_papers, spec.papers_in(0))}
    if stage is Stage.OVERLAP:
        text = _("%(papers)s 套卷两两最多重 %(most)s 题：")
        return text % {"papers": spec.paper_count, "most": spec.most_shared}
    return ""


def rule_words(lack: Shortfall, spec: PaperSpec) -> str:
    """A rule that cannot be met although every section has enough questions, and what would help."""
    most = {"papers": spec.paper_count, "exposure": spec.most_papers, "overlap": spec.most_shared}
    words = {
        Rule.OVERLAP: _("两套卷最多重 %(overlap)s 题，凑不出 %(papers)s 套：请放宽重题上限、减少套数或补充题目"),
        Rule.EXPOSURE: _("一道题最多进 %(exposure)s 套卷，凑不出 %(papers)s 套：请放宽曝光上限、减少套数或补充题目"),
        Rule.SPREAD: _("凑不出 %(papers)s 套难度相同的卷：请减少套数、补充难度相近的题目，或改用随机抽题"),
        Rule.ENEMIES: _("互斥的题不能同卷，凑不够题：请补充不互斥的题目"),
        Rule.FAMILIES: _("补考不重题时凑不出 %(papers)s 套：请减少“补考避开前几次”的次数，或补充题目"),
    }
    if lack.rule is Rule.TOGETHER:
        names = "、".join(rule_name(rule) for rule in lack.among)
        text = _("%(rules)s 的要求合在一起，凑不出 %(papers)s 套：请放宽其中一项、减少套数或补充题目")
        return text % {"rules": names, "papers": spec.paper_count}
    if lack.rule is Rule.TARGET:
        return target_words(lack, spec)
    return words[lack.rule] % most


def rule_name(rule: Rule) -> str:
    """A rule in a word."""
    return {
        Rule.OVERLAP: _("重题"),
        Rule.EXPOSURE: _("曝光"),
        Rule.SPREAD: _("各套同难度"),
        Rule.TARGET: _("目标难度"),
        Rule.ENEMIES: _("互斥题"),
        Rule.FAMILIES: _("补考不重题"),
    }.get(rule, "")


def target_words(lack: Shortfall, spec: PaperSpec) -> str:
    """The difficulty aimed at, and what can be reached."""
    values = {"target": grade_words(spec.target or 0), "tolerance": grade_words(spec.tolerance)}
    if lack.reach is None:
        return _("凑不出难度 %(target)s ± %(tolerance)s 的卷：请放宽偏差或调整目标") % values
    low, high = lack.reach
    text = _("目标难度 %(target)s ± %(tolerance)s 达不到：现有题目能组出的难度在 %(low)s–%(high)s 之间")
    return text % {**values, "low": grade_words(low), "high": grade_words(high)}


def all_words(lacks: Sequence[Shortfall], blueprint: Blueprint, spec: PaperSpec, names: Names) -> list[str]:
    """Every lack in words."""
    return [shortfall_words(lack, blueprint, spec, names) for lack in lacks]
