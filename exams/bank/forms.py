"""Input about questions."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.bank.actions import Filing
from exams.bank.bodies import FALSE, TRUE, TRUE_FALSE, Choice, Truth, options_from
from exams.bank.models import Question, QuestionStatus, QuestionType, QuestionVersion, Topic
from exams.bank.problems import Problem, ProblemKind
from exams.bank.queries import Filters, clause_choices, codes_with_fingerprint
from exams.bank.soundness import content_problems
from exams.bank.wording import LETTERS, USUAL_POINTS, QuestionContent, fingerprint_of
from lms.organisations.models import Industry
from lms.people.models import PersonnelCategory

OPTION_COUNT = 6
OPTION_IDS = [f"o{place}" for place in range(1, OPTION_COUNT + 1)]
# The field beside which a problem of the trade's column is shown.
FIELD_OF = {"题干": "stem", "答案": "key", "分值": "points", "选项": "option_1", "题型": "type"}


class QuestionForm(forms.Form):
    """One question: content, where it belongs, which clauses it tests."""

    type = forms.ChoiceField(label=gettext_lazy("题型"), choices=QuestionType.choices)
    topic = forms.ModelChoiceField(label=gettext_lazy("知识点"), queryset=Topic.objects.all())
    stem = forms.CharField(label=gettext_lazy("题干"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)
    key = forms.MultipleChoiceField(
        label=gettext_lazy("答案"),
        choices=[(value, LETTERS[place]) for place, value in enumerate(OPTION_IDS)],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    truth = forms.ChoiceField(
        label=gettext_lazy("答案"),
        choices=[(TRUE, gettext_lazy("对")), (FALSE, gettext_lazy("错"))],
        widget=forms.RadioSelect,
        required=False,
    )
    explanation = forms.CharField(
        label=gettext_lazy("解析"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=4000,
        help_text=gettext_lazy("说明为什么对，也说明容易选错的那一项错在哪里；依据哪一条哪一项。"),
    )
    difficulty = forms.TypedChoiceField(
        label=gettext_lazy("难度"),
        coerce=int,
        choices=[(n, f"{n}") for n in range(1, 6)],
        initial=3,
        help_text=gettext_lazy("1 最易，5 最难"),
    )
    points = forms.DecimalField(
        label=gettext_lazy("默认分值"), min_value=0, max_digits=5, decimal_places=2, required=False
    )
    industries = forms.ModelMultipleChoiceField(
        label=gettext_lazy("行业与专项领域"),
        queryset=Industry.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("都不选：各行业通用"),
    )
    categories = forms.ModelMultipleChoiceField(
        label=gettext_lazy("人员类别"),
        queryset=PersonnelCategory.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("都不选：所有人"),
    )
    clauses = forms.TypedMultipleChoiceField(label=gettext_lazy("判定标准条目"), coerce=int, required=False)
    source = forms.CharField(label=gettext_lazy("来源"), max_length=200, required=False)
    enemy_group = forms.CharField(
        label=gettext_lazy("互斥组"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("同一组的题不会出现在同一张卷子里"),
    )
    effective_from = forms.DateField(
        label=gettext_lazy("启用日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    effective_to = forms.DateField(
        label=gettext_lazy("停用日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, question: Question | None = None, **kwargs: Any) -> None:
        self.question = question
        super().__init__(*args, **kwargs)
        self.clause_list = clause_choices()
        chosen = cast("forms.TypedMultipleChoiceField", self.fields["clauses"])
        chosen.choices = [(clause.id, f"{clause.article} {clause.rule}") for clause in self.clause_list]
        for place in range(OPTION_COUNT):
            self.fields[f"option_{place + 1}"] = forms.CharField(
                label=_("选项 %(letter)s") % {"letter": LETTERS[place]}, required=False, max_length=500
            )

    @property
    def option_rows(self) -> list[dict[str, Any]]:
        """Letter, text field and key value of each option line."""
        chosen = set(self["key"].value() or [])
        return [
            {
                "letter": LETTERS[place],
                "field": self[f"option_{place + 1}"],
                "value": value,
                "checked": value in chosen,
            }
            for place, value in enumerate(OPTION_IDS)
        ]

    @property
    def chosen_clauses(self) -> set[int]:
        """Clauses that are ticked."""
        return {int(value) for value in self["clauses"].value() or [] if str(value).isdigit()}

    def clean(self) -> dict[str, Any]:
        """Everything that keeps it from being a question, each beside its field."""
        cleaned = super().clean() or {}
        if "type" not in cleaned or "stem" not in cleaned:
            return cleaned
        content = self.content()
        for problem in content_problems(content):
            self.add_error(self.field_of(problem), self.words_of(problem))
        twins = codes_with_fingerprint(fingerprint_of(content), other_than=self.question.pk if self.question else None)
        if twins:
            self.add_error("stem", _("题库里已有同样的题：%(codes)s") % {"codes": "、".join(twins)})
        first, last = cleaned.get("effective_from"), cleaned.get("effective_to")
        if first and last and last < first:
            self.add_error("effective_to", _("停用日期早于启用日期"))
        return cleaned

    def field_of(self, problem: Problem) -> str:
        """Where to show a problem."""
        if problem.column == "答案" and self.cleaned_data["type"] == TRUE_FALSE:
            return "truth"
        if len(problem.column) == 3 and problem.column.startswith("选项"):
            return f"option_{LETTERS.index(problem.column[2]) + 1}"
        return FIELD_OF.get(problem.column, "stem")

    def words_of(self, problem: Problem) -> str:
        """What to tell the writer."""
        if problem.kind == ProblemKind.ANSWER_COUNT:
            return _("多选题至少选两项，单选题只选一项")
        return str(problem.kind.label)

    def content(self) -> QuestionContent:
        """The content as typed."""
        data = self.cleaned_data
        truth = data["type"] == TRUE_FALSE
        texts = [str(data.get(f"option_{place}") or "").strip() for place in range(1, OPTION_COUNT + 1)]
        return QuestionContent(
            type=data["type"],
            stem=data["stem"].strip(),
            body=Truth(data.get("truth") or "") if truth else Choice(options_from(texts), tuple(data.get("key") or ())),
            explanation=(data.get("explanation") or "").strip(),
            points=data.get("points") or USUAL_POINTS[data["type"]],
            source=(data.get("source") or "").strip(),
        )

    def filing(self) -> Filing:
        """Where the question belongs."""
        data = self.cleaned_data
        return Filing(
            topic_id=data["topic"].pk,
            difficulty=data["difficulty"],
            industry_ids=tuple(row.pk for row in data["industries"]),
            category_ids=tuple(row.pk for row in data["categories"]),
            enemy_group=(data["enemy_group"] or "").strip(),
            effective_from=data["effective_from"],
            effective_to=data["effective_to"],
        )


def initial_of(question: Question, version: QuestionVersion) -> dict[str, Any]:
    """The form's starting values from a version."""
    values: dict[str, Any] = {
        "type": version.type,
        "topic": question.topic_id,
        "stem": version.stem,
        "key": version.key,
        "truth": version.key[0] if version.type == TRUE_FALSE else None,
        "explanation": version.explanation,
        "difficulty": question.difficulty,
        "points": version.default_points,
        "industries": [row.pk for row in question.industries.all()],
        "categories": [row.pk for row in question.categories.all()],
        "clauses": list(version.clause_links.values_list("clause_id", flat=True)),
        "source": version.source,
        "enemy_group": question.enemy_group,
        "effective_from": question.effective_from,
        "effective_to": question.effective_to,
    }
    if version.type != TRUE_FALSE:
        values |= {f"option_{place}": option["text"] for place, option in enumerate(version.options, start=1)}
    return values


