"""The product's settings in the environment `test`; files go to a folder of their own."""

import os
from pathlib import Path

os.environ["SANZHEN_ENV"] = "test"
os.environ.setdefault("VAR_DIR", str(Path(__file__).resolve().parent.parent / "var" / "test"))

from lms.settings import *  # noqa: F403
