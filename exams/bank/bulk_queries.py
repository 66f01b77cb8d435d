"""What a change of many questions will do, and what became of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from exams.bank.bulk import CATEGORIES, COLUMN, DATES, INDUSTRIES, RETIRE, SETS, STEPS, SUBMIT, Change, Group, grouped
from exams.bank.bulk_models import BulkEdit, RowOutcome
from exams.bank.models import CognitiveLevel, Question, QuestionStatus, Topic
from exams.bank.queries import Filters, matching
from lms.organisations.models import Industry
from lms.people.models import PersonnelCategory

DAYS = [field.name for field in fields(Filters) if field.name.endswith("_on")]
CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Preview:
    """What will happen: how many questions are chosen, which values become which, how many cannot be changed."""

    total: int
    groups: tuple[Group, ...]
    unfit: int

    @property
    def changed(self) -> int:
        """Questions that will be different."""
        return sum(group.count for group in self.groups if group.changes)

    @property
    def same(self) -> int:
        """Questions that have it already."""
        return sum(group.count for group in self.groups if not group.changes)


def selection_of(filters: Filters) -> dict[str, Any]:
    """Filters as plain data."""
    return {"filters": {**asdict(filters), **{day: iso(getattr(filters, day)) for day in DAYS}}}


def iso(day: date | None) -> str | None:
    """A day as text."""
    return day.isoformat() if day else None


def selected(selection: Mapping[str, Any]) -> QuerySet[Question]:
    """The questions that a selection names."""
    if "ids" in selection:
        return Question.objects.filter(pk__in=selection["ids"]).order_by("pk")
    asked = dict(selection["filters"])
    days = {day: date.fromisoformat(asked[day]) for day in DAYS if asked[day]}
    return matching(Filters(**{**asked, **days}))


def preview_of(change: Change, selection: Mapping[str, Any]) -> Preview:
    """What the change will do to the selection as it is now."""
    chosen = selected(selection).order_by()
    total = chosen.count()
    if change.what in STEPS:
        by_status = Counter(dict(chosen.values_list("status").annotate(n=Count("pk"))))
        whole = Counter(dict(chosen.filter(current__isnull=False).values_list("status").annotate(n=Count("pk"))))
        target = QuestionStatus.RETIRED if change.what == RETIRE else QuestionStatus.REVIEW
        possible = whole if change.what == SUBMIT else by_status
        groups = [Group(status, target, n) for status, n in possible.items() if change.fits(status, has_version=True)]
        return Preview(total, tuple(groups), total - sum(group.count for group in groups))
    return Preview(total, tuple(grouped(change, values_of(change, chosen).items())), 0)


def values_of(change: Change, chosen: QuerySet[Question]) -> dict[Any, int]:
    """How many of the questions have which value; sets as tuples of ids."""
    if change.what in COLUMN:
        return dict(chosen.values_list(COLUMN[change.what]).annotate(n=Count("pk")))
    if change.what == DATES:
        rows = chosen.values_list("effective_from", "effective_to").annotate(n=Count("pk"))
        return {(iso(first), iso(last)): n for first, last, n in rows}
    tally: Counter[Any] = Counter()
    ids = list(chosen.values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        tally.update(sets_of(change.what, ids[start : start + CHUNK]).values())
    return tally


def sets_of(what: str, ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The industries or categories of these questions, sorted; () for none."""
    through, column = membership(what)
    found: dict[int, list[int]] = {pk: [] for pk in ids}
    for pk, member in through.objects.filter(question__in=list(found)).values_list("question_id", column):
        found[pk].append(member)
    return {pk: tuple(sorted(members)) for pk, members in found.items()}


def membership(what: str) -> tuple[Any, str]:
    """The table that holds a set, and the column of its members."""
    if what == INDUSTRIES:
        return Question.industries.through, "industry_id"
    return Question.categories.through, "personnelcategory_id"


@dataclass(frozen=True, slots=True)
class Wording:
    """The words for the values of a change."""

    names: Mapping[Any, str]
    nothing: str

    def of(self, value: Any) -> str:
        """A value in words; what has been deleted meanwhile by its number."""
        if isinstance(value, (list, tuple)):
            return "、".join(self.names.get(part, str(part)) for part in value if part is not None) or self.nothing
        return self.names.get(value, str(value)) if value not in (None, "") else self.nothing


def wording_of(what: str) -> Wording:
    """The words for what a change can set; at most one query."""
    if what in SETS:
        model: Any = Industry if what == INDUSTRIES else PersonnelCategory
        nothing = _("各行业通用") if what == INDUSTRIES else _("所有人")
        return Wording(dict(model.objects.values_list("pk", "name")), nothing)
    names: dict[str, Mapping[Any, Any]] = {
        "topic": dict(Topic.objects.values_list("pk", "name")) if what == "topic" else {},
        "cognitive": dict(CognitiveLevel.choices),
        RETIRE: dict(QuestionStatus.choices),
        SUBMIT: dict(QuestionStatus.choices),
    }
    return Wording(names.get(what, {}), _("不限日期") if what == DATES else _("没有"))


def headline(change: Change) -> str:
    """What a change sets, in a word."""
    return str(HEADLINES[change.what]())


HEADLINES: dict[str, Any] = {
    "topic": lambda: _("知识点"),
    "difficulty": lambda: _("难度"),
    "cognitive": lambda: _("认知层次"),
    "enemies": lambda: _("互斥组"),
    DATES: lambda: _("启用和停用日期"),
    INDUSTRIES: lambda: _("行业"),
    CATEGORIES: lambda: _("人员类别"),
    RETIRE: lambda: _("停用"),
    SUBMIT: lambda: _("提交审核"),
}


def outcome_counts(edit: BulkEdit) -> dict[str, int]:
    """How many questions ended how; one query."""
    return dict(edit.rows.order_by().values_list("outcome").annotate(n=Count("pk")))


def skipped(edit: BulkEdit) -> QuerySet[Any]:
    """The questions that were left as they are because somebody changed them, or their status does not allow it."""
    rows = edit.rows.filter(outcome__in=[RowOutcome.STALE, RowOutcome.UNFIT])
    return rows.select_related("question", "question__current", "question__topic").order_by("pk")
