"""A small register in which every number can be worked out by hand."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from lms.coverage.models import Outcome, OutcomeKind, Requirement, RequirementCategory, Target
from lms.coverage.queries import definition_of
from lms.coverage.yardstick import Definition
from lms.organisations.models import Enterprise, Industry, Region
from lms.organisations.scope import Scope
from lms.people.models import Employment, EmploymentCategory, PersonnelCategory, User
from tests.factories.lms import (
    CategoryFactory,
    EmploymentCategoryFactory,
    EmploymentFactory,
    EnterpriseFactory,
    IndustryFactory,
    OutcomeFactory,
    PersonnelSchemeFactory,
    RegionFactory,
    UserFactory,
)

TOWN = Scope(region_paths=("/bailing/",))


class Register:
    """Short words for making a register; days are given as `MM-DD` of 2026 or in full."""

    def __init__(self) -> None:
        self.region: Region = RegionFactory(code="bailing", name="柏岭镇")
        self.other_region: Region = RegionFactory(code="qinghe", name="清河镇")
        self.scheme = PersonnelSchemeFactory(code="clause-11", name="三类人员（行动方案第11条）")
        self.dust: Industry = IndustryFactory(code="dust", name="粉尘涉爆", kind="special")
        self.light: Industry = IndustryFactory(code="light", name="轻工")
        self.principal: PersonnelCategory = CategoryFactory(code="principal", name="主要负责人", schemes=[self.scheme])
        self.manager: PersonnelCategory = CategoryFactory(
            code="safety_manager", name="安全生产管理人员", schemes=[self.scheme]
        )
        self.requirement = self.require(2026)

    def day(self, text: str) -> date:
        return date.fromisoformat(text if len(text) == 10 else f"2026-{text}")

    def require(self, year: int, **changes: Any) -> Requirement:
        requirement = Requirement.objects.create(
            **{
                "code": f"clause-11-{year}",
                "name": f"{year} 年三类人员培训",
                "kind": Requirement.Kind.SCHEME,
                "year": year,
                "scheme": self.scheme,
                "outcome_kind": OutcomeKind.CERTIFICATE_HELD,
                "counts_from": date(year, 1, 1),
                "counts_until": date(year, 12, 31),
                "source": "西政发〔2024〕20号 第11条",
                **changes,
            }
        )
        for category, subject in ((self.principal, "principals"), (self.manager, "safety-managers")):
            RequirementCategory.objects.create(
                requirement=requirement, category=category, subjects=[subject], label=f"{category.name}培训合格证明"
            )
        Target.objects.create(requirement=requirement, due_on=date(year, 12, 31), percent=100, source="四个100%")
        return requirement

    def definition(self) -> Definition:
        return definition_of(Requirement.objects.select_related("scheme").get(pk=self.requirement.pk))

    def enterprise(self, name: str, *industries: Industry, **changes: Any) -> Enterprise:
        main, *more = industries or (self.light,)
        return EnterpriseFactory(
            name=f"柏岭{name}有限公司",
            short_name=name,
            region=changes.pop("region", self.region),
            industry=main,
            industries=more,
            registered_on=date(2020, 1, 1),
            **changes,
        )

    def employ(
        self,
        place: Enterprise,
        *categories: PersonnelCategory,
        person: User | None = None,
        since: str = "2024-01-01",
        until: str | None = None,
        **changes: Any,
    ) -> Employment:
        job = EmploymentFactory(
            person=person or UserFactory(),
            enterprise=place,
            started_on=self.day(since),
            ended_on=self.day(until) if until else None,
            **changes,
        )
        for category in categories:
            self.classify(job, category, since=since)
        return job

    def classify(
        self, job: Employment, category: PersonnelCategory, *, since: str, until: str | None = None
    ) -> EmploymentCategory:
        return EmploymentCategoryFactory(
            employment=job,
            category=category,
            valid_from=self.day(since),
            valid_until=self.day(until) if until else None,
        )

    def certify(self, person: User, subject: str, on: str, **changes: Any) -> Outcome:
        day = self.day(on)
        moment = datetime(day.year, day.month, day.day, 2, 0, tzinfo=UTC)
        for name in ("valid_until", "withdrawn_on"):
            if changes.get(name):
                changes[name] = self.day(changes[name])
        return OutcomeFactory(
            **{
                "kind": OutcomeKind.CERTIFICATE_HELD,
                "subject": subject,
                "title": "培训合格证明",
                "person": person,
                "achieved_at": moment,
                "achieved_on": day,
                **changes,
            }
        )


@pytest.fixture
def register(db: None) -> Register:
    """An empty register with one requirement: principals and safety managers, certificates of 2026."""
    return Register()


@pytest.fixture
def share(register: Register) -> Callable[..., tuple[int, int]]:
    """`share("06-30")` → (covered, eligible) of the whole town on that day."""
    from lms.coverage.counting import heat_map

    def count(on: str, scope: Scope = TOWN) -> tuple[int, int]:
        total = heat_map(register.definition().yardstick, on=register.day(on), scope=scope).total
        return total.covered, total.eligible

    return count
