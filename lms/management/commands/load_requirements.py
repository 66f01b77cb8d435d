"""`manage.py load_requirements`: what must be achieved by whom and when (after `load_register`)."""

from typing import Any

from django.core.management.base import BaseCommand

from lms.coverage.actions import load_requirements
from lms.coverage.starter import starter_requirements


class Command(BaseCommand):
    help = "Add the starter requirements, their rules and targets that are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        added = load_requirements(rows=starter_requirements())
        self.stdout.write(f"added: {added} requirements")
