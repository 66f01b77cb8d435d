"""Saving, starting, handing in, pulse and live board, each against a floor measured in the same run, same server.

The server is granian (WSGI, 2 workers × 4 threads) in processes of its own; the load comes from here over kept
connections. Short rounds of product and floor follow each other, and what counts is the median of the shares of such
pairs: a machine that is slower for a while slows both. Two floors for saving: `same SQL` does the path's statements by
hand without ORM, middleware, chain, checks; `one UPDATE` is the least that any durable request can do.
"""

import contextlib
import json
import math
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
POSTGRES = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
BENCH_DATABASE = "sanzhen_bench_attempts"
CONNECTIONS, ROUNDS, SAVES = 8, 7, 300
CLIENTS = (1, 8, 32, 100)
WRITERS = 100  # attempts that are saved into, so that candidates rarely wait for themselves
STARTERS = 1000
# Questions of an exam, clients who hand it in, attempts of a round; the first ones and the usual clients make sizes.
HALLS = [(25, 8, 32), (50, 8, 32), *((100, clients, max(clients, 40)) for clients in CLIENTS)]
HALL_ROUNDS = 5
BOARDS, BOARD_ROUNDS = 40, 3  # boards of 500 candidates each in a round, or one for each client
TOKEN = "b" * 32

Request = tuple[str, str, dict[str, Any] | None, str]  # address, session, body (None: GET), content type


# --- load ----------------------------------------------------------------------------------------


class Line:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.open()

    def open(self) -> None:
        """Connect."""
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, address: str, session: str, body: bytes, content_type: str) -> int:
        """One POST, or a GET without a body; returns the status."""
        method = "POST" if body else "GET"
        self.socket.sendall(
            f"{method} {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {content_type}\r\n"
            f"Cookie: sessionid={session}; csrftoken={TOKEN}\r\nX-CSRFToken: {TOKEN}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        data = b""
        while b"\r\n\r\n" not in data:
            data += self.receive()
        head, _, rest = data.partition(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
        )
        while len(rest) < length:
            rest += self.receive()
        return int(head.split(b" ", 2)[1])

    def receive(self) -> bytes:
        """Some bytes; raises when the server hangs up."""
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data


@dataclass(frozen=True)
class Round:
    """What one round of requests took."""

    requests: int
    seconds: float
    errors: int

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds

    @property
    def milliseconds(self) -> float:
        """Wall time per request at full load."""
        return 1000 * self.seconds / self.requests


def fire(port: int, requests: list[Request], good: set[int], connections: int = CONNECTIONS) -> Round:
    """Send everything as fast as the connections allow."""
    shares = [requests[n::connections] for n in range(connections)]
    lines = [Line(port) for _ in shares]
    errors = [0] * connections
    barrier = threading.Barrier(connections + 1)

    def work(number: int) -> None:
        barrier.wait()
        for address, session, body, content_type in shares[number]:
            data = b"" if body is None else json.dumps(body).encode()
            status = lines[number].send(address, session, data, content_type)
            errors[number] += status not in good

    threads = [threading.Thread(target=work, args=(n,)) for n in range(connections)]
    for thread in threads:
        thread.start()
    barrier.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    return Round(len(requests), time.perf_counter() - started, sum(errors))


@dataclass(frozen=True)
class Pairs:
    """Rounds of the product, and the round of the floor beside each."""

    ours: list[Round]
    floor: list[Round]

    @property
    def share(self) -> float:
        """The product's rate as a share of the floor's: the median of the pairs."""
        return median(one.rate / bare.rate for one, bare in zip(self.ours, self.floor, strict=True))

    @property
    def errors(self) -> int:
        """Answers of the product that were not the right ones, in all rounds."""
        return sum(one.errors for one in self.ours)

    @property
    def milliseconds(self) -> float:
        """Median wall time per request of the product at full load."""
        return median(one.milliseconds for one in self.ours)


def exponent(sizes: list[int], costs: list[float]) -> float:
    """Slope of log cost over log size by least squares: 1 means cost grows as the work does."""
    xs, ys = [math.log(size) for size in sizes], [math.log(cost) for cost in costs]
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True)) / sum((x - mx) ** 2 for x in xs)


# --- server --------------------------------------------------------------------------------------


