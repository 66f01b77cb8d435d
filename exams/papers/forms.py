"""Input about exams: the exam itself, its blueprint, its audience."""

from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.bank.models import QuestionType
from exams.papers.actions import AudienceRow
from exams.papers.blueprint_forms import plain, rows_of
from exams.papers.checks import MIN_CRITERION
from exams.papers.models import AssemblyMethod, Exam, ExamKind, ExamStatus
from exams.papers.queries import ExamFilters
from lms.organisations.models import Enterprise, Industry, Post
from lms.people.models import PersonnelCategory, User
from lms.regulations.queries import rule_value, rule_values

MOMENT = "%Y-%m-%dT%H:%M"
# Columns with a usual value: left blank, or left out by a form that does not show them, they take it.
USUAL = (
    "method", "difficulty_tolerance", "max_overlap_percent", "max_exposure_percent", "fresh_attempts", "paper_count",
    "check_in", "take_over", "leave_tolerance", "leave_action", "late_minutes", "cooling_hours", "retrain_after",
    "marking", "marking_tolerance", "camera_stills",
)  # fmt: skip
# Rules of the room, in the order in which the edit page shows them.
SITTING = (
    "check_in", "cooling_hours", "retrain_after", "take_over", "late_minutes", "leave_tolerance", "leave_action",
    "marking", "marking_tolerance", "camera_stills", "watermark", "full_screen", "block_copy", "seb_required",
)  # fmt: skip
RULES = {
    "pass_percent": "exam.pass_percent",
    "minutes": "exam.minutes_in_house",
    "attempts_allowed": "exam.attempts_allowed",
    "retrain_after": "exam.retrain_after_failures",
    "min_criterion_percent": MIN_CRITERION,
}


