"""The filters of the list, and the change of many questions, all from the address."""

from datetime import date
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.bank import bulk
from exams.bank.bulk import Change
from exams.bank.models import CognitiveLevel, QuestionStatus, QuestionType, Topic
from exams.bank.queries import Filters, Sort, enemy_groups, writers
from lms.organisations.models import Industry
from lms.people.models import PersonnelCategory

LEVELS = [(n, f"{n}") for n in range(1, 6)]
# Shown at once; the others are under “more”.
MAIN = ("type", "status", "topic", "industry", "sort")


def day_input() -> forms.DateInput:
    """A browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FilterForm(forms.Form):
    """What the list is limited to; a value that is none of the choices limits nothing."""

    q = forms.CharField(required=False, label=gettext_lazy("搜索题目"))
    type = forms.ChoiceField(
        required=False, label=gettext_lazy("题型"), choices=[("", gettext_lazy("全部题型")), *QuestionType.choices]
    )
    status = forms.ChoiceField(
        required=False, label=gettext_lazy("状态"), choices=[("", gettext_lazy("全部状态")), *QuestionStatus.choices]
    )
    topic = forms.ModelChoiceField(
        required=False, label=gettext_lazy("知识点"), queryset=Topic.objects.all(),
        empty_label=gettext_lazy("全部知识点"),
    )  # fmt: skip
    industry = forms.ModelChoiceField(
        required=False, label=gettext_lazy("行业"), queryset=Industry.objects.all(),
        empty_label=gettext_lazy("全部行业"),
    )  # fmt: skip
    sort = forms.ChoiceField(required=False, label=gettext_lazy("排序"), choices=Sort.choices)
    category = forms.ModelChoiceField(
        required=False, label=gettext_lazy("人员类别"), queryset=PersonnelCategory.objects.all(),
        empty_label=gettext_lazy("不限"),
    )  # fmt: skip
    cognitive = forms.ChoiceField(
        required=False, label=gettext_lazy("认知层次"), choices=[("", gettext_lazy("不限")), *CognitiveLevel.choices]
    )
    difficulty_from = forms.ChoiceField(
        required=False, label=gettext_lazy("难度，从"), choices=[("", gettext_lazy("不限")), *LEVELS]
    )
    difficulty_to = forms.ChoiceField(
        required=False, label=gettext_lazy("难度，到"), choices=[("", gettext_lazy("不限")), *LEVELS]
    )
    author = forms.ChoiceField(required=False, label=gettext_lazy("出题人"))
    clause = forms.CharField(required=False, label=gettext_lazy("判定标准编号"))
    enemies = forms.ChoiceField(required=False, label=gettext_lazy("互斥组"))
    picture = forms.ChoiceField(
        required=False, label=gettext_lazy("图片"),
        choices=[("", gettext_lazy("不限")), ("yes", gettext_lazy("有图片")), ("no", gettext_lazy("没有图片"))],
    )  # fmt: skip
    used = forms.ChoiceField(
        required=False, label=gettext_lazy("进入试卷"),
        choices=[("", gettext_lazy("不限")), ("used", gettext_lazy("用过")), ("never", gettext_lazy("从没用过"))],
    )  # fmt: skip
    quarantined = forms.ChoiceField(
        required=False, label=gettext_lazy("依据和日期"),
        choices=[
            ("", gettext_lazy("不限")), ("yes", gettext_lazy("依据已失效")), ("expired", gettext_lazy("过了停用日期")),
        ],
    )  # fmt: skip
    effective_on = forms.DateField(required=False, label=gettext_lazy("这一天可用"), widget=day_input())

    def __init__(self, *args: Any, person_id: int, today: date, **kwargs: Any) -> None:
        self.person_id, self.today = person_id, today
        super().__init__(*args, **kwargs)
        for field in self.more_fields:
            # They stand outside of the form's element.
            field.field.widget.attrs["form"] = "bank-filters"
        authors, groups = (cast("forms.ChoiceField", self.fields[name]) for name in ("author", "enemies"))
        authors.choices = [("", _("不限")), ("me", _("我出的")), *writers(except_for=person_id)]
        groups.choices = [("", _("不限")), *((name, name) for name in enemy_groups())]

    def filters(self) -> Filters:
        """What was asked for."""
        self.is_valid()
        data = self.cleaned_data
        topic, industry, category = (getattr(data.get(name), "pk", None) for name in ("topic", "industry", "category"))
        author = data.get("author") or ""
        return Filters(
            text=(data.get("q") or "").strip(),
            type=data.get("type") or "",
            status=data.get("status") or "",
            topic_id=topic,
            industry_id=industry,
            category_id=category,
            clause=(data.get("clause") or "").strip().lower(),
            difficulty_from=int(data.get("difficulty_from") or 0) or None,
            difficulty_to=int(data.get("difficulty_to") or 0) or None,
            cognitive=data.get("cognitive") or "",
            author_id=self.person_id if author == "me" else int(author or 0) or None,
            picture={"yes": True, "no": False}.get(data.get("picture") or ""),
            used=data.get("used") or "",
            enemy_group=data.get("enemies") or "",
            effective_on=data.get("effective_on"),
            quarantined_on=self.today if data.get("quarantined") == "yes" else None,
            expired_on=self.today if data.get("quarantined") == "expired" else None,
            sort=data.get("sort") or Sort.NEWEST,
        )

    @property
    def main_fields(self) -> list[Any]:
        """The fields shown at once."""
        return [self[name] for name in MAIN]

    @property
    def more_fields(self) -> list[Any]:
        """The fields under “more”."""
        return [field for field in self if field.name not in (*MAIN, "q")]

    @property
    def chips(self) -> list[tuple[str, str, str]]:
        """What is set under “more”: label, the value in words, and the address without it."""
        return [
            (str(field.label), in_words(field), self.without(field.name)) for field in self.more_fields if field.data
        ]

    def without(self, name: str) -> str:
        """The query string of the list without one of the filters."""
        data = cast("QueryDict", self.data).copy()
        for key in (name, "page"):
            data.pop(key, None)
        return f"?{data.urlencode()}"


def in_words(field: Any) -> str:
    """The chosen value of a field as its select shows it."""
    choices = getattr(field.field, "choices", None)
    return next((str(label) for value, label in choices or () if str(value) == str(field.data)), str(field.data))


WHAT = [
    (bulk.TOPIC, gettext_lazy("知识点")),
    (bulk.DIFFICULTY, gettext_lazy("难度")),
    (bulk.COGNITIVE, gettext_lazy("认知层次")),
    (bulk.INDUSTRIES, gettext_lazy("行业")),
    (bulk.CATEGORIES, gettext_lazy("人员类别")),
    (bulk.ENEMIES, gettext_lazy("互斥组")),
    (bulk.DATES, gettext_lazy("启用和停用日期")),
    (bulk.SUBMIT, gettext_lazy("提交审核（草稿）")),
    (bulk.RETIRE, gettext_lazy("停用")),
]
MODES = [
    (bulk.ADD, gettext_lazy("加上")),
    (bulk.REMOVE, gettext_lazy("去掉")),
    (bulk.REPLACE, gettext_lazy("换成")),
]


class ChangeForm(forms.Form):
    """One change; of the fields, only those count that belong to it."""

    what = forms.ChoiceField(label=gettext_lazy("改什么"), choices=WHAT, widget=forms.RadioSelect)
    topic = forms.ModelChoiceField(label=gettext_lazy("新的知识点"), queryset=Topic.objects.all(), required=False)
    difficulty = forms.TypedChoiceField(
        label=gettext_lazy("新的难度"), coerce=int, choices=LEVELS, required=False, initial=3
    )
    cognitive = forms.ChoiceField(label=gettext_lazy("新的认知层次"), choices=CognitiveLevel.choices, required=False)
    industries_mode = forms.ChoiceField(label=gettext_lazy("怎样改"), choices=MODES, required=False, initial=bulk.ADD)
    categories_mode = forms.ChoiceField(label=gettext_lazy("怎样改"), choices=MODES, required=False, initial=bulk.ADD)
    industries = forms.ModelMultipleChoiceField(
        label=gettext_lazy("行业与专项领域"), queryset=Industry.objects.all(), required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "check"}),
    )  # fmt: skip
    categories = forms.ModelMultipleChoiceField(
        label=gettext_lazy("人员类别"), queryset=PersonnelCategory.objects.all(), required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "check"}),
    )  # fmt: skip
    enemies = forms.CharField(
        label=gettext_lazy("互斥组名称"), max_length=40, required=False, help_text=gettext_lazy("留空：移出互斥组")
    )
    first = forms.DateField(label=gettext_lazy("启用日期"), required=False, widget=day_input())
    last = forms.DateField(label=gettext_lazy("停用日期"), required=False, widget=day_input())
    reason = forms.CharField(label=gettext_lazy("停用原因"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """What the change needs is there."""
        data = super().clean() or {}
        what = data.get("what")
        if what == bulk.TOPIC and not data.get("topic"):
            self.add_error("topic", _("请选一个知识点"))
        if what in bulk.SETS and not data.get(str(what)) and data.get(f"{what}_mode") != bulk.REPLACE:
            self.add_error(str(what), _("请至少勾选一项；要清空，请选“换成”"))
        if what == bulk.RETIRE and not (data.get("reason") or "").strip():
            self.add_error("reason", _("请写明原因"))
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("停用日期早于启用日期"))
        return data

    def change(self) -> Change:
        """The change as typed."""
        data = self.cleaned_data
        what = data["what"]
        if what in bulk.SETS:
            return Change(what, sorted(row.pk for row in data[what]), mode=data[f"{what}_mode"] or bulk.ADD)
        if what == bulk.DATES:
            return Change(what, [day.isoformat() if day else None for day in (data["first"], data["last"])])
        if what in bulk.STEPS:
            return Change(what, reason=data["reason"].strip() if what == bulk.RETIRE else "")
        values = {
            bulk.TOPIC: getattr(data["topic"], "pk", None),
            bulk.DIFFICULTY: data["difficulty"] or 3,
            bulk.COGNITIVE: data["cognitive"],
            bulk.ENEMIES: data["enemies"].strip(),
        }
        return Change(what, values[what])
