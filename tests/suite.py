"""Runs the whole suite: on SQLite always, once more on PostgreSQL + Redis where they answer.

`python tests/suite.py [pytest arguments]`; exits with the first failing exit code.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
POSTGRES = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")


def run(title: str, arguments: list[str], environment: dict[str, str]) -> int:
    """One pytest run; returns its exit code."""
    print(f"\n== {title}: pytest {' '.join(arguments)}", flush=True)
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        check=False,
        cwd=ROOT,
        env={**os.environ, "SANZHEN_ENV": "test", **environment},
    )
    print(f"== {title}: exit {done.returncode} after {time.monotonic() - started:.0f} s", flush=True)
    return done.returncode


def postgres_answers() -> str:
    """Empty when PostgreSQL and Redis answer, otherwise the reason why not."""
    import psycopg
    import redis

    try:
        psycopg.connect(POSTGRES, connect_timeout=3).close()
    except psycopg.Error as error:
        return f"PostgreSQL: {error}".strip()
    try:
        redis.Redis.from_url(REDIS, socket_connect_timeout=3).ping()
    except redis.RedisError as error:
        return f"Redis: {error}".strip()
    return ""


def main(arguments: list[str]) -> int:
    """Both runs; browser journeys run once, on SQLite."""
    workers = (
        ["-n", os.environ.get("TEST_WORKERS", "2"), "--dist", "loadgroup"]
        if not any(a.startswith("-n") for a in arguments)
        else []
    )
    code = run("SQLite", [*workers, *arguments], {"DATABASE_URL": "", "REDIS_URL": ""})
    if code:
        return code
    reason = postgres_answers()
    if reason:
        print(f"\n== PostgreSQL + Redis: NOT RUN. {reason}", flush=True)
        return 0
    chosen = [*workers, "--ignore=tests/journeys", *arguments]
    return run("PostgreSQL + Redis", chosen, {"DATABASE_URL": POSTGRES, "REDIS_URL": REDIS})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
