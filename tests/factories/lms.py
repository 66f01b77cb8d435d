"""Real rows of the core: organisations, people, roles, outcomes, rules. Everybody is invented."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from lms.access.models import RoleAssignment
from lms.access.roles import Role
from lms.coverage.models import Outcome, OutcomeKind
from lms.kit.crypto import lookup_hash
from lms.kit.identifiers import id_check_digit, uscc_check_digit
from lms.organisations.models import Enterprise, Industry, Post, Region, SectorCommittee, Team, Workshop
from lms.people.models import (
    Employment,
    EmploymentCategory,
    EmploymentType,
    IdType,
    LicenceDeclaration,
    PersonnelCategory,
    PersonnelScheme,
    User,
)
from lms.regulations.models import RuleValue

PASSWORD = "Bailing-2026"
STARTED = date(2024, 1, 1)


def invented_id(number: int) -> str:
    """A citizen ID number of an unassigned area (99…) with a correct check digit; unique for 0 ≤ number < 400,000."""
    area, rest = divmod(number, 40_000)
    year, serial = divmod(rest, 1_000)
    first17 = f"99{area:04d}{1960 + year}0315{serial:03d}"
    return first17 + id_check_digit(first17)


def invented_phone(number: int) -> str:
    """A mobile number that is well formed and nobody's to rely on."""
    return f"199{number:08d}"


def invented_uscc(number: int) -> str:
    """A social credit code of an unassigned area with a correct check character."""
    first17 = f"91990101MA{number:07d}"
    return first17 + uscc_check_digit(first17)


class RegionFactory(DjangoModelFactory[Region]):
    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"region{n}")
    name = factory.Sequence(lambda n: f"岭东{n}村")
    parent = None
    path = factory.LazyAttribute(lambda row: f"{row.parent.path if row.parent else '/'}{row.code}/")


class SectorCommitteeFactory(DjangoModelFactory[SectorCommittee]):
    class Meta:
        model = SectorCommittee

    code = factory.Sequence(lambda n: f"committee-{n}")
    name = factory.Sequence(lambda n: f"第{n}专业安全生产委员会")


class IndustryFactory(DjangoModelFactory[Industry]):
    class Meta:
        model = Industry
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"industry-{n}")
    name = factory.Sequence(lambda n: f"行业{n}")


