"""Input about what a paper is made of: parts, shares, questions chosen by hand. Rows can be added and removed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.bank.models import Question, QuestionType, Topic
from exams.bank.wording import USUAL_POINTS
from exams.papers.blueprint import FixedRow, SectionRow, ShareRow
from exams.papers.models import Exam
from lms.organisations.models import Industry

MOST_ROWS = 20
MOST_FIXED = 200
TOPIC, INDUSTRY = "t", "i"

Choices = list[tuple[Any, Any]]


def plain(number: Decimal) -> str:
    """A number for an input, without superfluous zeros."""
    return f"{number.normalize():f}"


class SectionForm(forms.Form):
    """One part of the blueprint. `topics`: pairs of id and name."""

    type = forms.ChoiceField(label=gettext_lazy("题型"), choices=QuestionType.choices)
    count = forms.IntegerField(label=gettext_lazy("题数"), min_value=1, max_value=300)
    points = forms.DecimalField(
        label=gettext_lazy("每题分值"), min_value=0, max_digits=5, decimal_places=2, required=False
    )
    topics = forms.TypedMultipleChoiceField(
        label=gettext_lazy("知识点"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, topics: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topics"].choices = topics  # type: ignore[attr-defined]

    def row(self) -> SectionRow:
        """The part for the action."""
        data = self.cleaned_data
        return SectionRow(
            type=data["type"],
            count=data["count"],
            points=data["points"] or USUAL_POINTS[data["type"]],
            topic_ids=tuple(data["topics"]),
        )


class ShareForm(forms.Form):
    """How much of every paper a topic or an industry has. `places`: the grouped choices of both."""

    of = forms.ChoiceField(label=gettext_lazy("知识点或行业"))
    min_percent = forms.IntegerField(label=gettext_lazy("至少（%）"), min_value=0, max_value=100, required=False)
    max_percent = forms.IntegerField(label=gettext_lazy("至多（%）"), min_value=0, max_value=100, required=False)

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["of"].choices = places  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """At least is not more than at most."""
        data = super().clean() or {}
        if (data.get("min_percent") or 0) > self.most(data):
            self.add_error("max_percent", _("“至多”不能小于“至少”"))
        return data

    def most(self, data: dict[str, Any]) -> int:
        """100 when left blank; 0 stays 0."""
        return 100 if data.get("max_percent") is None else int(data["max_percent"])

    def row(self) -> ShareRow:
        """The share for the action."""
        kind, pk = self.cleaned_data["of"][0], int(self.cleaned_data["of"][1:])
        return ShareRow(
            topic_id=pk if kind == TOPIC else None,
            industry_id=pk if kind == INDUSTRY else None,
            min_percent=self.cleaned_data["min_percent"] or 0,
            max_percent=self.most(self.cleaned_data),
        )


class FixedForm(forms.Form):
    """A question chosen by hand; its place is the place of the row."""

    question = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31)
    points = forms.DecimalField(label=gettext_lazy("分值"), min_value=Decimal("0.01"), max_digits=5, decimal_places=2)

    def row(self) -> FixedRow:
        """The question for the action."""
        return FixedRow(question_id=self.cleaned_data["question"], points=self.cleaned_data["points"])


class Rows(forms.BaseFormSet[Any]):
    """Rows that can be added and removed; every row counts, an untouched one too."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """No row may be left out silently."""
        return {**super().get_form_kwargs(index), "empty_permitted": False, "use_required_attribute": False}

    def kept(self) -> list[Any]:
        """The forms that are not to be removed, of a valid set."""
        return [form for form in self.forms if not form.cleaned_data.get("DELETE")]

    def rows(self) -> list[Any]:
        """What the forms say, for the action."""
        return [form.row() for form in self.kept()]


class UniqueRows(Rows):
    """Rows of which `unique` must differ."""

    unique = ""
    twice: Any = ""

    def clean(self) -> None:
        """The second of two is the one to change."""
        seen: set[Any] = set()
        for form in self.forms:
            value = getattr(form, "cleaned_data", {}).get(self.unique)
            if value is None or form.cleaned_data.get("DELETE"):
                continue
            if value in seen:
                form.add_error(self.unique, self.twice)
            seen.add(value)


class BaseShares(UniqueRows):
    """Each topic and industry once."""

    unique, twice = "of", gettext_lazy("这一项已经有占比要求了")


class BaseFixed(UniqueRows):
    """Each question once, and it must be in the bank."""

    unique, twice = "question", gettext_lazy("这道题已经在卷里了")

    def clean(self) -> None:
        """Unknown questions are pointed out."""
        super().clean()
        chosen = [(form, getattr(form, "cleaned_data", {}).get("question")) for form in self.forms]
        wanted: list[int] = [pk for _form, pk in chosen if pk is not None]
        known = set(Question.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
        for form, pk in chosen:
            if pk is not None and pk not in known:
                form.add_error("question", _("题库里没有这道题，请删去"))


def rows_of(form: type[forms.Form], base: type[Rows] = Rows, most: int = MOST_ROWS) -> Any:
    """A set of rows; one row more than allowed is read, so that too many are told and thousands cost nothing."""
    return forms.formset_factory(
        form, formset=base, extra=0, can_delete=True, max_num=most, validate_max=True, absolute_max=most + 1
    )


SectionRows = rows_of(SectionForm)
ShareRows = rows_of(ShareForm, BaseShares)
FixedRows = rows_of(FixedForm, BaseFixed, MOST_FIXED)

# The usual paper of the trade: 20 × 2 + 10 × 3 + 30 × 1 = 100 points.
USUAL_SECTIONS = [
    {"type": "single", "count": 20, "points": 2},
    {"type": "multiple", "count": 10, "points": 3},
    {"type": "true_false", "count": 30, "points": 1},
]


def topic_choices() -> Choices:
    """All topics; one query."""
    return list(Topic.objects.values_list("pk", "name"))


def share_places(topics: Choices) -> Choices:
    """Topics and industries in two groups; one query."""
    industries = Industry.objects.values_list("pk", "name")
    return [
        (_("知识点"), [(f"{TOPIC}{pk}", name) for pk, name in topics]),
        (_("行业"), [(f"{INDUSTRY}{pk}", name) for pk, name in industries]),
    ]


def sections_initial(exam: Exam | None) -> Sequence[dict[str, Any]]:
    """The parts for the form."""
    if exam is None:
        return USUAL_SECTIONS
    return [
        {
            "type": section.type,
            "count": section.count,
            "points": plain(section.points),
            "topics": [topic.pk for topic in section.topics.all()],
        }
        for section in exam.sections.prefetch_related("topics").order_by("position")
    ]


def shares_initial(exam: Exam | None) -> list[dict[str, Any]]:
    """The shares for the form."""
    if exam is None:
        return []
    return [
        {
            "of": f"{INDUSTRY}{row.industry_id}" if row.topic_id is None else f"{TOPIC}{row.topic_id}",
            "min_percent": row.min_percent,
            "max_percent": row.max_percent,
        }
        for row in exam.shares.all()
    ]


def fixed_initial(exam: Exam | None) -> list[dict[str, Any]]:
    """The questions chosen by hand for the form."""
    if exam is None:
        return []
    return [{"question": row.question_id, "points": plain(row.points)} for row in exam.fixed_questions.all()]


def typed_rows(data: QueryDict, prefix: str, most: int = MOST_ROWS) -> list[dict[str, Any]]:
    """The rows as typed, without those marked for removal: to show them again with one row more."""
    total = data.get(f"{prefix}-TOTAL_FORMS", "0")
    rows: list[dict[str, Any]] = []
    for place in range(min(int(total), most) if total.isdecimal() and len(total) < 6 else 0):
        start = f"{prefix}-{place}-"
        if f"{start}DELETE" not in data:
            names = [name.removeprefix(start) for name in data if name.startswith(start)]
            rows.append({n: data.getlist(start + n) if n == "topics" else data[start + n] for n in names})
    return rows


def moved_rows(rows: list[dict[str, Any]], order: str) -> tuple[list[dict[str, Any]], int | None]:
    """The rows after `up-3`, `down-0`, `drop-2`, and the place to look at next; anything else changes nothing."""
    verb, _dash, number = order.partition("-")
    place = int(number) if number.isdecimal() and len(number) < 6 else len(rows)
    if place >= len(rows):
        return rows, None
    if verb == "drop":
        return rows[:place] + rows[place + 1 :], min(place, len(rows) - 2) if len(rows) > 1 else None
    target = {"up": place - 1, "down": place + 1}.get(verb, -1)
    if not 0 <= target < len(rows):
        return rows, place
    rows = list(rows)
    rows[place], rows[target] = rows[target], rows[place]
    return rows, target
