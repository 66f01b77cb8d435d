"""Every Chinese text of the interface has its English one.

`python tests/architecture/translations.py` collects the texts of each app afresh (in a scratch copy)
and lists what is missing, fuzzy or empty. Needs GNU gettext.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
APPS = ("lms", "courses", "exams", "certificates", "content")
CATALOGUE = Path("locale/en/LC_MESSAGES/django.po")


def missing(app: str) -> list[str]:
    """Texts of an app without a finished English translation."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / app
        shutil.copytree(ROOT / app, copy, ignore=shutil.ignore_patterns("starter", "migrations", "*.mo", "__pycache__"))
        (copy / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "django", "makemessages", "-l", "en", "--no-obsolete", "--no-location"],
            cwd=copy,
            capture_output=True,
            text=True,
            check=False,
            env={**{k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}, "PYTHONPATH": str(ROOT)},
        )
        if done.returncode:
            raise SystemExit(f"{app}: makemessages failed\n{done.stderr}")
        if not (copy / CATALOGUE).exists():
            return []
        with (copy / CATALOGUE).open("rb") as handle:
            catalogue = read_po(handle)
    unfinished = []
    for message in catalogue:
        texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        if message.id and (message.fuzzy or not all(texts)):
            unfinished.append(str(message.id))
    return unfinished


def main() -> int:
    """Print what is missing; exit code 1 when anything is."""
    found = 0
    for app in APPS:
        for text in missing(app):
            print(f"{app}: no English for {text!r}")
            found += 1
    print(f"translations: {found} missing")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
