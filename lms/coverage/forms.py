"""What the addresses of the coverage pages may say. What makes no sense is dropped and said."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lms.coverage.counting import SORTS

Choices = Mapping[int, str]


class DayForm(forms.Form):
    """The day asked about; today when nothing or nonsense is given."""

    on = forms.DateField(required=False)

    def __init__(self, data: Mapping[str, Any], *, today: date) -> None:
        super().__init__(data)
        self.today = today
        self.fields["on"].error_messages["invalid"] = _("日期看不懂，按今天算。")

    def clean_on(self) -> date:
        """Not before the plan's first year, not after today."""
        day: date = self.cleaned_data["on"] or self.today
        if day > self.today:
            raise ValidationError(_("还没到这一天，按今天算。"))
        if day.year < 2000:
            raise ValidationError(_("日期太早，按今天算。"))
        return day

    @property
    def day(self) -> date:
        """The day to count on (after `is_valid`)."""
        found: date = self.cleaned_data.get("on") or self.today
        return found

    @property
    def problems(self) -> list[str]:
        """What was dropped, in words."""
        return [str(error) for errors in self.errors.values() for error in errors]

    def get(self, name: str) -> Any:
        """A cleaned value, or its neutral value where it was dropped."""
        value = self.cleaned_data.get(name)
        return value if value not in (None, "") else None


def whole_number(value: Any) -> int | None:
    """For choice fields over ids."""
    return int(value) if value not in (None, "") else None


class OverviewForm(DayForm):
    """Overview: which requirement, which industry in the table, which order."""

    scheme = forms.SlugField(required=False)
    industry = forms.TypedChoiceField(required=False, coerce=whole_number, empty_value=None)
    sort = forms.ChoiceField(required=False, choices=[(key, key) for key in SORTS])

    def __init__(self, data: Mapping[str, Any], *, today: date, industries: Choices) -> None:
        super().__init__(data, today=today)
        self.fields["industry"].choices = list(industries.items())  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = _("有一个筛选条件不认识，没有用上。")

    @property
    def chosen_industry(self) -> int | None:
        """The industry of the filter, for the template."""
        found: int | None = self.get("industry")
        return found

    @property
    def chosen_sort(self) -> str:
        """The order asked for, empty for the usual one."""
        return self.get("sort") or ""


class PeopleForm(OverviewForm):
    """Named list: a cell of the register and who is shown."""

    requirement = forms.SlugField(required=False)
    category = forms.TypedChoiceField(required=False, coerce=whole_number, empty_value=None)
    enterprise = forms.IntegerField(required=False, min_value=1)
    show = forms.ChoiceField(required=False, choices=[(key, key) for key in ("missing", "covered", "all")])
    q = forms.CharField(required=False, max_length=60, strip=True)

    def __init__(self, data: Mapping[str, Any], *, today: date, industries: Choices, categories: Choices) -> None:
        super().__init__(data, today=today, industries=industries)
        self.fields["category"].choices = list(categories.items())  # type: ignore[attr-defined]
