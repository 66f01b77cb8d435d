"""The town's administration: accounts with roles, and the training that they assigned."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import count

from courses.catalogue.actions import Reach, assign
from courses.catalogue.models import Course
from lms.access.actions import grant_role
from lms.access.roles import Role
from lms.organisations.models import Enterprise, Industry
from lms.people.models import PersonnelCategory, User
from lms.town.audiences import meant_by
from lms.town.blueprint import HISTORY_STARTS
from lms.town.calendar import at
from lms.town.characters import OFFICIALS
from lms.town.geography import Area
from lms.town.names import citizen_id, phone

FIRST_NUMBER = 4_400_000  # of people; far above those of the enterprises


def write_officials(area: Area, *, password: str) -> dict[Role, User]:
    """Accounts and roles; returns the holders by role."""
    found: dict[Role, User] = {}
    for official, number in zip(OFFICIALS, count(FIRST_NUMBER), strict=False):
        character = official.character
        person = User(username=character.number, name=character.name, password=password)
        born = date(1975 + number % 17, 1 + number % 12, 3)
        id_number = citizen_id(number, born, female=character.female)
        person.set_identity(id_type=person.id_type, id_number=id_number, phone=phone(number))
        person.is_staff = person.is_superuser = official.role == Role.ADMINISTRATOR
        person.save()
        grant_role(
            person=person,
            role=official.role,
            by=None,
            now=at(HISTORY_STARTS, 8, 30),
            valid_from=HISTORY_STARTS,
            region=area.town if official.role == Role.TOWN_SUPERVISOR else None,
            committee=area.committees.get(official.committee),
        )
        found[official.role] = person
    return found


def assign_courses(*, by: User) -> None:
    """Who has to learn what, every year."""
    categories = {row.code: row for row in PersonnelCategory.objects.all()}
    industries = {row.code: row for row in Industry.objects.all()}
    for course in Course.objects.order_by("position"):
        for rule in meant_by(course.code):
            assign(
                course=course,
                reach=Reach(
                    category=categories[rule.category], industry=industries[rule.industry] if rule.industry else None
                ),
                due_on=None,
                required=True,
                by=by,
                now=at(HISTORY_STARTS, 9),
            )


def assign_to_posts(code: str, enterprise: Enterprise, posts: Sequence[str], *, by: User, now: datetime) -> None:
    """A course for some posts of one enterprise."""
    course = Course.objects.get(code=code)
    for post in enterprise.posts.filter(name__in=posts).order_by("pk"):
        reach = Reach(enterprise=enterprise, post=post)
        assign(course=course, reach=reach, due_on=None, required=True, by=by, now=now)
