"""Load the reasons that proctors choose from."""

from django.core.management.base import BaseCommand

from exams.proctoring.starter import load_reasons


class Command(BaseCommand):
    help = "Add the proctors' reasons that are missing; edited ones stay."

    def handle(self, *args, **options):
        """Print how many."""
        self.stdout.write(f"reasons added: {load_reasons()}")
