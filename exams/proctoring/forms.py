"""Orders of proctors, cleaned."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.attempts.checkin_models import CheckInOutcome
from exams.attempts.held_models import Ruling
from exams.proctoring.actions import Order
from exams.proctoring.models import InterventionKind, Reason

TEXT_KINDS = {InterventionKind.ANNOUNCE, InterventionKind.MESSAGE, InterventionKind.WARN}
TIME_KINDS = {InterventionKind.EXTEND, InterventionKind.EXTRA_TIME}
# Kinds that have pages of their own.
ELSEWHERE = {InterventionKind.RULE_LATE, InterventionKind.EXTRA_TIME, InterventionKind.CHECK_IN}
ORDERED = [kind for kind in InterventionKind if kind not in ELSEWHERE]


def reasons_for(kind: str) -> list[Reason]:
    """The reasons that are offered for a kind; one query."""
    return [reason for reason in Reason.objects.filter(active=True) if not reason.fits or kind in reason.fits]


class ReasonForm(forms.Form):
    """A reason from the list, with a note."""

    kind_of_reason = ""  # only reasons that fit this kind are offered; "" for all

    reason = forms.ModelChoiceField(label=gettext_lazy("理由"), queryset=Reason.objects.filter(active=True))
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        if self.kind_of_reason:
            fitting = [reason.pk for reason in reasons_for(self.kind_of_reason)]
            field = cast("forms.ModelChoiceField", self.fields["reason"])
            field.queryset = Reason.objects.filter(pk__in=fitting)

    def order(self, kind: InterventionKind) -> Order:
        """For the action."""
        data = self.cleaned_data
        return Order(kind, data["reason"], data["note"], data.get("minutes"), data.get("text", ""))


class OrderForm(ReasonForm):
    """One order for some attempts; `all` for everybody who is writing."""

    kind = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in ORDERED])
    text = forms.CharField(label=gettext_lazy("内容"), max_length=300, required=False)
    minutes = forms.IntegerField(label=gettext_lazy("分钟"), min_value=1, max_value=240, required=False)
    attempts = forms.TypedMultipleChoiceField(coerce=int, required=False)
    all = forms.BooleanField(required=False)

    def __init__(self, data: Any, *, ids: list[int]) -> None:
        super().__init__(data)
        cast("forms.TypedMultipleChoiceField", self.fields["attempts"]).choices = [(pk, pk) for pk in ids]

    def clean(self) -> dict[str, Any]:
        """What a kind needs must be there."""
        data = super().clean() or {}
        kind = data.get("kind")
        if kind in TEXT_KINDS and not data.get("text"):
            self.add_error("text", _("写上要说的话"))
        if kind in TIME_KINDS and not data.get("minutes"):
            self.add_error("minutes", _("写上延长几分钟"))
        reason = data.get("reason")
        if reason and kind and reason.fits and kind not in reason.fits:
            self.add_error("reason", _("这个理由不适用于这个操作"))
        if kind != InterventionKind.ANNOUNCE and not data.get("all") and not data.get("attempts"):
            self.add_error(None, _("选好对谁操作"))
        return data


class RulingForm(ReasonForm):
    """A ruling on late changes."""

    kind_of_reason = InterventionKind.RULE_LATE

    ruling = forms.ChoiceField(choices=Ruling.choices)
    held = forms.TypedMultipleChoiceField(coerce=int)

    def __init__(self, data: Any, *, ids: list[int]) -> None:
        super().__init__(data)
        cast("forms.TypedMultipleChoiceField", self.fields["held"]).choices = [(pk, pk) for pk in ids]


class ExtraTimeForm(ReasonForm):
    """Extra time for one person, named by staff number."""

    kind_of_reason = InterventionKind.EXTRA_TIME

    number = forms.CharField(label=gettext_lazy("工号"), max_length=150)
    minutes = forms.IntegerField(label=gettext_lazy("加时（分钟）"), min_value=1, max_value=600)


class CheckInForm(forms.Form):
    """What was seen at the door; everything but a match needs a reason."""

    outcome = forms.ChoiceField(choices=CheckInOutcome.choices)
    reason = forms.ModelChoiceField(queryset=Reason.objects.none(), required=False)
    note = forms.CharField(max_length=120, required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        fitting = [reason.pk for reason in reasons_for(InterventionKind.CHECK_IN)]
        cast("forms.ModelChoiceField", self.fields["reason"]).queryset = Reason.objects.filter(pk__in=fitting)

    def order(self) -> Order:
        """For the action."""
        return Order(InterventionKind.CHECK_IN, self.cleaned_data["reason"], self.cleaned_data["note"])
