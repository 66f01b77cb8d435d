"""What happened to a question: its versions with what changed, and who took which step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.bank.comparing import Change, Section, changes
from exams.bank.display import Drawn, Shown, shown_version
from exams.bank.models import Question, QuestionVersion
from lms.audit.models import AuditEntry

STEPS: dict[str, Promise] = {
    "question.created": gettext_lazy("写下第 1 版"),
    "question.revised": gettext_lazy("写下新的一版"),
    "question.submit": gettext_lazy("提交审核"),
    "question.approve": gettext_lazy("批准发布"),
    "question.return": gettext_lazy("退回修改"),
    "question.retire": gettext_lazy("停用"),
}
SHAPES: dict[str, Promise] = {
    "rect": gettext_lazy("矩形"),
    "ellipse": gettext_lazy("椭圆"),
    "polygon": gettext_lazy("多边形"),
}


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """A version as it is shown, and what changed since the one before (None for the first)."""

    version: QuestionVersion
    shown: Shown
    changes: list[Change] | None


@dataclass(frozen=True, slots=True)
class Step:
    """Who did what, when, and why."""

    at: datetime
    label: str
    name: str
    reason: str


def versions_with_changes(question: Question) -> list[KeptVersion]:
    """All versions, newest first; two queries whatever their number."""
    found = question.versions.select_related("created_by", "picture").prefetch_related("clauses")
    rows = [(version, shown_version(version)) for version in found.order_by("number")]
    kept: list[KeptVersion] = []
    before: list[Section] | None = None
    for version, shown in rows:
        now = sections_of(version, shown)
        kept.append(KeptVersion(version, shown, None if before is None else changes(before, now)))
        before = now
    return kept[::-1]


def steps_of(question: Question) -> list[Step]:
    """The question's way through the bank, newest first; one query."""
    entries = AuditEntry.objects.filter(target_type=question._meta.label_lower, target_id=str(question.pk))
    rows = entries.order_by("-sequence").values_list("at", "action", "actor__name", "reason")
    return [Step(at, str(STEPS.get(action, action)), name or _("系统"), reason) for at, action, name, reason in rows]


def sections_of(version: QuestionVersion, shown: Shown) -> list[Section]:
    """A version as named lines of text."""
    picture = [_("图片 %(digest)s") % {"digest": shown.picture.digest[:8]}] if shown.picture else []
    clauses = [f"{clause.article} {clause.code}" for clause in version.clauses.all()]
    facts = [
        (_("题型"), [shown.label]),
        (_("题干"), version.stem.splitlines()),
        *inner_sections(shown),
        (_("图片"), picture),
        (_("图片说明"), [version.picture_alt]),
        (_("解析"), version.explanation.splitlines()),
        (_("分值"), [shown.points]),
        (_("来源"), [version.source]),
        (_("判定标准条目"), clauses),
    ]
    return [Section(name, tuple(line for line in lines if line)) for name, lines in facts]


def inner_sections(shown: Shown) -> list[tuple[str, list[str]]]:
    """What differs by type, as named lines; the sub-questions of a case under their numbers."""
    if shown.parts:
        return [
            (_("小题 %(number)s · %(name)s") % {"number": part.number, "name": name}, list(lines))
            for part in shown.parts
            for name, lines in part_sections(part)
        ]
    return [
        (_("选项"), [option.text for option in shown.options]),
        (_("答案"), key_lines(shown)),
        (_("干扰项"), [target.text for target in shown.targets if not target.right]),
        (_("容差与错点扣分"), settings_lines(shown)),
    ]


def part_sections(part: Shown) -> Iterable[tuple[str, list[str]]]:
    """A sub-question as named lines."""
    stem = "".join(piece.text or "____" for piece in part.pieces)
    return [(_("题干"), [f"{part.label}：{stem}"]), *inner_sections(part), (_("分值"), [part.share])]


def key_lines(shown: Shown) -> list[str]:
    """The key, one line for each thing that marking looks at."""
    return [
        *(f"{option.sign} {option.text}" for option in shown.options if option.right),
        *(f"{blank.number}. {' | '.join(blank.forms)}" for blank in shown.blanks),
        *(f"{n}. {step}" for n, step in enumerate(shown.right_order, start=1)),
        *(f"{pair.prompt} → {pair.target}" for pair in shown.pairs),
        *(region_line(region) for region in shown.regions),
        *(_("%(text)s（权重 %(weight)s）") % {"text": text, "weight": weight} for text, weight in shown.rubric),
    ]


def region_line(region: Drawn) -> str:
    """Name, shape and place of a region."""
    shape = SHAPES.get(region.shape, region.shape)
    corners = [[int(value) / 100 for value in corner.split(",")] for corner in region.points.split()]
    box = f"{region.x / 100:g}, {region.y / 100:g}, {region.width / 100:g} × {region.height / 100:g}"
    place = " ".join(f"{x:g},{y:g}" for x, y in corners) or box
    return f"{region.label}（{shape} {place}）"


def settings_lines(shown: Shown) -> list[str]:
    """Tolerance and penalty of a hotspot."""
    if not shown.regions:
        return []
    return [
        _("容差 %(tolerance)s%%，错点扣分 %(penalty)s%%")
        % {"tolerance": shown.tolerance_percent, "penalty": shown.penalty}
    ]
