"""`manage.py load_questions`: topics and the starter bank of questions."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exams.bank.actions import load_topics
from exams.bank.starter import load_file, starter_files, starter_topics
from lms.kit.clock import current_time


class Command(BaseCommand):
    help = "Add the starter questions that are missing (after load_register and load_library)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="question files; the starter files when none is given")

    def handle(self, *args: Any, **options: Any) -> None:
        topics = load_topics(names=starter_topics())
        self.stdout.write(f"added: {topics} topics")
        problems: list[str] = []
        for path in options["files"] or starter_files():
            loaded = load_file(path=path, now=current_time())
            self.stdout.write(f"{path.name}: {loaded.added} questions added, {loaded.present} already there")
            problems.extend(loaded.problems)
        if problems:
            raise CommandError("not loaded:\n" + "\n".join(problems))
