"""`manage.py reap_jobs`: queue again what a dead worker left, remove old uploads."""

from typing import Any

from django.core.management.base import BaseCommand

from lms.jobs.actions import forget_files, reap_jobs
from lms.kit.clock import current_time


class Command(BaseCommand):
    help = "Revive jobs of a dead worker and remove files that are past their time."

    def handle(self, *args: Any, **options: Any) -> None:
        now = current_time()
        self.stdout.write(f"revived {reap_jobs(now=now)} jobs, removed {forget_files(now=now)} files")
