"""Coverage pages on an invented register: server time of overview, list and enterprise page at several sizes.

`python -m tests.bench coverage` (PostgreSQL 10 k and 100 k persons, SQLite 10 k). Scratch databases, removed at
the end. The floor is a signed-in page without counting (the list of jobs) on the same database.
"""

import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[2]
POSTGRES = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
TODAY = date(2026, 11, 24)
SURNAMES = "滕解隋逄姜于宫仲薛卞栾辛孟邵曲郝林乔初綦迟矫鞠丛牟衣"
GIVEN = [
    "国梁",
    "永年",
    "春玲",
    "海涛",
    "佳宁",
    "得水",
    "照民",
    "崇义",
    "桂芬",
    "晓峰",
    "玉梅",
    "建国",
    "庆舟",
    "文静",
    "振东",
    "立强",
]
BRANDS = [
    "金石",
    "兴隆",
    "东岭",
    "云桥",
    "百味居",
    "德盛",
    "恒丰",
    "柏建",
    "鑫筑",
    "顺达",
    "福源",
    "长青",
    "海川",
    "永固",
    "华泰",
    "同兴",
]
KINDS = {
    "metallurgy": "铸造",
    "machinery": "机械",
    "light": "木业",
    "textile": "纺织",
    "commerce": "商贸",
    "hazchem": "化工",
    "construction": "建安",
    "transport": "物流",
    "gas": "燃气",
    "catering": "餐饮",
    "building-materials": "建材",
}
SPECIALS = {
    "light": "dust",
    "metallurgy": "confined-space",
    "catering": "ammonia",
    "hazchem": "confined-space",
    "textile": "dust",
    "building-materials": "confined-space",
}
CERTIFICATES = {
    "principal": ("principals", "主要负责人安全生产培训"),
    "safety_manager": ("safety-managers", "安全管理人员培训"),
    "special_operator": ("electric-welding", "电气焊作业培训"),
}


def main() -> None:
    """All sizes, one process each so that nothing is warm; then the table."""
    rows = [
        measured("SQLite", 10_000),
        measured("PostgreSQL", 10_000),
        measured("PostgreSQL", 100_000),
    ]
    names = ["floor", "overview", "trend", "list", "enterprise"]
    print(f"{'database':12}{'persons':>9}" + "".join(f"{name:>20}" for name in names))
    for row in rows:
        cells = "".join(f"{row['times'][name]:>11.1f} ms /{row['queries'][name]:>3} q" for name in names)
        print(f"{row['engine']:12}{row['persons']:>9}{cells}")
    small, large = rows[1]["times"], rows[2]["times"]
    growth = {name: math.log10(large[name] / small[name]) for name in names}
    print("exponent, PostgreSQL 10 k → 100 k: " + ", ".join(f"{name} {value:.2f}" for name, value in growth.items()))


def measured(engine: str, persons: int) -> dict[str, Any]:
    """One run in a fresh process on a scratch database."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "SANZHEN_ENV": "test",
            "VAR_DIR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
        }
        scratch = f"sanzhen_bench_coverage_{os.getpid()}"
        if engine == "PostgreSQL":
            administer(f"CREATE DATABASE {scratch}")
            parts = urlsplit(POSTGRES)
            environment["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{scratch}"))
        try:
            done = subprocess.run(
                [sys.executable, "-c", f"from tests.bench.coverage import run; run({persons})"],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            if engine == "PostgreSQL":
                administer(f"DROP DATABASE IF EXISTS {scratch} WITH (FORCE)")
    if done.returncode:
        raise SystemExit(done.stderr)
    return {"engine": engine, "persons": persons, **json.loads(done.stdout.splitlines()[-1])}


def administer(statement: str) -> None:
    """A statement outside any transaction."""
    import psycopg

    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(statement)


def run(persons: int) -> None:
    """In the fresh process: migrate, build, measure, print the figures as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    supervisor, enterprise = build(persons)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    pages = {
        "floor": "/jobs/",
        "overview": f"/coverage/?on={TODAY}",
        "trend": f"/coverage/trend/?on={TODAY}",
        "list": f"/coverage/people/?on={TODAY}",
        "enterprise": f"/coverage/enterprises/{enterprise}/?on={TODAY}",
    }
    times, queries = {}, {}
    for name, address in pages.items():
        times[name], queries[name] = time_of(supervisor, address)
    print(json.dumps({"times": times, "queries": queries}))


