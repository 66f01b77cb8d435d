"""Fresh databases, a running product, and which scenarios run.

`./run test` runs the quick scenarios on SQLite; `./run faults` sets FAULTS=all and runs everything on both databases.
"""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.candidates import Candidate, Ledger
from tests.faults.machines import Postgres, Product, Redis, environment, step

CANDIDATES, ITEMS = 8, 20
ALL = os.environ.get("FAULTS") == "all"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All scenarios of one run share what they were made from, hence one worker."""
    for item in items:
        if "tests/faults" in str(item.path):
            item.add_marker(pytest.mark.xdist_group("faults"))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A filled SQLite database, copied for each scenario, and who sits in it."""
    place = tmp_path_factory.mktemp("template")
    return place, fill(environment(place))


def fill(env: dict[str, str]) -> dict[str, Any]:
    """Tables and candidates."""
    step(env, "manage.py", "migrate", "--verbosity", "0")
    step(env, "manage.py", "createcachetable")
    return dict(json.loads(step(env, "-m", "tests.faults._data", str(CANDIDATES), str(ITEMS))))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """PostgreSQL of our own, with a filled database to copy."""
    if not ALL:
        pytest.skip("runs with ./run faults")
    if not list(Path("/usr/lib/postgresql").glob("*/bin")):
        pytest.skip("PostgreSQL's server programs are not installed")
    place = tmp_path_factory.mktemp("cluster")
    for folder in (place, *place.parents[:2]):
        folder.chmod(0o755)
    found = Postgres(place)
    yield found
    found.stop()


@pytest.fixture(scope="session")
def filled(cluster: Postgres, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Who sits in the database `template_filled` of the cluster."""
    address = cluster.make("template_filled")
    return fill(environment(tmp_path_factory.mktemp("pgvar"), DATABASE_URL=address))


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> str:
    """Which database."""
    if request.param == "postgres" and not ALL:
        pytest.skip("runs with ./run faults")
    return str(request.param)


class Room:
    """One scenario: a product on a fresh database, its candidates, their ledger."""

    def __init__(self, product: Product, data: dict[str, Any]) -> None:
        self.product, self.data, self.ledger = product, data, Ledger()

    def candidates(self, port: Any = None, *, client: int = 1) -> list[Candidate]:
        """Everybody, at their first device or another one."""
        return [
            Candidate(row, self.ledger, port or self.product.port, client=client, items=self.data["items"])
            for row in self.data["candidates"]
        ]

    def verdict(self) -> dict[str, Any]:
        """What the oracle finds; all empty when nothing was lost."""
        return self.product.judge(self.ledger)


@pytest.fixture
def make_room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """`make_room(engine, **environment)`: a room on a copy of the filled database, its server running."""
    rooms: list[Room] = []

    def make(engine: str = "sqlite", *, workers: int = 2, threads: int = 4, **more: str) -> Room:
        place = Path(more.pop("place", str(tmp_path / "var")))
        place.mkdir(parents=True, exist_ok=True)
        if engine == "postgres":
            data = request.getfixturevalue("filled")
            cluster = request.getfixturevalue("cluster")
            more["DATABASE_URL"] = cluster.make(f"room_{tmp_path.name.lower()[-40:]}", template="template_filled")
        else:
            origin, data = request.getfixturevalue("template")
            shutil.copytree(origin, place, dirs_exist_ok=True)
        room = Room(Product(environment(place, **more), workers=workers, threads=threads), data)
        rooms.append(room)
        room.product.start()
        return room

    yield make
    for room in rooms:
        room.product.kill()


@pytest.fixture
def redis_server() -> Iterator[Redis]:
    """A Redis of our own."""
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    found = Redis()
    yield found
    found.kill()
