"""Writing places: regions, committees, enterprises with workshops, teams and posts."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.organisations.models import Enterprise, Industry, Post, Region, SectorCommittee, Team, Workshop
from lms.town.blueprint import EnterprisePlan
from lms.town.names import starter
from lms.town.people import Job

DUTIES = (
    "遵守本岗位安全操作规程，正确佩戴劳动防护用品；开工前检查设备和现场，发现隐患立即报告；"
    "不违章作业，有权拒绝违章指挥。"
)


@dataclass(frozen=True, slots=True)
class Area:
    """The town's regions and committees by code; `town` is the root."""

    town: Region
    regions: dict[str, Region]
    committees: dict[str, SectorCommittee]


def write_area() -> Area:
    """Town, villages and parks, sector committees."""
    data = starter("enterprises")
    code, name = data["town"]["code"], data["town"]["name"]
    town = Region.objects.create(code=code, name=name, path=f"/{code}/")
    regions = Region.objects.bulk_create(
        Region(code=row["code"], name=row["name"], parent=town, path=f"/{code}/{row['code']}/")
        for row in data["region"]
    )
    committees = SectorCommittee.objects.bulk_create(
        SectorCommittee(code=row["code"], name=row["name"]) for row in data["committee"]
    )
    return Area(town, {row.code: row for row in regions}, {row.code: row for row in committees})


def write_enterprises(plans: Sequence[EnterprisePlan], area: Area) -> list[Enterprise]:
    """The register, each enterprise with its industries and special fields."""
    industries = {industry.code: industry for industry in Industry.objects.all()}
    rows = Enterprise.objects.bulk_create(
        Enterprise(
            name=plan.name,
            short_name=plan.short,
            code=plan.code,
            uscc=plan.uscc,
            region=area.regions[plan.region],
            sector_committee=area.committees[plan.committee],
            industry=industries[plan.industry],
            registered_on=plan.registered_on,
        )
        for plan in plans
    )
    link = Enterprise.industries.through
    link.objects.bulk_create(
        link(enterprise_id=row.pk, industry_id=industries[code].pk)
        for plan, row in zip(plans, rows, strict=True)
        for code in plan.industries
    )
    return rows


@dataclass(frozen=True, slots=True)
class Places:
    """The workshops, teams and posts of some enterprises: (enterprise id, name …) → row."""

    workshops: dict[tuple[int, str], Workshop]
    teams: dict[tuple[int, str, str], Team]
    posts: dict[tuple[int, str], Post]


def write_places(staffed: Sequence[tuple[Enterprise, Sequence[Job]]]) -> Places:
    """Every workshop, team and post that somebody works in."""
    shops, crews, posts = wanted_places(staffed)
    rooms = Workshop.objects.bulk_create(Workshop(enterprise_id=key[0], name=key[1]) for key in shops)
    workshops = dict(zip(shops, rooms, strict=True))
    teams = Team.objects.bulk_create(Team(workshop=workshops[key[:2]], name=key[2]) for key in crews)
    jobs = Post.objects.bulk_create(
        Post(enterprise_id=key[0], name=key[1], trade=trade, duties=DUTIES) for key, trade in posts.items()
    )
    return Places(workshops, dict(zip(crews, teams, strict=True)), dict(zip(posts, jobs, strict=True)))


def wanted_places(
    staffed: Sequence[tuple[Enterprise, Sequence[Job]]],
) -> tuple[list[tuple[int, str]], list[tuple[int, str, str]], dict[tuple[int, str], str]]:
    """The keys of workshops, teams and posts (with trade), each once, in order of appearance."""
    shops: dict[tuple[int, str], None] = {}
    crews: dict[tuple[int, str, str], None] = {}
    posts: dict[tuple[int, str], str] = {}
    for enterprise, jobs in staffed:
        for job in jobs:
            shops.setdefault((enterprise.pk, job.workshop))
            posts.setdefault((enterprise.pk, job.post), job.trade)
            if job.team:
                crews.setdefault((enterprise.pk, job.workshop, job.team))
    return list(shops), list(crews), posts
