"""Granting and ending roles."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.access.roles import Role
from lms.organisations.models import Enterprise, Region, SectorCommittee, Team
from lms.people.models import Employment, User
from lms.people.queries import person_signing_in
from lms.people.staff_forms import DateInput

MANAGERS_GRANT = (Role.TEAM_LEADER, Role.TRAINER)
PLACES_NEEDED = {
    Role.SAFETY_MANAGER: ("enterprise",),
    Role.TRAINER: ("enterprise",),
    Role.TEAM_LEADER: ("enterprise", "team"),
    Role.TOWN_SUPERVISOR: ("region",),
    Role.SECTOR_COMMITTEE: ("committee",),
}


class RoleForm(forms.Form):
    """Who gets which role where. A safety manager grants two roles inside the own enterprise only."""

    number = forms.CharField(label=gettext_lazy("工号、手机号或邮箱"), max_length=60)
    role = forms.ChoiceField(label=gettext_lazy("角色"))
    enterprise = forms.ModelChoiceField(label=gettext_lazy("单位"), queryset=Enterprise.objects.none(), required=False)
    team = forms.ModelChoiceField(label=gettext_lazy("班组"), queryset=Team.objects.none(), required=False)
    region = forms.ModelChoiceField(label=gettext_lazy("属地"), queryset=Region.objects.none(), required=False)
    committee = forms.ModelChoiceField(
        label=gettext_lazy("专委会"), queryset=SectorCommittee.objects.none(), required=False
    )
    valid_from = forms.DateField(label=gettext_lazy("从哪天起"), widget=DateInput)

    def __init__(
        self, *args: Any, enterprises: QuerySet[Enterprise], everything: bool, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.everything, self.enterprises = everything, enterprises
        self.person: User | None = None
        roles = [role for role in Role if role != Role.LEARNER] if everything else MANAGERS_GRANT
        self.choose("role").choices = [(role.value, role.label) for role in roles]
        self.pick("enterprise").queryset = enterprises
        if enterprises.count() == 1:
            self.pick("enterprise").empty_label, self.fields["enterprise"].initial = None, enterprises.get().pk
        self.pick("team").empty_label = _("不是班组长就不用选")
        teams = Team.objects.filter(workshop__enterprise__in=enterprises).select_related("workshop")
        self.pick("team").queryset = teams
        self.pick("team").label_from_instance = lambda team: f"{team.workshop.name} · {team.name}"  # type: ignore[method-assign]
        if everything:
            self.pick("region").queryset = Region.objects.all()
            self.pick("committee").queryset = SectorCommittee.objects.all()
        else:
            del self.fields["region"], self.fields["committee"]
        self.fields["valid_from"].initial = today

    def choose(self, name: str) -> forms.ChoiceField:
        """A field with fixed choices."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def pick(self, name: str) -> Any:
        """A field that chooses a row."""
        return self.fields[name]

    def clean_number(self) -> str:
        """Somebody whom the asker may name."""
        person = person_signing_in(self.cleaned_data["number"])
        if person and not self.everything:
            on_roster = Employment.objects.filter(person=person, enterprise__in=self.enterprises, ended_on__isnull=True)
            person = person if on_roster.exists() else None
        if person is None:
            raise ValidationError(_("花名册里没有这个人，请核对工号。"))
        self.person = person
        return str(self.cleaned_data["number"])

    def clean(self) -> dict[str, Any]:
        """The place that the role needs."""
        cleaned = super().clean() or {}
        role = Role(cleaned["role"]) if cleaned.get("role") else None
        if role is None:
            return cleaned
        team = cleaned.get("team")
        if role == Role.TEAM_LEADER and team:
            cleaned["enterprise"] = team.workshop.enterprise
        for name in PLACES_NEEDED.get(role, ()):
            if not cleaned.get(name) and not self.has_error(name):
                self.add_error(name, _("这个角色要选%(place)s。") % {"place": self.fields[name].label})
        return cleaned

    def places(self) -> dict[str, Any]:
        """The place arguments of `grant_role`; places that the role does not need are dropped."""
        needed = PLACES_NEEDED.get(Role(self.cleaned_data["role"]), ())
        return {name: self.cleaned_data.get(name) for name in needed}
