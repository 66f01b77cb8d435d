"""From role assignments to a scope."""

from dataclasses import dataclass
from datetime import date

from lms.access.models import RoleAssignment
from lms.access.roles import Role
from lms.organisations.scope import Scope


@dataclass(frozen=True, slots=True)
class Standing:
    """What a signed-in person may be: the roles in force and the scope they add up to."""

    roles: frozenset[str]
    scope: Scope

    def holds(self, *roles: Role) -> bool:
        """Whether at least one of the roles is in force."""
        return any(role in self.roles for role in roles)


def standing_of(person_id: int, *, on: date) -> Standing:
    """Roles and scope of a person on a day; one query."""
    rows = list(
        RoleAssignment.objects.valid_on(on)
        .filter(person_id=person_id)
        .values_list("role", "enterprise_id", "team_id", "region__path", "committee_id")
    )
    roles = frozenset({Role.LEARNER.value, *(row[0] for row in rows)})
    return Standing(
        roles=roles,
        scope=Scope(
            person_id=person_id,
            everything=bool(roles & {Role.ADMINISTRATOR, Role.AUDITOR}),
            region_paths=tuple(row[3] for row in rows if row[0] == Role.TOWN_SUPERVISOR),
            committee_ids=tuple(row[4] for row in rows if row[0] == Role.SECTOR_COMMITTEE),
            enterprise_ids=tuple(row[1] for row in rows if row[0] in (Role.SAFETY_MANAGER, Role.TRAINER)),
            team_ids=tuple(row[2] for row in rows if row[0] == Role.TEAM_LEADER),
        ),
    )
