"""The product's settings, with what a fault needs: a limit of the database file, a small pool of connections."""

import os

from lms.settings import *  # noqa: F403
from lms.settings import DATABASES, SQLITE

if SQLITE and (pages := os.environ.get("FAULT_MAX_PAGES")):
    DATABASES["default"]["OPTIONS"]["init_command"] += f"; PRAGMA max_page_count={int(pages)}"
