"""`manage.py load_designs`."""

from django.core.management.base import BaseCommand

from certificates.issuing.starter import load_designs
from lms.kit.clock import current_date


class Command(BaseCommand):
    help = "Load the certificate designs and issuing rules a new installation starts with"

    def handle(self, **options: object) -> None:
        self.stdout.write(f"{load_designs(on=current_date())} new designs")