def time_of(person: Any, address: str, *, runs: int = 15) -> tuple[float, int]:
    """Best of several runs of a request in this process, in milliseconds, and its number of queries."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address}: {response.status_code}")
    queries = len(captured)
    taken = []
    for _ in range(runs):
        started = time.perf_counter()
        client.get(address)
        taken.append((time.perf_counter() - started) * 1000)
    return min(taken), queries


def build(persons: int, *, seed: int = 7) -> tuple[Any, int]:
    """An invented town of that many people with two years of history; returns its supervisor and an enterprise."""
    from django.core.management import call_command

    from lms.access.models import RoleAssignment
    from lms.access.roles import Role
    from lms.organisations.models import Region, SectorCommittee
    from lms.people.models import User

    chance = random.Random(seed)
    call_command("load_register", verbosity=0)
    call_command("load_requirements", verbosity=0)
    town = Region.objects.create(code="bailing", name="柏岭镇", path="/bailing/")
    regions = [
        Region.objects.create(code=f"v{n}", name=f"岭东{n}村", parent=town, path=f"/bailing/v{n}/") for n in range(9)
    ]
    committees = [SectorCommittee.objects.create(code=f"c{n}", name=f"第{n}专委会") for n in range(4)]
    enterprises = add_enterprises(max(3, persons // 60), regions, committees, chance)
    add_people(persons, enterprises, chance)
    supervisor = User.objects.create(username="T0001", name="林致远", password="!")
    RoleAssignment.objects.create(
        person=supervisor, role=Role.TOWN_SUPERVISOR, region=town, valid_from=date(2024, 1, 1)
    )
    return supervisor, enterprises[0].pk


def add_enterprises(number: int, regions: list[Any], committees: list[Any], chance: random.Random) -> list[Any]:
    """Enterprises in several industries, some with special fields, some closed."""
    from lms.organisations.models import Enterprise, Industry

    industries = {row.code: row for row in Industry.objects.all()}
    rows = []
    for n in range(number):
        code = chance.choice(list(KINDS))
        name = f"{chance.choice(BRANDS)}{n // len(BRANDS) or ''}{KINDS[code]}"
        rows.append(
            Enterprise(
                name=f"柏岭{name}有限公司",
                short_name=name,
                code=f"B{n:05d}",
                uscc=f"91990101MA{n:08d}"[:18],
                region=chance.choice(regions),
                sector_committee=chance.choice(committees),
                industry=industries[code],
                registered_on=date(2018, 1, 1) + timedelta(days=chance.randrange(2600)),
                closed_on=date(2025, 12, 1) + timedelta(days=n % 300) if chance.random() < 0.03 else None,
            )
        )
    Enterprise.objects.bulk_create(rows, batch_size=2000)
    through = Enterprise.industries.through
    links = [through(enterprise_id=row.pk, industry_id=row.industry_id) for row in rows]
    for row in rows:
        special = SPECIALS.get(row.industry.code)
        if special and chance.random() < 0.7:
            links.append(through(enterprise_id=row.pk, industry_id=industries[special].pk))
    through.objects.bulk_create(links, batch_size=2000)
    return rows


def add_people(number: int, enterprises: list[Any], chance: random.Random) -> None:
    """People with categories and outcomes; every enterprise has its own habits."""
    from lms.people.models import PersonnelCategory, User

    categories = {row.code: row.pk for row in PersonnelCategory.objects.all()}
    habits = [0.0 if chance.random() < 0.05 else min(1.0, chance.betavariate(5, 1.2)) for _ in enterprises]
    for start in range(0, number, 5000):
        batch = range(start, min(number, start + 5000))
        people = User.objects.bulk_create(
            User(username=f"P{n:07d}", name=chance.choice(SURNAMES) + chance.choice(GIVEN), password="!") for n in batch
        )
        places = [n % len(enterprises) for n in batch]
        roles = [role_of(n // len(enterprises), chance) for n in batch]
        jobs = add_employments(people, [enterprises[i] for i in places], chance)
        add_periods(jobs, roles, categories, chance)
        add_outcomes(zip(people, jobs, roles, [habits[i] for i in places], strict=True), chance)


def role_of(rank: int, chance: random.Random) -> str:
    """The first of an enterprise is its principal, then the deputy and the safety manager."""
    if rank < 3:
        return ("principal", "safety_manager", "deputy_in_charge")[rank]
    return chance.choices(
        ["safety_manager", "special_operator", "team_leader", "full_time_safety", "frontline"], [2, 9, 8, 2, 79]
    )[0]


def add_employments(people: list[Any], places: list[Any], chance: random.Random) -> list[Any]:
    """One employment each, some ended, some dispatched, a few with a second one elsewhere."""
    from lms.people.models import Employment, EmploymentType

    rows = []
    for person, place in zip(people, places, strict=True):
        started = max(place.registered_on, date(2020, 1, 1)) + timedelta(days=chance.randrange(1500))
        ended = date(2025, 1, 1) + timedelta(days=chance.randrange(690)) if chance.random() < 0.1 else None
        rows.append(
            Employment(
                person=person,
                enterprise=place,
                started_on=min(started, date(2026, 10, 1)),
                ended_on=ended if ended and ended > started else None,
                trade="电焊工",
                employment_type=EmploymentType.DISPATCHED if chance.random() < 0.08 else EmploymentType.OWN,
            )
        )
    Employment.objects.bulk_create(rows, batch_size=2000)
    second = [
        Employment(person=row.person, enterprise=places[index - 1], started_on=date(2026, 1, 1))
        for index, row in enumerate(rows)
        if chance.random() < 0.01 and places[index - 1].pk != row.enterprise_id
    ]
    Employment.objects.bulk_create(second, batch_size=2000)
    return rows


def add_periods(jobs: list[Any], roles: list[str], categories: dict[str, int], chance: random.Random) -> None:
    """One category each, some changed in the middle of 2026."""
    from lms.people.models import EmploymentCategory

    rows = []
    for job, role in zip(jobs, roles, strict=True):
        changed = date(2026, 6, 30) if chance.random() < 0.03 and job.started_on < date(2026, 6, 1) else None
        rows.append(
            EmploymentCategory(
                employment=job, category_id=categories[role], valid_from=job.started_on, valid_until=changed
            )
        )
        if changed:
            rows.append(
                EmploymentCategory(
                    employment=job, category_id=categories["team_leader"], valid_from=changed + timedelta(days=1)
                )
            )
    EmploymentCategory.objects.bulk_create(rows, batch_size=2000)


def add_outcomes(people: Iterable[tuple[Any, Any, str, float]], chance: random.Random) -> None:
    """A certificate a year for those who need one, a course for the others, by the habits of the enterprise."""
    from lms.coverage.models import Outcome, OutcomeKind

    rows = []
    for person, job, role, habit in people:
        for year in (2024, 2025, 2026):
            if job.started_on.year > year or chance.random() > habit * (0.75, 0.92, 0.95)[year - 2024]:
                continue
            day = max(date(year, 1, 10) + timedelta(days=chance.randrange(330)), job.started_on)
            subject, title = CERTIFICATES.get(role, ("confined-space", "有限空间作业"))
            moment = datetime(day.year, day.month, day.day, 2, 0, tzinfo=UTC)
            valid = day + timedelta(days=chance.choices([364, 60], [97, 3])[0])
            for kind in (OutcomeKind.COURSE_COMPLETED, OutcomeKind.EXAM_PASSED, OutcomeKind.CERTIFICATE_HELD):
                if kind != OutcomeKind.CERTIFICATE_HELD or role in CERTIFICATES:
                    rows.append(
                        Outcome(
                            kind=kind,
                            subject=subject,
                            title=title,
                            person=person,
                            employment=job,
                            enterprise_id=job.enterprise_id,
                            achieved_at=moment,
                            achieved_on=day,
                            valid_until=valid if kind == OutcomeKind.CERTIFICATE_HELD else None,
                            evidence=f"bench.{kind}:{person.pk}-{year}",
                            withdrawn_on=day + timedelta(days=40) if chance.random() < 0.005 else None,
                        )
                    )
    Outcome.objects.bulk_create(rows, batch_size=2000)


if __name__ == "__main__":
    main()
