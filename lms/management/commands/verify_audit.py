"""`manage.py verify_audit`: recompute the chain of the audit log; exit code 1 when it is broken."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lms.audit.queries import verify_and_remember
from lms.kit.clock import current_time


class Command(BaseCommand):
    help = "Recompute the hash chain of the audit log and say where it is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        result = verify_and_remember(now=current_time())
        if result.broken_at is not None:
            raise CommandError(f"audit log broken at entry {result.broken_at} of {result.entries}")
        self.stdout.write(f"audit log intact: {result.entries} entries")
