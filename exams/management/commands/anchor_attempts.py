"""Write an anchor of the attempts' chains now (a periodic task does it every night)."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from exams.attempts.anchor_actions import anchor_faults, write_anchor
from exams.attempts.anchor_models import Anchor
from lms.kit.clock import current_time


class Command(BaseCommand):
    help = "Anchor the ends of all chains that went on since the last anchor; --check compares the record with all."

    def add_arguments(self, parser):
        """Checking and exporting write nothing."""
        parser.add_argument("--check", action="store_true", help="compare the record with every anchor")
        parser.add_argument("--export", type=Path, metavar="FOLDER", help="copy the files of all anchors to a folder")

    def handle(self, *args, **options):
        """Print what was done; exit code 1 when something does not agree."""
        if options["export"]:
            self.export(options["export"])
        elif options["check"]:
            self.check_all()
        else:
            self.write()

    def write(self):
        """One more."""
        anchor = write_anchor(now=current_time())
        self.stdout.write(f"{anchor.attempts} attempts anchored: {anchor.digest}" if anchor else "nothing to anchor")

    def check_all(self):
        """Name every fault."""
        faults = list(anchor_faults())
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults")
        self.stdout.write(self.style.SUCCESS(f"{Anchor.objects.count()} anchors checked, all agree with the record"))

    def export(self, folder):
        """Files as they are, for keeping elsewhere."""
        folder.mkdir(parents=True, exist_ok=True)
        for anchor in Anchor.objects.all():
            with anchor.file.open("rb") as handle:
                (folder / Path(anchor.file.name).name).write_bytes(handle.read())
        self.stdout.write(f"{Anchor.objects.count()} files in {folder}")
