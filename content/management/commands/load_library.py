"""`manage.py load_library`: the starting pages, the groups of the editing place and its workflow."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from content.editing.actions import set_up_editing
from content.loading.actions import load_library
from content.loading.reading import STARTER, StarterError, read_starter
from lms.kit.clock import current_time
from lms.organisations.models import Industry
from lms.people.models import PersonnelCategory


class Command(BaseCommand):
    help = "Add the starter pages that are missing and refresh those nobody has edited; run load_register before."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=STARTER, help="where the files are")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            starter = read_starter(
                industries=Industry.objects.values_list("code", flat=True),
                categories=PersonnelCategory.objects.values_list("code", flat=True),
                folder=options["folder"],
            )
            report = load_library(starter=starter, by=None, now=current_time())
        except StarterError as error:
            raise CommandError(str(error)) from error
        set_up_editing()
        if report.changed:
            # Now, not when the worker comes round to it: who loads a library wants to search it.
            call_command("update_index", verbosity=0)
            call_command("rebuild_references_index", verbosity=0)
        self.stdout.write(f"pages: {report.added} added, {report.refreshed} refreshed, {report.unchanged} unchanged")
        for code in report.kept:
            self.stdout.write(f"kept as edited here: {code}")
