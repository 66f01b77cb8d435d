"""Import of a question sheet on SQLite: time and peak memory at three sizes, beside the floor of its inserts.

    python tests/bench/question_import.py [rows …]        (default 5000 15000 50000)

Every size runs in a process of its own with a fresh bank, so that peak memory is its own. `check` is the dry run, with
the search for near duplicates; `write` the confirmed import, which checks again; `near` the share of the search in the
check. The floor is what a bare script needs for reading the workbook and one bulk insert of the same questions.
"""

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
SIZES = (5_000, 15_000, 50_000)
SEED = 20261124
PLACES = ["污水池", "反应釜", "除尘器", "配电室", "脚手架", "冷库", "酸洗槽", "发酵罐", "锅炉房", "喷漆房", "窨井"]
WORKS = ["清淤", "动火", "检修", "吊装", "登高", "临时用电", "换滤袋", "倒罐", "试压", "取样", "涂装", "断路"]
PEOPLE = ["班组长", "监护人", "电工", "焊工", "安全员", "外包队长", "新工人", "值班员", "叉车司机", "厂长"]
EVENTS = ["闻到异味", "报警器响", "突然停电", "有人头晕", "票证过期", "护栏缺口", "风机坏了", "下起大雨", "通道被堵"]
DOINGS = [
    "立即停下来", "先通风再检测", "报告值班领导", "重新办理审批", "撤到上风口", "挂牌上锁", "换一个人继续",
    "等一会儿再干", "口头说一声", "拍照留证", "清点人数", "断开电源", "派人守住入口", "戴好呼吸器",
]  # fmt: skip


def main(sizes: Sequence[int] = SIZES) -> None:
    """Run every size and print the table."""
    titles = ("check s", "write s", "sum s", "of it CPU", "near s", "floor s", "× floor", "peak MB")
    print(f"{'rows':>7} " + " ".join(f"{title:>9}" for title in titles), flush=True)
    times = {}
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            environment = os.environ | {"VAR_DIR": folder, "SANZHEN_ENV": "test", "BENCH_ROWS": str(rows)}
            done = subprocess.run(
                [sys.executable, __file__], env=environment, cwd=ROOT, check=True, capture_output=True, text=True
            )
        check, write, busy, near, floor, peak = (float(part) for part in done.stdout.split())
        times[rows] = check + write
        cells = (check, write, check + write, busy, near, floor, (check + write) / floor)
        print(f"{rows:>7} " + " ".join(f"{cell:>9.2f}" for cell in cells) + f" {peak:>9.0f}", flush=True)
    if len(times) > 1:
        first, last = min(times), max(times)
        print(f"exponent {math.log(times[last] / times[first]) / math.log(last / first):.2f}")


def measure(rows: int) -> None:
    """One size: prints check, write, CPU of both, search, floor (seconds) and peak memory (MB)."""
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    path = Path(os.environ["VAR_DIR"]) / "questions.xlsx"
    sheet(path, rows)
    source = upload(path)
    begin = time.process_time()
    check = timed(lambda: work(source))
    write = timed(lambda: apply(source))
    busy = time.process_time() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    from exams.bank.models import Question

    assert Question.objects.count() == rows, Question.objects.count()
    print(check, write, busy, timed(search), timed(lambda: floor(path)), peak)


def timed(action: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def sheet(path: Path, rows: int) -> None:
    """A workbook of different questions in the words of the trade."""
    import xlsxwriter

    from exams.bank.sheet import HEADER

    chance = random.Random(SEED)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, HEADER)
    for number in range(rows):
        place, act, who, event = (chance.choice(words) for words in (PLACES, WORKS, PEOPLE, EVENTS))
        stem = f"某厂{place}{act}时{event}，{who}{number}号应当怎么办？现场有{chance.randrange(2, 60)}人。"
        options = chance.sample(DOINGS, 4)
        page.write_row(number + 1, 0, [
            "单选题", stem, *options, "", "", chance.choice("ABCD"), f"依据第{number}号规定，{options[0]}。", "2", "2",
            "有限空间作业", "通用", "",
        ])  # fmt: skip
    book.close()


def upload(path: Path) -> object:
    """The uploaded file of an editor, its job not yet run."""
    from django.core.files.base import ContentFile

    from exams.bank.import_actions import start_import
    from exams.bank.models import Topic
    from lms.kit.clock import current_time
    from tests.factories.lms import UserFactory

    Topic.objects.get_or_create(name="有限空间作业")
    from unittest.mock import patch

    with patch("lms.jobs.actions.transaction.on_commit"):
        return start_import(upload=ContentFile(path.read_bytes(), name=path.name), by=UserFactory(), now=current_time())


def work(source: object) -> None:
    """What the worker does with the job under way."""
    from lms.jobs.actions import run_job
    from lms.kit.clock import current_time

    source.refresh_from_db()
    run_job(job_id=source.job_id, now=current_time())
    source.refresh_from_db()
    source.job.refresh_from_db()
    assert source.job.status == "done", source.job.message
    assert source.bad == 0, source.figures


def apply(source: object) -> None:
    """Confirm and write."""
    from unittest.mock import patch

    from exams.bank.import_actions import confirm_import
    from lms.kit.clock import current_time

    with patch("lms.jobs.actions.transaction.on_commit"):
        confirm_import(source=source, by=source.owner, now=current_time())
    work(source)


def search() -> None:
    """The search alone, over the texts that are now in the bank."""
    from exams.bank.queries import comparable_texts
    from exams.bank.similarity import SimilarTexts

    SimilarTexts().check_many(list(comparable_texts()))


def floor(path: Path) -> None:
    """Read the workbook, insert as many bare questions and versions in one transaction, without any check."""
    from django.db import transaction

    from exams.bank.models import Question, QuestionVersion, Topic
    from lms.kit.clock import current_time
    from lms.kit.sheets import read_rows

    lines, now = list(read_rows(path))[1:], current_time()
    topic = Topic.objects.get()
    with transaction.atomic():
        questions = Question.objects.bulk_create(
            Question(code=f"F{n:07d}", type="single", topic=topic, stem_hash="", created_at=now, changed_at=now)
            for n in range(len(lines))
        )
        QuestionVersion.objects.bulk_create(
            QuestionVersion(
                question=question, number=1, type="single", stem=line[1],
                options=[{"id": f"o{n}", "text": text} for n, text in enumerate(line[2:6], 1)], key=["o1"],
                default_points=2, created_at=now,
            )
            for question, line in zip(questions, lines, strict=True)
        )  # fmt: skip


if __name__ == "__main__":
    if "BENCH_ROWS" in os.environ:
        measure(int(os.environ["BENCH_ROWS"]))
    else:
        main([int(text) for text in sys.argv[1:]] or SIZES)