class EnterpriseFactory(DjangoModelFactory[Enterprise]):
    class Meta:
        model = Enterprise
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"柏岭第{n}机械有限公司")
    short_name = factory.Sequence(lambda n: f"柏岭{n}机械")
    code = factory.Sequence(lambda n: f"B{n:03d}")
    uscc = factory.Sequence(invented_uscc)
    region = factory.SubFactory(RegionFactory)
    sector_committee = factory.SubFactory(SectorCommitteeFactory)
    industry = factory.SubFactory(IndustryFactory)
    registered_on = date(2020, 1, 1)

    @factory.post_generation
    def industries(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """The main industry, and any further ones given."""
        if create:
            self.industries.set([self.industry, *(extracted or [])])  # type: ignore[attr-defined]


class WorkshopFactory(DjangoModelFactory[Workshop]):
    class Meta:
        model = Workshop

    enterprise = factory.SubFactory(EnterpriseFactory)
    name = factory.Sequence(lambda n: f"{n}号车间")


class TeamFactory(DjangoModelFactory[Team]):
    class Meta:
        model = Team

    workshop = factory.SubFactory(WorkshopFactory)
    name = factory.Sequence(lambda n: f"{n}班")


class PostFactory(DjangoModelFactory[Post]):
    class Meta:
        model = Post

    enterprise = factory.SubFactory(EnterpriseFactory)
    name = factory.Sequence(lambda n: f"{n}号岗")
    trade = "钳工"


class UserFactory(DjangoModelFactory[User]):
    """A person with staff number, invented ID number, phone and the password `PASSWORD`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"T{n:05d}")
    name = factory.Sequence(
        lambda n: "薛初綦迟矫鞠乔孟"[n % 8] + "桂少明大秀传雨庆"[n // 8 % 8] + "芬华阳勇兰海桐舟"[n // 64 % 8]
    )
    email = factory.LazyAttribute(lambda row: f"{row.username.lower()}@sanzhen.example")
    id_type = IdType.CITIZEN
    id_number = factory.Sequence(invented_id)
    phone = factory.Sequence(invented_phone)
    id_hash = factory.LazyAttribute(lambda row: lookup_hash("id", row.id_number) if row.id_number else None)
    phone_hash = factory.LazyAttribute(lambda row: lookup_hash("phone", row.phone) if row.phone else None)
    password = factory.django.Password(PASSWORD)


class EmploymentFactory(DjangoModelFactory[Employment]):
    class Meta:
        model = Employment

    person = factory.SubFactory(UserFactory)
    enterprise = factory.SubFactory(EnterpriseFactory)
    employment_type = EmploymentType.OWN
    started_on = STARTED


class PersonnelSchemeFactory(DjangoModelFactory[PersonnelScheme]):
    class Meta:
        model = PersonnelScheme
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"scheme-{n}")
    name = factory.Sequence(lambda n: f"第{n}套人员类别")
    source = "西政发〔2024〕20号 第11条"
    effective_from = date(2024, 1, 1)


class CategoryFactory(DjangoModelFactory[PersonnelCategory]):
    class Meta:
        model = PersonnelCategory
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"category-{n}")
    name = factory.Sequence(lambda n: f"人员类别{n}")

    @factory.post_generation
    def schemes(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """The schemes that the category belongs to."""
        if create and extracted:
            self.schemes.set(extracted)  # type: ignore[attr-defined]


PersonnelCategoryFactory = CategoryFactory


class EmploymentCategoryFactory(DjangoModelFactory[EmploymentCategory]):
    class Meta:
        model = EmploymentCategory

    employment = factory.SubFactory(EmploymentFactory)
    category = factory.SubFactory(CategoryFactory)
    valid_from = factory.SelfAttribute("employment.started_on")


class LicenceDeclarationFactory(DjangoModelFactory[LicenceDeclaration]):
    class Meta:
        model = LicenceDeclaration

    person = factory.SubFactory(UserFactory)
    trade_category = "焊接与热切割作业"
    number = factory.LazyAttribute(lambda row: f"T{row.person.id_number}")
    number_hash = factory.LazyAttribute(lambda row: lookup_hash("licence", row.number))
    valid_until = date(2028, 5, 31)
    declared_on = date(2026, 11, 1)


class RoleAssignmentFactory(DjangoModelFactory[RoleAssignment]):
    class Meta:
        model = RoleAssignment

    person = factory.SubFactory(UserFactory)
    role = Role.SAFETY_MANAGER
    enterprise = factory.Maybe(
        factory.LazyAttribute(lambda row: row.role in (Role.SAFETY_MANAGER, Role.TRAINER)),
        yes_declaration=factory.SubFactory(EnterpriseFactory),
        no_declaration=None,
    )
    valid_from = STARTED


class OutcomeFactory(DjangoModelFactory[Outcome]):
    class Meta:
        model = Outcome

    kind = OutcomeKind.COURSE_COMPLETED
    subject = "principals"
    title = "主要负责人安全生产培训"
    person = factory.SubFactory(UserFactory)
    achieved_at = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
    achieved_on = factory.LazyAttribute(lambda row: row.achieved_at.date())
    amount = Decimal("4.00")
    evidence = factory.Sequence(lambda n: f"tests.evidence:{n}")


class RuleValueFactory(DjangoModelFactory[RuleValue]):
    class Meta:
        model = RuleValue

    code = factory.Sequence(lambda n: f"test.rule_{n}")
    name = "规则"
    value = Decimal("1.00")
    unit = "次"
    source = "测试"
    effective_from = date(2024, 1, 1)
