"""The question bank at three sizes on SQLite: the list with search and filters, and the search for near-duplicates.

    python tests/bench/question_bank.py [questions …]        (default 1000 10000 100000)

List: time of the server for a whole page (view, queries, count, template), the best of five, beside its floor: a bare
query for 25 questions by primary key. Near-duplicates: so many known questions, half as many checked against them and
added, one in ten of them an edited copy. Times are seconds of the processor. Each size runs in a process of its own,
so that peak memory is its own.
"""

import io
import json
import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIZES = (1_000, 10_000, 100_000)
PAGES = {
    "all": "",
    "last page": "?page=100000",
    "text": "?q=有限空间",
    "common text": "?q=作业",
    "text, 4 filters": "?q=作业&type=single&status=published&difficulty_from=2&industry={industry}",
    "text by use": "?q=作业&status=published&sort=most_used",
    "topic by difficulty": "?topic={topic}&sort=hardest",
    "never used, valid": "?used=never&effective_on=2026-11-25",
    "quarantined": "?quarantined=yes",
}


def main(sizes: Sequence[int] = SIZES) -> None:
    """Run every size and print the tables."""
    found = {size: run(size) for size in sizes}
    print(f"{'list page, ms':<22}" + "".join(f"{size:>10}" for size in sizes))
    for name in [*PAGES, "floor"]:
        print(f"{name:<22}" + "".join(f"{found[size]['pages'][name]:>10.1f}" for size in sizes))
    print(f"\n{'known':>8} {'checked':>8} {'index s':>8} {'check s':>8} {'found':>7} {'planted':>8} {'memory MB':>10}")
    for size, row in found.items():
        twins = row["twins"]
        print(
            f"{size:>8} {size // 2:>8} {twins['index']:>8.2f} {twins['check']:>8.2f} {twins['found']:>7} "
            f"{twins['planted']:>8} {twins['memory']:>10.0f}"
        )
    if len(sizes) > 1:
        first, last = min(sizes), max(sizes)
        times = [found[size]["twins"]["check"] for size in (first, last)]
        print(f"exponent {math.log(times[1] / times[0]) / math.log(last / first):.2f}")
    for size, row in found.items():
        print(f"{size:>8} questions written with their search index in {row['fill']:.1f} s")


def run(size: int) -> dict[str, dict[str, float]]:
    """One size, in two processes: the pages, and the near-duplicates."""
    row = {}
    for part in ("pages", "twins"):
        with tempfile.TemporaryDirectory() as folder:
            environment = os.environ | {
                "VAR_DIR": folder, "SANZHEN_ENV": "test", "BENCH_ROWS": str(size), "BENCH_PART": part,
            }  # fmt: skip
            done = subprocess.run(
                [sys.executable, __file__], env=environment, cwd=ROOT, check=True, capture_output=True, text=True
            )
        row |= json.loads(done.stdout.splitlines()[-1])
    return row


def timed(action: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds that a call takes."""
    begin = clock()
    action()
    return clock() - begin


def measure_pages(size: int) -> dict[str, object]:
    """The list page with each of the filters, in milliseconds."""
    from django.core.management import call_command
    from django.test import Client

    from exams.bank.models import Question, Topic
    from lms.access.roles import Role
    from lms.organisations.models import Industry
    from tests.bench._question_bank_data import fill_bank
    from tests.factories.lms import RoleAssignmentFactory, UserFactory

    call_command("migrate", verbosity=0)
    call_command("load_register", verbosity=0, stdout=io.StringIO())
    fill = timed(lambda: fill_bank(size), time.process_time)
    editor = UserFactory()
    RoleAssignmentFactory(person=editor, role=Role.EDITOR)
    client = Client()
    client.force_login(editor)
    place = {"topic": Topic.objects.all()[3].pk, "industry": Industry.objects.all()[1].pk}

    def page(query: str) -> None:
        assert client.get(f"/exams/bank/{query.format(**place)}").status_code == 200

    times = {}
    for name, query in PAGES.items():
        page(query)
        times[name] = 1000 * min(timed(lambda query=query: page(query), time.process_time) for _ in range(5))
    newest = Question.objects.order_by("-pk").select_related("current")
    times["floor"] = 1000 * min(timed(lambda: list(newest[:25]), time.process_time) for _ in range(5))
    return {"pages": times, "fill": fill}


def measure_twins(size: int) -> dict[str, object]:
    """Near-duplicates among `size` known questions, half as many new ones checked and added."""
    from exams.bank.similarity import SimilarTexts, comparable
    from tests.bench._question_bank_data import contents, edited

    chance = random.Random(9)
    pairs = [(f"k{n}", comparable(content)) for n, content in enumerate(contents(size, seed=2))]
    copies = (comparable(edited(content, chance)) for content in contents(size // 20, seed=2))
    planted = [place for place in range(size // 2) if place % 10 == 0]
    asked = [(f"n{n}", comparable(content)) for n, content in enumerate(contents(size // 2, seed=3))]
    for place, text in zip(planted, copies, strict=True):
        asked[place] = (f"n{place}", text)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    texts = SimilarTexts()
    texts.add_many(pairs)
    index = timed(texts.refresh, time.process_time)
    found = []
    check = timed(lambda: found.extend(texts.check_many(asked)), time.process_time)
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    hits = sum(match is not None for match in found)
    return {"twins": {"index": index, "check": check, "found": hits, "planted": len(planted), "memory": memory}}


def measure() -> None:
    """The part of the size that the environment names, as one line of JSON."""
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings"
    import django

    django.setup()
    part = {"pages": measure_pages, "twins": measure_twins}[os.environ["BENCH_PART"]]
    print(json.dumps(part(int(os.environ["BENCH_ROWS"]))))


if __name__ == "__main__":
    if "BENCH_PART" in os.environ:
        measure()
    else:
        main([int(text) for text in sys.argv[1:]] or SIZES)
