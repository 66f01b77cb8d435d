"""`manage.py fuzz_formats`: broken question files must never bring a reader down."""

import random
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exams.bank.formats.fuzzing import FORMATS, Fault, faults_of

MORE_MEMORY = 1024**3  # bytes that reading may take beside what the process has already


@contextmanager
def bounded_memory() -> Iterator[None]:
    """Let whatever takes too much memory fail with MemoryError, where the system can say how much there is."""
    usage = Path("/proc/self/statm")
    before = resource.getrlimit(resource.RLIMIT_AS)
    if usage.exists():
        now = int(usage.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + MORE_MEMORY, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


class Command(BaseCommand):
    help = "Mutate sound question files and read them; fails when anything but UnreadableFile escapes a reader."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seconds", type=float, default=20.0, help="how long in all")
        parser.add_argument("--seed", type=int, default=None, help="repeats a run; random when not given")
        parser.add_argument("--format", choices=["all", *FORMATS], default="all")
        parser.add_argument("--keep", type=Path, help="a folder for the files that broke a rule")

    def handle(self, *args: Any, **options: Any) -> None:
        seed = options["seed"] if options["seed"] is not None else random.SystemRandom().randrange(10**9)
        names = list(FORMATS) if options["format"] == "all" else [options["format"]]
        faults: list[Fault] = []
        with bounded_memory():
            for name in names:
                faults += self.run(name, seed, options["seconds"] / len(names))
        if options["keep"]:
            options["keep"].mkdir(parents=True, exist_ok=True)
            for fault in faults:
                target = options["keep"] / f"{fault.name}-{seed}-{fault.number}{FORMATS[fault.name].suffix}"
                target.write_bytes(fault.data)
        if faults:
            raise CommandError(f"{len(faults)} files broke a rule (seed {seed})")

    def run(self, name: str, seed: int, seconds: float) -> list[Fault]:
        """Read broken files of one format for some seconds."""
        chance, faults, slowest, number = random.Random(f"{seed}-{name}"), [], 0.0, 0
        until = time.monotonic() + seconds
        with tempfile.TemporaryDirectory() as folder:
            while time.monotonic() < until:
                number += 1
                fault, took = faults_of(name, chance, number, Path(folder))
                slowest = max(slowest, took)
                if fault:
                    faults.append(fault)
                    self.stderr.write(f"{name} {number}: {fault.what}")
        self.stdout.write(f"{name}: {number} files, slowest {slowest:.2f} s, {len(faults)} faults (seed {seed})")
        return faults
