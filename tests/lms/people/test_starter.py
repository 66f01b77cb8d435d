"""The starter register."""

from django.core.management import call_command

from lms.organisations.models import Industry
from lms.people.models import PersonnelCategory, PersonnelScheme
from lms.regulations.models import RuleValue


def test_loading_twice_adds_nothing_and_keeps_edits(db: None) -> None:
    call_command("load_register", verbosity=0)
    Industry.objects.filter(code="light").update(name="轻工业")
    RuleValue.objects.filter(code="exam.pass_percent").update(value=85)
    counts = [model.objects.count() for model in (Industry, PersonnelCategory, PersonnelScheme, RuleValue)]
    call_command("load_register", verbosity=0)
    assert counts == [model.objects.count() for model in (Industry, PersonnelCategory, PersonnelScheme, RuleValue)]
    assert Industry.objects.get(code="light").name == "轻工业"
    assert RuleValue.objects.get(code="exam.pass_percent").value == 85


def test_the_three_meanings_of_three_kinds_of_persons(db: None) -> None:
    call_command("load_register", verbosity=0)
    schemes = {
        scheme.code: {category.code for category in scheme.categories.all()} for scheme in PersonnelScheme.objects.all()
    }
    assert schemes == {
        "clause-11": {"principal", "safety_manager", "special_operator"},
        "clause-12": {"deputy_in_charge", "full_time_safety", "team_leader"},
        "construction": {"principal", "project_lead", "full_time_safety"},
    }
