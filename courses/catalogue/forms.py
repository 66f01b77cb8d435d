"""Assigning a course: inside one's own enterprise, or in a supervisor's area."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.catalogue.actions import Reach
from courses.catalogue.models import Course
from lms.organisations.models import Enterprise, Industry, Post, Region, SectorCommittee
from lms.organisations.scope import Scope
from lms.people.models import Employment, PersonnelCategory, User

TARGETS = [
    ("all", gettext_lazy("全单位")),
    ("category", gettext_lazy("按人员类别")),
    ("post", gettext_lazy("按岗位")),
    ("people", gettext_lazy("点名")),
]


class DayInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AssignForm(forms.Form):
    """What both kinds share: which course, until when, must or advice."""

    course = forms.ModelChoiceField(
        Course.objects.none(), label=gettext_lazy("课程"), empty_label=gettext_lazy("选一门课程")
    )
    due_on = forms.DateField(
        label=gettext_lazy("完成期限"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("不填就是每年 12 月 31 日前学完，以后每年都要学。"),
    )
    required = forms.BooleanField(
        label=gettext_lazy("必修"),
        required=False,
        initial=True,
        help_text=gettext_lazy("不勾选就是推荐：会出现在学员的课程里，但不算逾期。"),
    )

    def __init__(self, *args: Any, scope: Scope, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope, self.today = scope, today
        cast(forms.ModelChoiceField, self.fields["course"]).queryset = Course.objects.filter(published=True)

    def clean_due_on(self) -> date | None:
        """Not in the past."""
        due: date | None = self.cleaned_data["due_on"]
        if due and due < self.today:
            raise forms.ValidationError(_("期限不能早于今天。"))
        return due

    def reaches(self) -> list[Reach]:
        """The rules to make."""
        raise NotImplementedError


class EnterpriseAssignForm(AssignForm):
    """A manager assigns inside the own enterprises only."""

    enterprise = forms.ModelChoiceField(Enterprise.objects.none(), label=gettext_lazy("单位"), empty_label=None)
    target = forms.ChoiceField(label=gettext_lazy("给谁学"), choices=TARGETS, initial="all", widget=forms.RadioSelect)
    category = forms.ModelChoiceField(
        PersonnelCategory.objects.all(),
        label=gettext_lazy("人员类别"),
        required=False,
        empty_label=gettext_lazy("选一个类别"),
    )
    post = forms.ModelChoiceField(
        Post.objects.none(), label=gettext_lazy("岗位"), required=False, empty_label=gettext_lazy("选一个岗位")
    )
    persons = forms.ModelMultipleChoiceField(User.objects.none(), label=gettext_lazy("人员"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Enterprise.objects.filter(pk__in=self.scope.enterprise_ids)
        people = Employment.objects.on(self.today).filter(enterprise__in=own)
        for name, queryset in {
            "enterprise": own,
            "post": Post.objects.filter(enterprise__in=own).select_related("enterprise"),
            "persons": User.objects.filter(pk__in=people.values("person_id")),
        }.items():
            cast(forms.ModelChoiceField, self.fields[name]).queryset = queryset
        if len(self.scope.enterprise_ids) == 1:
            self.fields["enterprise"].required = False
            self.fields["enterprise"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """The dimension chosen must be given and belong to the enterprise."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["enterprise"] = (
            data.get("enterprise") or Enterprise.objects.filter(pk__in=self.scope.enterprise_ids).first()
        )
        target = data.get("target")
        wanted = {"category": "category", "post": "post", "people": "persons"}.get(target or "")
        if wanted and not data.get(wanted) and wanted not in self.errors:
            self.add_error(
                wanted,
                {
                    "category": _("选一个人员类别。"),
                    "post": _("选一个岗位。"),
                    "persons": _("至少选一个人。"),
                }[wanted],
            )
        if target == "post" and data.get("post") and data["post"].enterprise_id != data["enterprise"].pk:
            self.add_error("post", _("这个岗位不在所选单位。"))
        if target == "people" and data.get("persons"):
            here = Employment.objects.on(self.today).filter(enterprise=data["enterprise"], person__in=data["persons"])
            if here.values("person_id").distinct().count() != len(data["persons"]):
                self.add_error("persons", _("有人不在所选单位，请重新选择。"))
        return data

    def reaches(self) -> list[Reach]:
        """One rule, or one for each named person."""
        data = self.cleaned_data
        enterprise, target = data["enterprise"], data["target"]
        if target == "people":
            return [Reach(enterprise=enterprise, person=person) for person in data["persons"]]
        return [
            Reach(
                enterprise=enterprise,
                category=data["category"] if target == "category" else None,
                post=data["post"] if target == "post" else None,
            )
        ]


class AreaAssignForm(AssignForm):
    """A supervisor assigns by category and industry in the own area; administrators also town-wide."""

    area = forms.ChoiceField(label=gettext_lazy("范围"))
    category = forms.ModelChoiceField(
        PersonnelCategory.objects.all(),
        label=gettext_lazy("人员类别"),
        required=False,
        empty_label=gettext_lazy("全部类别"),
    )
    industry = forms.ModelChoiceField(
        Industry.objects.all(), label=gettext_lazy("行业"), required=False, empty_label=gettext_lazy("全部行业")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = areas_of(self.scope)
        cast(forms.ChoiceField, self.fields["area"]).choices = [
            (key, name) for key, (name, _reach) in self.areas.items()
        ]

    def reaches(self) -> list[Reach]:
        """One rule."""
        data = self.cleaned_data
        place = self.areas[data["area"]][1]
        return [
            Reach(region=place.region, committee=place.committee, category=data["category"], industry=data["industry"])
        ]


def areas_of(scope: Scope) -> dict[str, tuple[str, Reach]]:
    """The areas for which a holder of `scope` may make rules, by the key of the choice."""
    areas: dict[str, tuple[str, Reach]] = {}
    regions, committees = Region.objects.all(), SectorCommittee.objects.all()
    if scope.everything:
        areas["town"] = (_("全镇"), Reach())
    else:
        paths = scope.region_paths
        regions = Region.objects.filter(
            pk__in=[row.pk for row in regions if any(row.path.startswith(path) for path in paths)]
        )
        committees = committees.filter(pk__in=scope.committee_ids)
    areas |= {f"region-{row.pk}": (row.name, Reach(region=row)) for row in regions}
    areas |= {f"committee-{row.pk}": (row.name, Reach(committee=row)) for row in committees}
    return areas
