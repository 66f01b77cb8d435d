"""Input about exams: the exam itself, its blueprint, its audience."""

from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.bank.models import QuestionType, Topic
from exams.bank.wording import USUAL_POINTS
from exams.papers.actions import AudienceRow
from exams.papers.blueprint import SectionRow
from exams.papers.checks import MIN_CRITERION
from exams.papers.models import Exam, ExamStatus
from exams.papers.queries import ExamFilters
from lms.organisations.models import Enterprise, Industry, Post
from lms.people.models import PersonnelCategory, User
from lms.regulations.queries import rule_value, rule_values

MOMENT = "%Y-%m-%dT%H:%M"
MOST_ROWS = 20
RULES = {
    "pass_percent": "exam.pass_percent",
    "minutes": "exam.minutes_in_house",
    "attempts_allowed": "exam.attempts_allowed",
    "min_criterion_percent": MIN_CRITERION,
}


def moment_field(label: Any) -> forms.DateTimeField:
    """A date with a time, as the browser's own control."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, widget=widget, input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S"])


class ExamForm(forms.ModelForm[Exam]):
    """Everything about an exam but blueprint and audience. `hosts`: enterprises one may choose."""

    opens_at = moment_field(gettext_lazy("开始时间"))
    closes_at = moment_field(gettext_lazy("截止时间"))

    class Meta:
        model = Exam
        fields = [
            "title", "subject", "kind", "enterprise", "opens_at", "closes_at", "minutes", "pass_percent",
            "attempts_allowed", "prerequisite_subject", "release", "multiple_rule", "valid_months",
            "min_criterion_percent", "paper_count",
        ]  # fmt: skip
        help_texts = {
            "subject": gettext_lazy("课程代码；考试合格记在这门课名下"),
            "minutes": gettext_lazy("企业内部 60 分钟，特种作业理论 120 分钟"),
            "attempts_allowed": gettext_lazy("含补考"),
            "prerequisite_subject": gettext_lazy("课程代码；留空表示不要求先学完"),
            "paper_count": gettext_lazy("平行试卷套数，开考时随机分发"),
            "valid_months": gettext_lazy("合格成绩多久内有效"),
        }

    def __init__(self, *args: Any, hosts: QuerySet[Enterprise], town_wide: bool, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        host = cast("forms.ModelChoiceField", self.fields["enterprise"])
        host.queryset = hosts
        host.required = not town_wide
        host.empty_label = _("全镇") if town_wide else None
        for name in ("subject", "prerequisite_subject"):
            self.fields[name].widget.attrs |= {"list": "subjects", "autocomplete": "off", "spellcheck": "false"}
        if not self.instance.pk:
            values = rule_values(list(RULES.values()), on=today)
            for name, code in RULES.items():
                self.initial.setdefault(name, values[code].normalize().__format__("f"))

    def clean_min_criterion_percent(self) -> Any:
        """Not below the rule in force."""
        share = self.cleaned_data["min_criterion_percent"]
        required = rule_value(MIN_CRITERION, on=self.today)
        if share is not None and share < required:
            text = _("规定不低于 %(required)s%%（必学必考）") % {"required": f"{required.normalize():f}"}
            raise forms.ValidationError(text)
        return share

    def clean(self) -> dict[str, Any]:
        """The window must be a window."""
        data = super().clean() or {}
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("截止时间要晚于开始时间"))
        return data

    def columns(self) -> dict[str, Any]:
        """The columns for the action."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class SectionForm(forms.Form):
    """One part of the blueprint."""

    type = forms.ChoiceField(label=gettext_lazy("题型"), choices=QuestionType.choices)
    count = forms.IntegerField(label=gettext_lazy("题数"), min_value=1, max_value=300)
    points = forms.DecimalField(
        label=gettext_lazy("每题分值"), min_value=0, max_digits=5, decimal_places=2, required=False
    )
    topics = forms.ModelMultipleChoiceField(
        label=gettext_lazy("知识点"),
        queryset=Topic.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def row(self) -> SectionRow:
        """The part for the action."""
        data = self.cleaned_data
        return SectionRow(
            type=data["type"],
            count=data["count"],
            points=data["points"] or USUAL_POINTS[data["type"]],
            topic_ids=tuple(topic.pk for topic in data["topics"]),
        )


class AudienceForm(forms.Form):
    """One rule of who is meant. `places`: enterprises that may be named; post and person are kept as they are."""

    category = forms.ModelChoiceField(
        label=gettext_lazy("人员类别"),
        queryset=PersonnelCategory.objects.all(),
        required=False,
        empty_label=gettext_lazy("所有类别"),
    )
    industry = forms.ModelChoiceField(
        label=gettext_lazy("行业"),
        queryset=Industry.objects.all(),
        required=False,
        empty_label=gettext_lazy("所有行业"),
    )
    enterprise = forms.ModelChoiceField(
        label=gettext_lazy("单位"),
        queryset=Enterprise.objects.none(),
        required=False,
        empty_label=gettext_lazy("所有单位"),
    )
    post = forms.ModelChoiceField(queryset=Post.objects.all(), required=False, widget=forms.HiddenInput)
    person = forms.ModelChoiceField(queryset=User.objects.all(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: QuerySet[Enterprise], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField", self.fields["enterprise"]).queryset = places

    def row(self) -> AudienceRow:
        """The rule for the action."""
        chosen = {name: self.cleaned_data[name] for name in ("category", "industry", "enterprise", "post", "person")}
        return AudienceRow(**{f"{name}_id": row.pk if row else None for name, row in chosen.items()})


class Rows(forms.BaseFormSet[Any]):
    """Rows that can be added and removed; every row counts, an untouched one too."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """No row may be left out silently."""
        return {**super().get_form_kwargs(index), "empty_permitted": False, "use_required_attribute": False}

    def rows(self) -> list[Any]:
        """What the forms say, for the action."""
        return [form.row() for form in self.forms if not form.cleaned_data.get("DELETE")]


SectionRows = forms.formset_factory(
    SectionForm, formset=Rows, extra=0, can_delete=True, max_num=MOST_ROWS, validate_max=True
)
AudienceRows = forms.formset_factory(
    AudienceForm, formset=Rows, extra=0, can_delete=True, max_num=MOST_ROWS, validate_max=True
)

# The usual paper of the trade: 20 × 2 + 10 × 3 + 30 × 1 = 100 points.
USUAL_SECTIONS = [
    {"type": "single", "count": 20, "points": 2},
    {"type": "multiple", "count": 10, "points": 3},
    {"type": "true_false", "count": 30, "points": 1},
]


def sections_initial(exam: Exam | None) -> list[dict[str, Any]]:
    """The blueprint for the form."""
    if exam is None:
        return USUAL_SECTIONS
    return [
        {
            "type": section.type,
            "count": section.count,
            "points": section.points.normalize().__format__("f"),
            "topics": [topic.pk for topic in section.topics.all()],
        }
        for section in exam.sections.prefetch_related("topics").order_by("position")
    ]


def audiences_initial(exam: Exam | None) -> list[dict[str, Any]]:
    """The audience for the form."""
    if exam is None:
        return [{}]
    names = ("category", "industry", "enterprise", "post", "person")
    return [{name: getattr(row, f"{name}_id") for name in names} for row in exam.audiences.all()]


def typed_rows(data: QueryDict, prefix: str) -> list[dict[str, Any]]:
    """The rows as typed, without those marked for removal: to show them again with one row more."""
    total = data.get(f"{prefix}-TOTAL_FORMS", "0")
    rows: list[dict[str, Any]] = []
    for place in range(min(int(total), MOST_ROWS) if total.isdigit() else 0):
        start = f"{prefix}-{place}-"
        if f"{start}DELETE" not in data:
            names = [name.removeprefix(start) for name in data if name.startswith(start)]
            rows.append({n: data.getlist(start + n) if n == "topics" else data[start + n] for n in names})
    return rows


class ExamFilterForm(forms.Form):
    """The list's filters, all from the address."""

    q = forms.CharField(required=False)
    status = forms.ChoiceField(
        required=False, label=gettext_lazy("状态"), choices=[("", gettext_lazy("全部状态")), *ExamStatus.choices]
    )

    def filters(self) -> ExamFilters:
        """What was asked for."""
        self.is_valid()
        return ExamFilters(
            text=(self.cleaned_data.get("q") or "").strip(), status=self.cleaned_data.get("status") or ""
        )
