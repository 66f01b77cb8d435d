"""Hand in every attempt whose time is over, once."""

from django.core.management.base import BaseCommand

from exams.attempts.actions import submit_expired
from lms.kit.clock import current_time


class Command(BaseCommand):
    help = "Hand in every attempt whose time is over."

    def handle(self, *args, **options):
        """Print how many."""
        self.stdout.write(f"handed in: {submit_expired(now=current_time())}")