class FilterForm(forms.Form):
    """The list's filters, all from the address."""

    q = forms.CharField(required=False)
    type = forms.ChoiceField(
        required=False, label=gettext_lazy("题型"), choices=[("", gettext_lazy("全部题型")), *QuestionType.choices]
    )
    status = forms.ChoiceField(
        required=False, label=gettext_lazy("状态"), choices=[("", gettext_lazy("全部状态")), *QuestionStatus.choices]
    )
    topic = forms.ModelChoiceField(
        required=False,
        label=gettext_lazy("知识点"),
        queryset=Topic.objects.all(),
        empty_label=gettext_lazy("全部知识点"),
    )
    industry = forms.ModelChoiceField(
        required=False,
        label=gettext_lazy("行业"),
        queryset=Industry.objects.all(),
        empty_label=gettext_lazy("全部行业"),
    )
    clause = forms.CharField(required=False)

    def filters(self) -> Filters:
        """What was asked for; a value that is none of the choices limits nothing."""
        self.is_valid()
        data = self.cleaned_data
        topic, industry = data.get("topic"), data.get("industry")
        return Filters(
            text=(data.get("q") or "").strip(),
            type=data.get("type") or "",
            status=data.get("status") or "",
            topic_id=topic.pk if topic else None,
            industry_id=industry.pk if industry else None,
            clause=(data.get("clause") or "").strip().lower(),
        )


class ReasonForm(forms.Form):
    """Why a question goes back or out."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