def moment_field(label: Any) -> forms.DateTimeField:
    """A date with a time, as the browser's own control."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, widget=widget, input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S"])


class ExamForm(forms.ModelForm[Exam]):
    """Everything about an exam but the rows of blueprint and audience.

    `hosts`: enterprises one may choose; `targets`: exams that a mock exam may be the rehearsal of. `may_fix`: whether
    this person may choose questions by hand; who may not leaves the method of such an exam as it is.
    """

    opens_at = moment_field(gettext_lazy("开始时间"))
    closes_at = moment_field(gettext_lazy("截止时间"))

    class Meta:
        model = Exam
        fields = [
            "title", "subject", "kind", "rehearses", "enterprise", "opens_at", "closes_at", "minutes", "pass_percent",
            "attempts_allowed", "prerequisite_subject", "release", "multiple_rule", "valid_months",
            "min_criterion_percent", "paper_count", "method", "category", "target_difficulty", "difficulty_tolerance",
            "max_overlap_percent", "max_exposure_percent", "fresh_attempts", *SITTING,
        ]  # fmt: skip
        widgets = {"method": forms.RadioSelect}
        help_texts = {
            "subject": gettext_lazy("课程代码；考试合格记在这门课名下"),
            "rehearses": gettext_lazy("只有模拟考试能做演练；正式考试的“开考准备”里会看到多少人练过"),
            "minutes": gettext_lazy("企业内部 60 分钟，特种作业理论 120 分钟"),
            "attempts_allowed": gettext_lazy("含补考"),
            "prerequisite_subject": gettext_lazy("课程代码；留空表示不要求先学完"),
            "paper_count": gettext_lazy("平行试卷套数，开考时随机分发"),
            "valid_months": gettext_lazy("合格成绩多久内有效"),
            "min_criterion_percent": gettext_lazy("必学必考：考到重大事故隐患判定标准的题占多少"),
            "category": gettext_lazy("只抽适用于这类人员的题，和不分类别的题"),
            "target_difficulty": gettext_lazy("1 最易，5 最难；留空不限"),
            "difficulty_tolerance": gettext_lazy("每套卷的平均难度离目标多远以内"),
            "max_overlap_percent": gettext_lazy("占一套卷题数的百分比"),
            "max_exposure_percent": gettext_lazy("占试卷套数的百分比"),
            "fresh_attempts": gettext_lazy("0 表示不避开；越大需要的题越多"),
            "check_in": gettext_lazy("现场考试用：监考人员在“签到核验”里放行"),
            "cooling_hours": gettext_lazy("0 表示不合格可以马上再考"),
            "retrain_after": gettext_lazy("0 表示不要求；到次数后要重新学完课程才能再考"),
            "marking_tolerance": gettext_lazy("两人各阅一遍时：不超过就取平均，超过由没阅过的第三人定"),
            "late_minutes": gettext_lazy("到时前作答、断网晚到的答案，在这段时间内收下待裁定；0 表示不收"),
            "leave_tolerance": gettext_lazy("来电、弹窗也会算作切屏，不宜太小"),
            "camera_stills": gettext_lazy("0 表示不拍；要考生单独同意；不同意的由监考确认"),
            "seb_required": gettext_lazy("只能在电脑上考；保存后可下载配置文件"),
        }

    def __init__(
        self, *args: Any, hosts: QuerySet[Enterprise], targets: QuerySet[Exam], town_wide: bool, may_fix: bool,
        today: date, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.today = today
        self.set_method(may_fix=may_fix)
        cast("forms.ModelChoiceField", self.fields["category"]).empty_label = _("所有人员")
        rehearsed = cast("forms.ModelChoiceField", self.fields["rehearses"])
        rehearsed.queryset, rehearsed.empty_label = targets, _("不是演练")
        rehearsed.error_messages["invalid_choice"] = _("要选一场还没有结束的正式考试")
        host = cast("forms.ModelChoiceField", self.fields["enterprise"])
        host.queryset = hosts
        host.required = not town_wide
        host.empty_label = _("全镇") if town_wide else None
        for name in ("subject", "prerequisite_subject"):
            self.fields[name].widget.attrs |= {"list": "subjects", "autocomplete": "off", "spellcheck": "false"}
        if not self.instance.pk:
            values = rule_values(list(RULES.values()), on=today)
            for name, code in RULES.items():
                self.initial.setdefault(name, plain(values[code]))

    def set_method(self, *, may_fix: bool) -> None:
        """Choosing questions by hand means reading them: it is for reviewers, because managers sit exams themselves."""
        method = cast("forms.ChoiceField", self.fields["method"])
        fixed = self.instance.pk is not None and self.instance.method == AssemblyMethod.FIXED
        method.disabled = fixed and not may_fix
        if not may_fix and not fixed:
            method.choices = [choice for choice in AssemblyMethod.choices if choice[0] != AssemblyMethod.FIXED]
        else:
            method.choices = AssemblyMethod.choices
        for name in USUAL:
            self.fields[name].required = False

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
        self.check_rehearsal(data)
        for name in USUAL:
            if name not in self.errors and data.get(name) in (None, ""):
                data[name] = self.Meta.model._meta.get_field(name).get_default()  # type: ignore[union-attr]
        return data

    def check_rehearsal(self, data: dict[str, Any]) -> None:
        """A mock exam rehearses an exam that counts, of the same host; and what is rehearsed must go on counting."""
        target, mock = data.get("rehearses"), data.get("kind") == ExamKind.MOCK
        if target is None:
            if mock and self.instance.pk and self.instance.rehearsals.exists():
                self.add_error("kind", _("已经有演练指着这场考试，它不能改成模拟考试"))
        elif not mock:
            self.add_error("rehearses", _("只有模拟考试能做演练"))
        elif target.enterprise_id != getattr(data.get("enterprise"), "pk", None):
            self.add_error("rehearses", _("演练和正式考试要是同一个组织单位的"))

    def columns(self) -> dict[str, Any]:
        """The columns for the action."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


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


AudienceRows = rows_of(AudienceForm)


def audiences_initial(exam: Exam | None) -> list[dict[str, Any]]:
    """The audience for the form."""
    if exam is None:
        return [{}]
    names = ("category", "industry", "enterprise", "post", "person")
    return [{name: getattr(row, f"{name}_id") for name in names} for row in exam.audiences.all()]


class FindForm(forms.Form):
    """Looking for questions to choose by hand. `topics`: pairs of id and name."""

    find_q = forms.CharField(label=gettext_lazy("题号或题干"), required=False, max_length=100)
    find_type = forms.ChoiceField(
        label=gettext_lazy("题型"), required=False, choices=[("", gettext_lazy("全部题型")), *QuestionType.choices]
    )
    find_topic = forms.TypedChoiceField(label=gettext_lazy("知识点"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, topics: list[tuple[Any, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["find_topic"].choices = [("", _("全部知识点")), *topics]  # type: ignore[attr-defined]


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
