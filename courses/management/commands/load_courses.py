"""Take courses over from their pages and assign them town-wide by the audience that each names."""

from django.core.management.base import BaseCommand

from courses.catalogue.actions import assign_by_audience, sync_courses
from lms.kit.clock import current_time


class Command(BaseCommand):
    help = "Sync courses from the published pages, then make the town-wide rules that are missing (idempotent)."

    def handle(self, *args, **options) -> None:
        now = current_time()
        courses, lessons = sync_courses(by=None, now=now)
        made = assign_by_audience(by=None, now=now)
        self.stdout.write(f"{courses} courses, {lessons} lessons, {made} new rules")
