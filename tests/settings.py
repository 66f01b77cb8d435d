"""The product's settings in the environment `test`; files go to a folder of their own."""

import os
from pathlib import Path

os.environ["SANZHEN_ENV"] = "test"
os.environ.setdefault("VAR_DIR", str(Path(__file__).resolve().parent.parent / "var" / "test"))

from lms.settings import *  # noqa: F403

# Query pins count the session's query on every engine; the cached session would hide it on one of them.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
if REDIS_URL:  # noqa: F405
    # Tests empty the cache, so each worker has a database of its own: …/9, …/10, …
    server, _, first = REDIS_URL.rpartition("/")  # noqa: F405
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    CACHES["default"]["LOCATION"] = f"{server}/{int(first) + worker}"  # noqa: F405
