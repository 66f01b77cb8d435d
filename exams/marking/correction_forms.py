"""What somebody decides who corrects a key."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from exams.papers.correction_actions import REASON_LENGTH
from exams.papers.correction_models import CorrectionKind


class CorrectionForm(forms.Form):
    """How the question counts from now on, and why; `seen` names the preview that is confirmed."""

    kind = forms.ChoiceField(label=_("怎样判"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("原因"), max_length=REASON_LENGTH, strip=True)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, kinds: list[CorrectionKind]) -> None:
        super().__init__(data)
        field: Any = self.fields["kind"]
        field.choices = [(kind.value, kind.label) for kind in kinds]
        self.fields["reason"].help_text = _("考生会看到")

    @property
    def chosen(self) -> CorrectionKind:
        """The kind; the form must be valid."""
        return CorrectionKind(self.cleaned_data["kind"])
