"""Import of a staff table on SQLite: time and peak memory at three sizes, beside the floor of its inserts.

    python tests/bench/staff_import.py [rows …]        (default 5000 15000 50000)

The floor is what a bare script needs for reading the workbook and one bulk insert of the same people and
employments. Each size runs in a process of its own, so that peak memory is its own.
"""

import io
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIZES = (5_000, 15_000, 50_000)
ENTERPRISES = 20


def main(sizes: Sequence[int] = SIZES) -> None:
    """Run every size and print the table."""
    print(f"{'rows':>7} {'check s':>8} {'write s':>8} {'again s':>8} {'floor s':>8} {'× floor':>8} {'peak MB':>8}")
    times = {}
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            environment = os.environ | {"VAR_DIR": folder, "SANZHEN_ENV": "test", "BENCH_ROWS": str(rows)}
            done = subprocess.run(
                [sys.executable, __file__], env=environment, cwd=ROOT, check=True, capture_output=True, text=True
            )
        check, write, again, floor, peak = (float(part) for part in done.stdout.split())
        times[rows] = check + write
        print(
            f"{rows:>7} {check:>8.2f} {write:>8.2f} {again:>8.2f} {floor:>8.2f} "
            f"{(check + write) / floor:>8.2f} {peak:>8.0f}"
        )
    if len(times) > 1:
        first, last = min(times), max(times)
        print(f"exponent {math.log(times[last] / times[first]) / math.log(last / first):.2f}")


def measure(rows: int) -> None:
    """One size: prints check, write, repeated write, floor (seconds) and peak memory (MB)."""
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_register", verbosity=0, stdout=io.StringIO())
    path = Path(os.environ["VAR_DIR"]) / "staff.xlsx"
    owner = town(path, rows)
    check = timed(lambda: run_import(path, owner, "people.import_check"))
    write = timed(lambda: run_import(path, owner, "people.import"))
    again = timed(lambda: run_import(path, owner, "people.import"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    from lms.people.models import Employment

    assert Employment.objects.count() == rows + 1, Employment.objects.count()
    print(check, write, again, timed(lambda: floor(path, rows)), peak)


def timed(action: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def town(path: Path, rows: int) -> object:
    """Enterprises, an administrator and the workbook."""
    import xlsxwriter

    from lms.people.columns import COLUMNS
    from tests.factories.lms import EmploymentFactory, EnterpriseFactory, RoleAssignmentFactory, invented_id

    places = EnterpriseFactory.create_batch(ENTERPRISES)
    owner = EmploymentFactory(
        enterprise=places[0], person__id_number=invented_id(399_999), person__phone="18800000000"
    ).person
    RoleAssignmentFactory(person=owner, role="administrator", enterprise=None)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, [column.title for column in COLUMNS])
    for number in range(rows):
        place = places[number % ENTERPRISES]
        special = number % 10 == 0
        sheet.write_row(
            number + 1,
            0,
            [
                f"工人{number}",
                "居民身份证",
                invented_id(number),
                f"199{number:08d}",
                place.name,
                place.uscc,
                f"{number % 7}号车间",
                f"{number % 5}班",
                f"{number % 12}号岗",
                "钳工",
                "一线从业人员、特种作业人员" if special else "一线从业人员",
                "正式工",
                "",
                "2024-03-01",
                "焊接与热切割作业" if special else "",
                f"T{invented_id(number)}" if special else "",
                "2028-05-31" if special else "",
                "",
            ],
        )
    book.close()
    return owner


def run_import(path: Path, owner: object, kind: str) -> None:
    """What the worker does with the job."""
    from django.core.files.base import ContentFile

    from lms.jobs.actions import run_job
    from lms.jobs.models import Job
    from lms.kit.clock import current_time

    check = Job(kind="people.import_check", title="bench", owner=owner, params={"file": path.name})
    check.upload.save("staff.xlsx", ContentFile(path.read_bytes()), save=False)
    check.save()
    job = (
        check
        if kind == "people.import_check"
        else Job.objects.create(kind=kind, title="bench", owner=owner, params={"check": check.pk})
    )
    run_job(job_id=job.pk, now=current_time())
    job.refresh_from_db()
    assert job.status == "done", job.message
    assert job.result["bad"] == 0, job.result["problems"][:3]


def floor(path: Path, rows: int) -> None:
    """Read the workbook, insert as many bare people and employments in one transaction, without any check."""
    from datetime import date

    from django.db import transaction

    from lms.kit.sheets import read_rows
    from lms.organisations.models import Enterprise
    from lms.people.models import Employment, User

    lines = list(read_rows(path))[1:]
    place = Enterprise.objects.all()[0]
    with transaction.atomic():
        people = [
            User(username=f"floor-{number}", name=line[0], password="!", id_number=line[2], phone=line[3])
            for number, line in enumerate(lines)
        ]
        User.objects.bulk_create(people)
        Employment.objects.bulk_create(
            Employment(person=person, enterprise=place, started_on=date(2024, 3, 1)) for person in people
        )


if __name__ == "__main__":
    if "BENCH_ROWS" in os.environ:
        measure(int(os.environ["BENCH_ROWS"]))
    else:
        main([int(text) for text in sys.argv[1:]] or SIZES)
