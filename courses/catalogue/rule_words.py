"""A rule in words: for whom it is meant."""

from django.utils.translation import gettext as _

from courses.catalogue.models import AssignmentRule


def reach_words(rule: AssignmentRule) -> str:
    """`柏岭恒丰机械 · 一线从业人员` (needs the related rows)."""
    parts: list[str] = []
    if rule.enterprise:
        parts.append(rule.enterprise.short_name)
    if rule.region:
        parts.append(rule.region.name)
    if rule.committee:
        parts.append(rule.committee.name)
    if not parts:
        parts.append(_("全镇"))
    parts += [str(value) for value in (rule.industry, rule.category, rule.post) if value]
    if rule.person:
        parts.append(f"{rule.person.name}（{rule.person.username}）")
    elif not (rule.industry or rule.category or rule.post):
        parts.append(_("全体人员"))
    return " · ".join(parts)
