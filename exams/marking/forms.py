"""What markers type."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from exams.bank.bodies import plain
from exams.marking.actions import COMMENT_LENGTH, Given
from exams.marking.queries import MarkingSheet


class MarkForm(forms.Form):
    """Points, the expected points that are met, a comment; `seen`: how many marks the marker had before them."""

    points = forms.DecimalField(label=_("得分"), max_digits=6, decimal_places=2, min_value=0)
    met = forms.TypedMultipleChoiceField(coerce=int, required=False)
    comment = forms.CharField(label=_("评语（可不填）"), max_length=COMMENT_LENGTH, required=False, strip=True)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, sheet: MarkingSheet) -> None:
        last = sheet.last
        initial: dict[str, Any] = {"seen": sheet.marks}
        if last:
            initial |= {"points": plain(last.points), "met": last.met, "comment": last.comment}
        super().__init__(data, initial=initial)
        self.fields["met"].choices = [(place, "") for place in range(len(sheet.rubric))]  # type: ignore[attr-defined]
        points: Any = self.fields["points"]
        points.max_value = sheet.possible
        points.validators.append(forms.DecimalField(max_value=sheet.possible).validators[0])
        points.widget.attrs |= {"max": sheet.possible, "step": "0.01", "inputmode": "decimal", "autocomplete": "off"}

    @property
    def ticked(self) -> list[int]:
        """Places of the expected points that are ticked."""
        return [int(place) for place in self["met"].value() or [] if str(place).isdigit()]

    def given(self) -> Given:
        """The mark; the form must be valid."""
        data = self.cleaned_data
        return Given(points=data["points"], met=data["met"], comment=data["comment"])