def environment(place: str, database: str) -> dict[str, str]:
    """Of all processes of this run."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    extra = {"DATABASE_URL": database} if database else {}
    return {
        **kept,
        **extra,
        "VAR_DIR": place,
        "PYTHONWARNINGS": "ignore",
        "LOG_LEVEL": "ERROR",
        "SANZHEN_ENV": "development",
        "DJANGO_SETTINGS_MODULE": "tests.bench._attempts_settings",
        "PYTHONPATH": str(ROOT),
    }


def run(env: dict[str, str], *command: str) -> str:
    """A step that must succeed."""
    done = subprocess.run([sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command}\n{done.stdout}\n{done.stderr}")
    return done.stdout


@contextlib.contextmanager
def server(env: dict[str, str]) -> Iterator[int]:
    """granian on a free port."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [
        str(Path(sys.executable).with_name("granian")),
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "2",
        "--blocking-threads",
        "4",
        "--log-level",
        "error",
        "tests.bench._attempts_wsgi:application",
    ]
    with subprocess.Popen(command, cwd=ROOT, env=env) as process:
        try:
            for _ in range(300):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.1)
            yield port
        finally:
            process.terminate()


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A database of our own; the empty string where PostgreSQL does not answer."""
    import psycopg
    from psycopg import sql

    try:
        connection = psycopg.connect(POSTGRES, connect_timeout=3, autocommit=True)
    except psycopg.Error as error:
        print(f"PostgreSQL left out: {error}".strip())
        yield ""
        return
    name = sql.Identifier(BENCH_DATABASE)
    with connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
    try:
        yield POSTGRES.rsplit("/", 1)[0] + f"/{BENCH_DATABASE}"
    finally:
        with psycopg.connect(POSTGRES, autocommit=True) as again:
            again.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


# --- the paths -----------------------------------------------------------------------------


def alternating(rounds: int, *kinds: Callable[[int], Round]) -> list[list[Round]]:
    """Rounds of each kind in turn."""
    found: list[list[Round]] = [[] for _ in kinds]
    for number in range(rounds):
        for index, kind in enumerate(kinds):
            found[index].append(kind(number))
    return found


def saving(port: int, data: dict[str, Any]) -> None:
    """One answer per request, at every number of clients; then three lengths of history."""
    rows, counter = data["saves"], {"product": 0, "floor": 10_000_000}
    product_rows, floor_rows = rows[:WRITERS], rows[WRITERS : 2 * WRITERS]

    def session(row: dict[str, Any]) -> str:
        return str(data["sessions"][str(row["person"])])

    def product(clients: int = CONNECTIONS) -> Callable[[int], Round]:
        def one(_: int) -> Round:
            requests: list[Request] = []
            for index in range(SAVES):
                row = product_rows[index % WRITERS]
                counter["product"] += 1
                change = {"number": counter["product"], "position": index // WRITERS % 100 + 1, "response": ["o2"]}
                body = {"client": 7, "changes": [change]}
                requests.append((f"/exams/attempts/{row['key']}/save/", session(row), body, "application/json"))
            return fire(port, requests, {200}, clients)

        return one

    def floor(address: str, clients: int = CONNECTIONS) -> Callable[[int], Round]:
        def one(_: int) -> Round:
            requests: list[Request] = []
            for index in range(SAVES):
                row = floor_rows[index % WRITERS]
                counter["floor"] += 1
                body = row | {"n": counter["floor"], "position": index // WRITERS % 100 + 1}
                requests.append((address, session(row), body, "application/json"))
            return fire(port, requests, {200}, clients)

        return one

    product()(0)  # warms caches and connections
    for clients in CLIENTS:
        ours, same, least = alternating(
            ROUNDS, product(clients), floor("/floor/save/", clients), floor("/floor/update/", clients)
        )
        pairs = Pairs(ours, same)
        show(f"save one answer, {clients} clients", pairs, bar="≥ 60 % of the floor", good=pairs.share >= 0.6)
        show("  … against one UPDATE", Pairs(ours, least), bar="shown for scale", good=None)
    costs = [median(product()(0).milliseconds for _ in range(ROUNDS)) for _ in range(3)]
    before = 1 + ROUNDS * len(CLIENTS)
    history = [SAVES * (before + ROUNDS * n) // WRITERS for n in (1, 2, 3)]
    print(f"  {'exponent over events already in the attempt ' + str(history):<60} {exponent(history, costs):+.2f}")


def starting(port: int, data: dict[str, Any]) -> None:
    """Bursts: everybody starts at once, at every number of clients; then a burst in three parts."""

    def requests(address: str, exam: int) -> list[Request]:
        return [
            (address, data["sessions"][str(person)], {"person": person, "exam": exam}, "application/json")
            for person in data["people"]
        ]

    *exams, last = data["exams"]
    for clients, exam, floor_exam in zip(CLIENTS, exams, data["floor_exams"], strict=False):
        ours = fire(port, requests(f"/exams/{exam}/start/", exam), {302}, clients)
        floor = fire(port, requests("/floor/start/", floor_exam), {200}, clients)
        name = f"start, 1,000 in one burst, {clients} clients"
        show(name, Pairs([ours], [floor]), bar="no errors", good=not ours.errors)
    parts = [(n * STARTERS // 3, (n + 1) * STARTERS // 3) for n in range(3)]
    everybody = requests(f"/exams/{last}/start/", last)
    costs = [fire(port, everybody[first:end], {302}, 32).milliseconds for first, end in parts]
    again = fire(port, everybody, {302}, 32)
    print(f"  {'start pressed again (returns the same attempt)':<60} {again.rate:8.0f} /s  {again.errors} errors")
    print(f"  {'exponent over attempts that exist':<60} {exponent([end for _, end in parts], costs):+.2f}")


def handing_in(port: int, data: dict[str, Any]) -> None:
    """Every attempt of a hall, once."""
    costs: dict[int, float] = {}
    for (size, clients, number), rows in zip(HALLS, data["halls"], strict=True):
        pairs = Pairs(*alternating(HALL_ROUNDS, *submissions(port, data["sessions"], rows, size, clients, number)))
        if clients == CONNECTIONS:
            costs[size] = pairs.milliseconds
        times = f"≤ 3 × the floor's time, is {1 / pairs.share:.2f} ×"
        show(f"hand in and grade {size}, {clients} clients", pairs, bar=times, good=pairs.share >= 1 / 3)
    print(f"  {'exponent over the number of questions':<60} {exponent(list(costs), list(costs.values())):+.2f}")


def submissions(
    port: int, sessions: dict[str, str], rows: list[dict[str, Any]], size: int, clients: int, number: int
) -> list[Callable[[int], Round]]:
    """A round of the product and one of the floor; each attempt is handed in once."""
    half = HALL_ROUNDS * number

    def product(turn: int) -> Round:
        part = rows[turn * number : (turn + 1) * number]
        empty = {"client": 7, "changes": []}
        requests: list[Request] = [
            (f"/exams/attempts/{row['key']}/submit/", sessions[str(row["person"])], empty, "application/json")
            for row in part
        ]
        return fire(port, requests, {200}, clients)

    def floor(turn: int) -> Round:
        part = rows[half + turn * number : half + (turn + 1) * number]
        requests: list[Request] = [
            ("/floor/submit/", sessions[str(row["person"])], row | {"items": size}, "application/json") for row in part
        ]
        return fire(port, requests, {200}, clients)

    return [product, floor]


def watching(port: int, data: dict[str, Any]) -> None:
    """What open pages and proctors ask for all the time: the pulse, and the rows of a board with 500 candidates."""
    rows = data["saves"][:WRITERS]

    def pulses(clients: int, *, floor: bool) -> Round:
        found: list[Request] = []
        for index in range(SAVES):
            row = rows[index % WRITERS]
            address = "/floor/pulse/" if floor else f"/exams/attempts/{row['key']}/pulse/"
            body = row if floor else {"client": 7, "news": 0, "messages_seen": 0, "signals": []}
            found.append((address, str(data["sessions"][str(row["person"])]), body, "application/json"))
        return fire(port, found, {200}, clients)

    def boards(clients: int, *, floor: bool) -> Round:
        address = f"/floor/board/{data['board']}/" if floor else f"/exams/office/{data['board']}/live/rows/"
        request: Request = (address, data["proctor"], None, "application/json")
        return fire(port, [request] * max(BOARDS, clients), {200}, clients)

    for clients in CLIENTS:
        for name, rounds, kind in (("pulse", ROUNDS, pulses), ("board of 500", BOARD_ROUNDS, boards)):
            ours = partial(kind, clients, floor=False)
            bare = partial(kind, clients, floor=True)
            pairs = Pairs(*alternating(rounds, lambda _, one=ours: one(), lambda _, one=bare: one()))
            show(f"{name}, {clients} clients", pairs, bar="no errors", good=not pairs.errors)


def show(name: str, pairs: Pairs, *, bar: str, good: bool | None) -> None:
    """One line of the table: medians of the rounds, and of the shares of pairs."""
    ours, floor = median(one.rate for one in pairs.ours), median(one.rate for one in pairs.floor)
    verdict = "" if good is None else ("met" if good else "MISSED")
    errors = f"  {pairs.errors} errors" if pairs.errors else ""
    print(
        f"  {name:<38} {ours:8.0f} /s {1000 / ours:7.2f} ms   floor {floor:8.0f} /s {1000 / floor:7.2f} ms"
        f"   {100 * pairs.share:4.0f} %   {bar}: {verdict}{errors}",
        flush=True,
    )


def measure(title: str, database: str) -> None:
    """All paths on one database."""
    place = tempfile.mkdtemp(prefix="sanzhen-bench-")
    try:
        env = environment(place, database)
        run(env, "manage.py", "migrate", "--verbosity", "0")
        run(env, "manage.py", "createcachetable")
        halls = json.dumps([(size, HALL_ROUNDS * number) for size, _, number in HALLS])
        made = run(env, "-m", "tests.bench._attempts_data", str(STARTERS), str(len(CLIENTS) + 1), halls)
        data = json.loads(made)
        print(f"{title}: granian WSGI 2 × 4, {os.cpu_count()} cores", flush=True)
        with server(env) as port:
            time.sleep(1)
            saving(port, data)
            starting(port, data)
            handing_in(port, data)
            watching(port, data)
        found = run(env, "manage.py", "verify_attempts", "--exam", str(data["exams"][0])).strip()
        print(f"  {found}", flush=True)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def main() -> None:
    """SQLite always, PostgreSQL where it answers."""
    measure("SQLite", "")
    with postgres() as database:
        if database:
            measure("PostgreSQL", database)


if __name__ == "__main__":
    main()
