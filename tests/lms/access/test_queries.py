"""Standing and scope of the fixed characters."""

from datetime import date

from lms.access.queries import standing_of
from lms.organisations.models import Enterprise
from lms.people.models import Employment
from tests.conftest import Characters

TODAY = date(2026, 11, 24)


def names(person_id: int) -> set[str]:
    scope = standing_of(person_id, on=TODAY).scope
    return set(Employment.objects.within(scope).values_list("person__name", flat=True))


def test_scope_of_every_character(characters: Characters) -> None:
    own = {"薛桂芬", "初少华", "乔雨桐", "迟大勇", "矫秀兰"}
    other = {"綦明阳", "鞠传海"}
    expected = {
        "own_learner": set(),
        "teamless_colleague": set(),
        "other_learner": set(),
        "own_manager": own,
        "other_manager": other,
        "team_leader": {"薛桂芬"},
        "trainer": own,
        "town_supervisor": own,
        "other_town_supervisor": other,
        "sector_supervisor": own,
        "other_sector_supervisor": other,
        "editor": set(),
        "reviewer": set(),
        "auditor": own | other,
        "administrator": own | other,
    }
    assert {name: names(person.pk) for name, person in characters.everybody.items()} == expected


def test_region_prefix_does_not_reach_a_neighbour_with_a_longer_name(characters: Characters) -> None:
    scope = standing_of(characters.town_supervisor.pk, on=TODAY).scope
    assert scope.region_paths == ("/bailing/",)
    assert set(Enterprise.objects.within(scope)) == {characters.enterprise}
