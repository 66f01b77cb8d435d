"""Rebuild papers from what was stored at publication; name the first place where they differ from the stored ones."""

from django.core.management.base import BaseCommand, CommandError

from exams.papers.models import Exam
from exams.papers.replay import CannotReplay, replay


class Command(BaseCommand):
    help = "Rebuild the papers of an exam and compare them bit for bit with the stored ones; fails when they differ."

    def add_arguments(self, parser):
        """One exam, one of its papers, or all exams that have papers."""
        parser.add_argument("exam", type=int, nargs="?", help="exam (pk)")
        parser.add_argument("--number", type=int, help="only this paper")
        parser.add_argument("--all", action="store_true", help="every exam whose papers were assembled")

    def handle(self, *args, **options):
        """Print one line per exam; exit code 1 when any differs."""
        if options["all"] == (options["exam"] is not None) or (options["all"] and options["number"] is not None):
            raise CommandError("give an exam, with --number for one paper, or --all")
        exams = Exam.objects.filter(assembly__isnull=False).order_by("pk")
        if not options["all"]:
            exams = Exam.objects.filter(pk=options["exam"])
            if not exams:
                raise CommandError(f"there is no exam {options['exam']}")
        bad = sum(not self.agrees(exam, options["number"]) for exam in exams)
        if bad:
            raise CommandError(f"{len(exams)} exams replayed, {bad} do not agree with what is stored")
        self.stdout.write(self.style.SUCCESS(f"{len(exams)} exams replayed, all agree bit for bit"))

    def agrees(self, exam, number):
        """Whether an exam's papers are rebuilt as they are stored; says what differs."""
        try:
            found = replay(exam, number=number)
        except CannotReplay as problem:
            self.stdout.write(f"exam {exam.pk}: {problem}")
            return False
        if found.solvers:
            self.stdout.write(f"exam {exam.pk}: made with {found.solvers[0]}, rebuilt with {found.solvers[1]}")
        self.stdout.write(f"exam {exam.pk}: {found.difference or f'{found.papers} papers agree'}")
        return not found.difference
