"""Recompute chains, answers, scores and receipts; name every row that does not agree."""

from django.core.management.base import BaseCommand, CommandError

from exams.attempts.models import Attempt
from exams.attempts.verification import verify


class Command(BaseCommand):
    help = "Check every attempt against its chain of events; fails when a row was altered."

    def add_arguments(self, parser):
        """Optionally one exam or one attempt."""
        parser.add_argument("--exam", type=int, help="only this exam (pk)")
        parser.add_argument("--attempt", help="only this attempt (key)")

    def handle(self, *args, **options):
        """Print findings; exit code 1 when there are any."""
        rows = Attempt.objects.select_related("exam").order_by("pk")
        if options["exam"]:
            rows = rows.filter(exam_id=options["exam"])
        if options["attempt"]:
            rows = rows.filter(key=options["attempt"])
        checked = bad = 0
        for attempt in rows.iterator(chunk_size=200):
            checked += 1
            findings = verify(attempt)
            bad += bool(findings)
            for finding in findings:
                self.stdout.write(f"attempt {attempt.key}: {finding.row}: {finding.reason}")
        if bad:
            raise CommandError(f"{checked} attempts checked, {bad} do not agree with their record")
        self.stdout.write(self.style.SUCCESS(f"{checked} attempts checked, all agree with their record"))
