"""Finding people and what somebody manages."""

from datetime import date

from django.db.models import QuerySet

from lms.access.models import RoleAssignment
from lms.access.queries import Standing
from lms.access.roles import Role
from lms.kit.crypto import lookup_hash
from lms.kit.identifiers import is_mobile
from lms.organisations.models import Enterprise
from lms.people.models import User


def person_signing_in(login: str) -> User | None:
    """The person meant by a staff number, phone or e-mail as typed, or None."""
    typed = login.strip()
    if not typed:
        return None
    if is_mobile(typed):
        return User.objects.filter(phone_hash=lookup_hash("phone", typed)).first()
    if "@" in typed:
        return User.objects.filter(email__iexact=typed).first()
    return User.objects.filter(username__iexact=typed).first()


def managed_enterprises(person_id: int, standing: Standing, *, on: date) -> QuerySet[Enterprise]:
    """The enterprises whose roster somebody keeps: all for an administrator, else as safety manager.

    Narrower than the scope: a trainer sees the roster but does not keep it.
    """
    if standing.holds(Role.ADMINISTRATOR):
        return Enterprise.objects.all()
    held = RoleAssignment.objects.valid_on(on).filter(person_id=person_id, role=Role.SAFETY_MANAGER)
    return Enterprise.objects.filter(pk__in=held.values("enterprise_id"))


def keeps_account_of(person: User, keeper_id: int, standing: Standing, *, on: date) -> bool:
    """Whether somebody may correct a person's numbers and take the password away.

    A safety manager may, unless the person also works elsewhere or holds a role beyond that enterprise:
    otherwise a manager could take over a supervisor's account.
    """
    if standing.holds(Role.ADMINISTRATOR):
        return True
    kept = set(managed_enterprises(keeper_id, standing, on=on).values_list("pk", flat=True))
    places = set(person.employments.on(on).values_list("enterprise_id", flat=True))
    roles = RoleAssignment.objects.valid_on(on).filter(person=person).values_list("enterprise_id", flat=True)
    return bool(places) and places <= kept and set(roles) <= kept
