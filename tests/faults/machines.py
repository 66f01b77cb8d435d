"""The product's processes, and the engines under it that a fault may strike."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.faults.candidates import Ledger

ROOT = Path(__file__).resolve().parents[2]
START = 60  # seconds until something must answer


def free_port() -> int:
    """A port that nobody listens on."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether somebody listens."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def wait_for(port: int) -> None:
    """Raises TimeoutError when nobody comes."""
    end = time.monotonic() + START
    while not answers(port):
        if time.monotonic() > end:
            raise TimeoutError(f"nothing answers on port {port}")
        time.sleep(0.05)


def environment(place: Path, **more: str) -> dict[str, str]:
    """Of every process of one scenario."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    return kept | {
        "VAR_DIR": str(place), "SANZHEN_ENV": "development", "LOG_LEVEL": "CRITICAL", "PYTHONWARNINGS": "ignore",
        "DJANGO_SETTINGS_MODULE": "tests.faults._settings", "PYTHONPATH": str(ROOT), "EMAIL_URL": "dummymail://",
    } | more  # fmt: skip


def step(env: dict[str, str], *command: str, text: str = "") -> str:
    """A command that must succeed; its output."""
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=env, input=text, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command}\n{done.stdout}\n{done.stderr}")
    return done.stdout


class Product:
    """The web server, in a process group of its own so that all of it can be killed."""

    def __init__(self, env: dict[str, str], *, workers: int = 2, threads: int = 4) -> None:
        self.env, self.workers, self.threads = env, workers, threads
        self.place = Path(env["VAR_DIR"])
        self.number = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve on a fresh port."""
        self.number = free_port()
        command = [
            str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1",
            "--port", str(self.number), "--workers", str(self.workers), "--blocking-threads", str(self.threads),
            "--log-level", "critical", "tests.faults._wsgi:application",
        ]  # fmt: skip
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.env, start_new_session=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_for(self.number)

    def port(self) -> int:
        """Where it serves at present."""
        return self.number

    def kill(self) -> None:
        """SIGKILL for every process."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def restart(self) -> None:
        """As after a crash."""
        self.kill()
        self.start()

    def strike(self, fault: str) -> None:
        """Let the next saving request die at this place, then bring the server back."""
        trigger = self.place / "fault"
        trigger.write_text(fault)
        end = time.monotonic() + START
        while trigger.exists():
            if time.monotonic() > end:
                raise TimeoutError("nobody met the fault")
            time.sleep(0.01)
        self.restart()

    def set_clock(self, seconds: float) -> None:
        """Make the application's clock wrong by so much from now on."""
        (self.place / "clock").write_text(str(seconds))

    def judge(self, ledger: Ledger) -> dict[str, Any]:
        """What the oracle finds."""
        return dict(json.loads(step(self.env, "-m", "tests.faults._oracle", text=ledger.as_json())))


class Wire:
    """A way between candidates and server that can be cut: while it is, connections die without an answer."""

    def __init__(self, product: Product) -> None:
        self.product, self.cut = product, threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.number = int(self.listener.getsockname()[1])
        self.open: set[socket.socket] = set()
        threading.Thread(target=self.accept, daemon=True).start()

    def port(self) -> int:
        """Where candidates connect."""
        return self.number

    def accept(self) -> None:
        """Pass every connection on."""
        while True:
            try:
                here, _ = self.listener.accept()
            except OSError:
                return
            if self.cut.is_set():
                here.close()
                continue
            try:
                there = socket.create_connection(("127.0.0.1", self.product.port()), timeout=5)
            except OSError:  # the server is away just now: so is the way to it
                here.close()
                continue
            there.settimeout(None)
            self.open |= {here, there}
            for source, target in ((here, there), (there, here)):
                threading.Thread(target=self.pump, args=(source, target), daemon=True).start()

    def pump(self, source: socket.socket, target: socket.socket) -> None:
        """Bytes from one side to the other."""
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if self.cut.is_set():
                    break
                target.sendall(data)
        for end in (source, target):
            self.open.discard(end)
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def drop(self, seconds: float) -> None:
        """Cut everything for a while."""
        self.cut.set()
        for end in tuple(self.open.copy()):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        time.sleep(seconds)
        self.cut.clear()

    def close(self) -> None:
        """No more."""
        self.listener.close()


class Postgres:
    """A cluster of our own, so that it can be killed; runs as `postgres` where we are root."""

    def __init__(self, *, connections: int = 60) -> None:
        # Not in pytest's folder: that one is closed to everybody else.
        self.place, self.number = Path(tempfile.mkdtemp(prefix="sanzhen-pg-")), free_port()
        self.tools = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        if os.getuid() == 0:
            shutil.chown(self.place, "postgres", "postgres")
        self.run("initdb", "-D", str(self.place / "data"), "-U", "postgres", "-A", "trust", "--no-sync")
        with (self.place / "data" / "postgresql.conf").open("a") as handle:
            handle.write(
                f"port = {self.number}\nmax_connections = {connections}\nlisten_addresses = '127.0.0.1'\n"
                f"unix_socket_directories = ''\nfsync = on\nsynchronous_commit = on\n"
            )
        self.start()

    def run(self, tool: str, *arguments: str) -> None:
        """One of PostgreSQL's programs."""
        prefix = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        subprocess.run(
            [*prefix, str(self.tools / tool), *arguments], check=True, cwd="/", stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def start(self) -> None:
        """Serve."""
        self.run("pg_ctl", "start", "-D", str(self.place / "data"), "-w", "-l", str(self.place / "log"))

    def crash(self) -> None:
        """Immediate shutdown, as a crash leaves it, and back again with recovery."""
        self.run("pg_ctl", "stop", "-D", str(self.place / "data"), "-m", "immediate")
        self.start()

    def stop(self) -> None:
        """For good."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self.run("pg_ctl", "stop", "-D", str(self.place / "data"), "-m", "immediate")
        shutil.rmtree(self.place, ignore_errors=True)

    def address(self, name: str) -> str:
        """Of a database."""
        return f"postgres://postgres@127.0.0.1:{self.number}/{name}"

    def make(self, name: str, *, template: str = "template1") -> str:
        """A database; its address."""
        import psycopg
        from psycopg import sql

        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
            )
        return self.address(name)


class Redis:
    """A server of our own that keeps nothing."""

    def __init__(self) -> None:
        self.number = free_port()
        self.start()

    def start(self) -> None:
        """Serve on the same port as before."""
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.number), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"],
            stdout=subprocess.DEVNULL,
        )
        wait_for(self.number)

    def kill(self) -> None:
        """SIGKILL; everything in it is gone."""
        self.process.kill()
        self.process.wait()

    def flush(self) -> None:
        """Forget everything while running."""
        import redis

        redis.Redis(port=self.number).flushall()

    @property
    def address(self) -> str:
        """For settings."""
        return f"redis://127.0.0.1:{self.number}/0"


@contextlib.contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[Path]:
    """A folder on a file system of its own; raises PermissionError where we may not mount."""
    place.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)]
    if os.getuid() or subprocess.run(command, check=False, capture_output=True).returncode:
        raise PermissionError("mounting a small file system needs root")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False, capture_output=True)
