"""Input about the reasons that proctors choose from."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.proctoring.models import InterventionKind, Reason


class ReasonFields(forms.Form):
    """What may be changed of a reason."""

    label = forms.CharField(label=gettext_lazy("理由"), max_length=60)
    fits = forms.MultipleChoiceField(
        label=gettext_lazy("用于哪些操作"),
        choices=InterventionKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("一个都不选，表示所有操作都能用"),
    )

    def fields_of(self) -> dict[str, Any]:
        """For the actions."""
        return {"label": self.cleaned_data["label"], "fits": self.cleaned_data["fits"]}


class NewReasonForm(ReasonFields):
    """A new reason."""

    code = forms.SlugField(
        label=gettext_lazy("代码"), max_length=40, help_text=gettext_lazy("英文小写字母、数字、连字符；定了不能改")
    )
    field_order = ["label", "code", "fits"]

    def clean_code(self) -> str:
        """Once."""
        code: str = self.cleaned_data["code"]
        if Reason.objects.filter(code=code).exists():
            raise forms.ValidationError(_("这个代码已经有了"))
        return code


class ChangeReasonForm(ReasonFields):
    """A reason that is there."""

    position = forms.IntegerField(label=gettext_lazy("排第几"), min_value=0, max_value=999)
    active = forms.BooleanField(
        label=gettext_lazy("使用中"), required=False, help_text=gettext_lazy("停用后不再提供选择，用过的记录不变")
    )
    field_order = ["label", "fits", "position", "active"]

    @classmethod
    def of(cls, reason: Reason, data: Any = None) -> "ChangeReasonForm":
        """The form of a reason, filled in."""
        return cls(data, initial={name: getattr(reason, name) for name in cls.field_order})

    def fields_of(self) -> dict[str, Any]:
        """For the action."""
        data = self.cleaned_data
        return super().fields_of() | {"position": data["position"], "active": data["active"]}
