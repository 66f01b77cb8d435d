"""Granting and ending roles."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext

from lms.access.models import RoleAssignment
from lms.access.roles import EDITING_ROLES, Role
from lms.audit.actions import record
from lms.organisations.models import Enterprise, Region, SectorCommittee, Team

if TYPE_CHECKING:
    from lms.people.models import User

# Roles that Wagtail knows as groups of the same name.
GROUP_ROLES = EDITING_ROLES | {Role.ADMINISTRATOR}


@transaction.atomic
def grant_role(
    *,
    person: "User",
    role: Role,
    by: "User | None",
    now: datetime,
    valid_from: date,
    enterprise: Enterprise | None = None,
    team: Team | None = None,
    region: Region | None = None,
    committee: SectorCommittee | None = None,
) -> RoleAssignment:
    """Give a role from a day on; repeating it changes nothing."""
    place: dict[str, Any] = {"enterprise": enterprise, "team": team, "region": region, "committee": committee}
    assignment = RoleAssignment.objects.filter(person=person, role=role, valid_until=None, **place).first()
    created = assignment is None
    if assignment is None:  # one that ended and begins again on the same day is opened again
        assignment, _ = RoleAssignment.objects.update_or_create(
            person=person, role=role, valid_from=valid_from, **place, defaults={"valid_until": None}
        )
    if role in GROUP_ROLES:
        person.groups.add(Group.objects.get_or_create(name=role.value)[0])
    if created:
        record(
            action="role.granted",
            by=by,
            now=now,
            target=assignment,
            enterprise_id=enterprise.pk if enterprise else None,
            detail={"person": person.pk, "role": role.value},
        )
    return assignment


class LastAdministrator(Exception):
    """Somebody must stay who can grant roles."""

    @staticmethod
    def words() -> str:
        """What to tell the person who tried."""
        return gettext("这是最后一个系统管理员，先给别人这个角色，再撤销。")


@transaction.atomic
def end_role(*, assignment: RoleAssignment, by: "User", now: datetime, last_day: date, reason: str) -> None:
    """End a role after `last_day`; the history stays."""
    if assignment.role == Role.ADMINISTRATOR and not (
        RoleAssignment.objects.valid_on(last_day + timedelta(days=1))
        .filter(role=Role.ADMINISTRATOR, person__is_active=True)
        .exclude(pk=assignment.pk)
        .exists()
    ):
        raise LastAdministrator
    assignment.valid_until = max(last_day, assignment.valid_from - timedelta(days=1))
    assignment.save(update_fields=["valid_until"])
    if assignment.role in GROUP_ROLES:
        assignment.person.groups.remove(*Group.objects.filter(name=assignment.role))
    record(
        action="role.ended",
        by=by,
        now=now,
        target=assignment,
        enterprise_id=assignment.enterprise_id,
        reason=reason,
        detail={"person": assignment.person_id, "role": assignment.role},
    )
