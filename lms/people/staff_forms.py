"""Forms of the people pages: adding, changing, ending, revealing."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.kit.crypto import lookup_hash
from lms.kit.identifiers import is_mobile
from lms.organisations.actions import ensure_places
from lms.organisations.models import Enterprise
from lms.people.actions import Identity, Place
from lms.people.identity import identity_error, tidy_number
from lms.people.models import Employment, EmploymentType, IdType, PersonnelCategory, User


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class IdentityForm(forms.Form):
    """Name and numbers of one person."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    id_type = forms.ChoiceField(label=gettext_lazy("证件类型"), choices=IdType.choices)
    id_number = forms.CharField(label=gettext_lazy("证件号码"), max_length=20)
    phone = forms.CharField(label=gettext_lazy("手机号"), max_length=20)
    email = forms.EmailField(label=gettext_lazy("邮箱"), required=False)

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_id_number(self) -> str:
        """Upper case without spaces."""
        return tidy_number(self.cleaned_data["id_number"])

    def clean_phone(self) -> str:
        """A mobile number that nobody else has."""
        phone = tidy_number(self.cleaned_data["phone"])
        if not is_mobile(phone):
            raise ValidationError(_("手机号要 11 位，以 1 开头。"))
        holder = User.objects.filter(phone_hash=lookup_hash("phone", phone)).first()
        if holder and holder != self.person and not self.is_same_person(holder):
            raise ValidationError(_("这个手机号登记在别人名下。"))
        return phone

    def clean_email(self) -> str:
        """An address that nobody else has."""
        email = str(self.cleaned_data["email"]).lower()
        holder = User.objects.filter(email__iexact=email).first() if email else None
        if holder is not None and holder != self.person:
            raise ValidationError(_("这个邮箱登记在别人名下。"))
        return email

    def clean(self) -> dict[str, Any]:
        """The number must fit its type; a number that is known must belong to the same name."""
        cleaned = super().clean() or {}
        number, kind = cleaned.get("id_number"), cleaned.get("id_type", IdType.CITIZEN)
        if number:
            problem = identity_error(kind, number)
            if problem:
                self.add_error("id_number", problem)
            self.refuse_somebody_else(number, cleaned.get("name", ""))
        return cleaned

    def refuse_somebody_else(self, number: str, name: str) -> None:
        """A correction may not take over another person's number; a new row may meet its own person."""
        known = User.objects.filter(id_hash=lookup_hash("id", number)).first()
        if known is None or known == self.person:
            return
        if self.person is not None or known.name != name:
            self.add_error("id_number", _("这个证件号码已经登记在另一个人名下，请核对姓名和号码。"))

    def is_same_person(self, holder: User) -> bool:
        """Whether the holder of the phone is the person with the ID number typed above."""
        number = self.data.get(self.add_prefix("id_number"), "")
        return bool(number) and holder.id_hash == lookup_hash("id", tidy_number(number))

    def identity(self) -> Identity:
        """The cleaned values."""
        data = self.cleaned_data
        return Identity(data["name"], data["id_type"], data["id_number"], data["phone"], data["email"])


class EmploymentForm(forms.Form):
    """Where somebody works. Workshops, teams and posts that do not exist yet are made."""

    enterprise = forms.ModelChoiceField(label=gettext_lazy("单位"), queryset=Enterprise.objects.none())
    workshop = forms.CharField(label=gettext_lazy("车间/部门"), max_length=60, required=False)
    team = forms.CharField(label=gettext_lazy("班组"), max_length=60, required=False)
    post = forms.CharField(label=gettext_lazy("岗位"), max_length=60)
    trade = forms.CharField(label=gettext_lazy("工种"), max_length=60, required=False)
    employment_type = forms.ChoiceField(label=gettext_lazy("用工形式"), choices=EmploymentType.choices)
    employer_name = forms.CharField(
        label=gettext_lazy("派遣/外包单位"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("劳务派遣和外包人员写法律上的用人单位；人按用工单位统计。"),
    )
    categories = forms.ModelMultipleChoiceField(
        label=gettext_lazy("人员类别"), queryset=PersonnelCategory.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    started_on = forms.DateField(label=gettext_lazy("入职日期"), widget=DateInput)

    def __init__(self, *args: Any, enterprises: QuerySet[Enterprise], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        field = self.fields["enterprise"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = enterprises
        if enterprises.count() == 1:
            field.initial, field.empty_label = enterprises.get().pk, None
        self.fields["started_on"].initial = today

    def clean_started_on(self) -> date:
        """Not in the future."""
        day: date = self.cleaned_data["started_on"]
        if day > self.today:
            raise ValidationError(_("入职日期晚于今天。"))
        return day

    def clean(self) -> dict[str, Any]:
        """A team needs its workshop."""
        cleaned = super().clean() or {}
        if cleaned.get("team") and not cleaned.get("workshop"):
            self.add_error("workshop", _("写了班组，还要写它在哪个车间。"))
        return cleaned

    def place(self, enterprise: Enterprise) -> Place:
        """The cleaned values as rows; call inside the transaction of the action."""
        data = self.cleaned_data
        workshop, team, post = ensure_places(
            enterprise=enterprise, workshop=data["workshop"], team=data["team"], post=data["post"], trade=data["trade"]
        )
        return Place(
            enterprise=enterprise,
            workshop=workshop,
            team=team,
            post=post,
            trade=data["trade"],
            employment_type=data["employment_type"],
            employer_name=data["employer_name"],
        )


class EmploymentChangeForm(EmploymentForm):
    """The same without the enterprise; the date says from when the categories apply."""

    def __init__(self, *args: Any, employment: Employment, today: date, **kwargs: Any) -> None:
        super().__init__(
            *args, enterprises=Enterprise.objects.filter(pk=employment.enterprise_id), today=today, **kwargs
        )
        del self.fields["enterprise"]
        self.employment = employment
        self.fields["started_on"].label = _("人员类别从哪天起变")

    def clean_started_on(self) -> date:
        """Between the first day and today."""
        day = super().clean_started_on()
        if day < self.employment.started_on:
            raise ValidationError(_("早于入职日期 %(day)s。") % {"day": self.employment.started_on})
        return day


class LeaveForm(forms.Form):
    """The last day and why."""

    last_day = forms.DateField(label=gettext_lazy("最后一天上班"), widget=DateInput)
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200, min_length=2)

    def __init__(self, *args: Any, employment: Employment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.employment = employment

    def clean_last_day(self) -> date:
        """Not before the first day."""
        day: date = self.cleaned_data["last_day"]
        if day < self.employment.started_on:
            raise ValidationError(_("早于入职日期 %(day)s。") % {"day": self.employment.started_on})
        return day


class ReasonForm(forms.Form):
    """Why; kept in the audit log."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200, min_length=2)
