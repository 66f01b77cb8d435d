"""Fixtures for all tests: the fixed characters, signed-in browsers, the starter rules."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from lms.access.actions import GROUP_ROLES
from lms.access.roles import Role
from lms.organisations.models import Enterprise, Industry, Post, Region, SectorCommittee, Team
from lms.people.models import Employment, PersonnelCategory, User
from lms.regulations.actions import load_rules
from lms.regulations.starter import starter_rules
from tests.factories.lms import (
    CategoryFactory,
    EmploymentCategoryFactory,
    EmploymentFactory,
    EnterpriseFactory,
    IndustryFactory,
    LicenceDeclarationFactory,
    OutcomeFactory,
    PersonnelSchemeFactory,
    PostFactory,
    RegionFactory,
    RoleAssignmentFactory,
    SectorCommitteeFactory,
    TeamFactory,
    UserFactory,
    WorkshopFactory,
)

# How long an example takes says nothing on a busy machine; times belong to tests/bench. The same examples each time:
# a suite that fails by chance stops somebody else; `./run fuzz` looks for new ones.
hypothesis_settings.register_profile(
    "calm", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("calm")


@dataclass(frozen=True)
class Characters:
    """Two towns, two enterprises, and everybody who may or may not look at them.

    `own_…` belongs to `enterprise` (region /bailing/east/, `committee`), `other_…` to `other_enterprise`
    (region /qinghe/, `other_committee`). Both learners have an outcome, a category and a licence declaration,
    so there is something that could leak.
    """

    region: Region
    other_region: Region
    committee: SectorCommittee
    other_committee: SectorCommittee
    industry: Industry
    category: PersonnelCategory
    enterprise: Enterprise
    other_enterprise: Enterprise
    team: Team
    other_team: Team  # of the same enterprise
    post: Post
    own_employment: Employment
    other_employment: Employment
    own_learner: User
    teamless_colleague: User  # same enterprise, another team
    other_learner: User
    own_manager: User
    other_manager: User
    team_leader: User
    trainer: User
    town_supervisor: User
    other_town_supervisor: User
    sector_supervisor: User
    other_sector_supervisor: User
    editor: User
    reviewer: User
    auditor: User
    administrator: User

    @property
    def everybody(self) -> dict[str, User]:
        """All people by the name of their part."""
        return {name: value for name, value in vars(self).items() if isinstance(value, User)}


def employed(
    enterprise: Enterprise,
    *,
    name: str,
    category: PersonnelCategory,
    team: Team | None = None,
    post: Post | None = None,
) -> Employment:
    """A person at work with a category, an outcome and a declared licence."""
    employment = EmploymentFactory(
        person__name=name, enterprise=enterprise, team=team, workshop=team.workshop if team else None, post=post
    )
    EmploymentCategoryFactory(employment=employment, category=category)
    OutcomeFactory(person=employment.person, employment=employment, enterprise=enterprise)
    LicenceDeclarationFactory(person=employment.person)
    return employment


def holder(name: str, role: Role, **place: object) -> User:
    """A person who is nothing but the holder of a role."""
    person = UserFactory(name=name)
    RoleAssignmentFactory(person=person, role=role, **place)
    if role in GROUP_ROLES:
        person.groups.add(Group.objects.get_or_create(name=role.value)[0])
    return person


def cast() -> Characters:
    """Write the fixed characters, all with data."""
    region = RegionFactory(code="bailing", name="柏岭镇")
    village = RegionFactory(code="east", name="岭东村", parent=region)
    other_region = RegionFactory(code="qinghe", name="清河镇")
    committee = SectorCommitteeFactory(code="industry-trade", name="工贸专委会")
    other_committee = SectorCommitteeFactory(code="fire", name="消防专委会")
    industry = IndustryFactory(code="machinery", name="机械")
    scheme = PersonnelSchemeFactory(code="clause-11", name="三类人员")
    category = CategoryFactory(code="frontline", name="一线从业人员", schemes=[scheme])
    enterprise = EnterpriseFactory(
        name="柏岭恒丰机械有限公司",
        short_name="恒丰机械",
        code="HF",
        region=village,
        sector_committee=committee,
        industry=industry,
    )
    other_enterprise = EnterpriseFactory(
        name="清河兴源机械有限公司",
        short_name="兴源机械",
        code="XY",
        region=other_region,
        sector_committee=other_committee,
        industry=industry,
    )
    workshop = WorkshopFactory(enterprise=enterprise, name="焊接车间")
    team, other_team = TeamFactory(workshop=workshop, name="甲班"), TeamFactory(workshop=workshop, name="乙班")
    post = PostFactory(enterprise=enterprise, name="焊工", trade="电焊工")
    own = employed(enterprise, name="薛桂芬", category=category, team=team, post=post)
    colleague = employed(enterprise, name="初少华", category=category, team=other_team, post=post)
    other = employed(other_enterprise, name="綦明阳", category=category)
    manager, leader, trainer, other_manager = (
        employed(place, name=name, category=category).person
        for place, name in [
            (enterprise, "乔雨桐"),
            (enterprise, "迟大勇"),
            (enterprise, "矫秀兰"),
            (other_enterprise, "鞠传海"),
        ]
    )
    for person, role, place in [
        (manager, Role.SAFETY_MANAGER, enterprise),
        (trainer, Role.TRAINER, enterprise),
        (other_manager, Role.SAFETY_MANAGER, other_enterprise),
    ]:
        RoleAssignmentFactory(person=person, role=role, enterprise=place)
    RoleAssignmentFactory(person=leader, role=Role.TEAM_LEADER, enterprise=enterprise, team=team)
    return Characters(
        region=region,
        other_region=other_region,
        committee=committee,
        other_committee=other_committee,
        industry=industry,
        category=category,
        enterprise=enterprise,
        other_enterprise=other_enterprise,
        team=team,
        other_team=other_team,
        post=post,
        own_employment=own,
        other_employment=other,
        own_learner=own.person,
        teamless_colleague=colleague.person,
        other_learner=other.person,
        own_manager=manager,
        other_manager=other_manager,
        team_leader=leader,
        trainer=trainer,
        town_supervisor=holder("孟庆舟", Role.TOWN_SUPERVISOR, region=region),
        other_town_supervisor=holder("孟少舟", Role.TOWN_SUPERVISOR, region=other_region),
        sector_supervisor=holder("迟明桐", Role.SECTOR_COMMITTEE, committee=committee),
        other_sector_supervisor=holder("迟秀桐", Role.SECTOR_COMMITTEE, committee=other_committee),
        editor=holder("乔庆阳", Role.EDITOR),
        reviewer=holder("乔传阳", Role.REVIEWER),
        auditor=holder("初庆兰", Role.AUDITOR),
        administrator=holder("薛明海", Role.ADMINISTRATOR),
    )


@pytest.fixture
def characters(db: None) -> Characters:
    """The fixed characters, all with data."""
    return cast()


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """`client_of(user)`: a browser in which that person is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return sign_in


@pytest.fixture
def rules(db: None) -> None:
    """The numbers of `lms/starter/rules.toml`."""
    load_rules(rows=starter_rules())


@pytest.fixture(autouse=True)
def no_limits_left_over() -> None:
    """Rate limits and locks live in the cache: each test starts with an empty one."""
    cache.clear()


@pytest.fixture(autouse=True)
def chinese_to_begin_with() -> None:
    """A request in English leaves its language behind in the thread; the next test starts in Chinese again."""
    translation.activate(settings.LANGUAGE_CODE)
