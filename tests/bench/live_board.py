"""The live board and the pulse of open pages at three sizes on SQLite: time of the server, beside a floor.

    python tests/bench/live_board.py [candidates …]        (default 50 150 500)

Everybody writes and has answered 50 questions, one in ten has signals. Board: the whole page, and the rows that its
script asks for every four seconds; floor: the attempts of the exam with their people, by hand. Pulse: a page without
news, and with; floor: the attempt by its key. Milliseconds of the processor, views with middleware, best of seven.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SIZES = (50, 150, 500)
ITEMS = 50
NAMES = ("board", "rows", "rows KB", "floor of the rows", "pulse", "pulse with news", "floor of the pulse")


def main(sizes: Sequence[int] = SIZES) -> None:
    """Run every size and print the table."""
    found = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            environment = os.environ | {"VAR_DIR": folder, "SANZHEN_ENV": "test", "BENCH_ROWS": str(size)}
            done = subprocess.run(
                [sys.executable, __file__], env=environment, cwd=ROOT, check=True, capture_output=True, text=True
            )
        found[size] = json.loads(done.stdout.splitlines()[-1])
    print(f"{'candidates':<22}" + "".join(f"{size:>9}" for size in sizes) + "   ms of CPU")
    for name in NAMES:
        print(f"{name:<22}" + "".join(f"{found[size][name]:>9.1f}" for size in sizes))
    if len(sizes) > 1:
        first, last = min(sizes), max(sizes)
        slope = math.log(found[last]["rows"] / found[first]["rows"]) / math.log(last / first)
        print(f"exponent of the rows over candidates {slope:.2f}")


def measure(size: int) -> dict[str, float]:
    """One size."""
    from django.core.management import call_command
    from django.test import Client
    from django.utils import timezone

    from exams.attempts.models import Attempt
    from lms.access.roles import Role
    from tests.factories.lms import RoleAssignmentFactory, UserFactory

    call_command("migrate", verbosity=0)
    exam = room(size)
    proctor = UserFactory()
    RoleAssignmentFactory(person=proctor, role=Role.ADMINISTRATOR)
    desk = Client()
    desk.force_login(proctor)
    attempt = Attempt.objects.select_related("person").first()
    assert attempt is not None
    phone = Client()
    phone.force_login(attempt.person)
    seen = timezone.now() + timedelta(hours=1)
    Attempt.objects.filter(pk=attempt.pk).update(last_seen_at=seen)
    address = f"/exams/office/{exam.pk}/live/"

    def beat(news: int) -> None:
        body = json.dumps({"client": 1, "news": news, "messages_seen": 0, "signals": []})
        answer = phone.post(f"/exams/attempts/{attempt.key}/pulse/", body, content_type="application/json")
        assert answer.status_code == 200, answer.content

    return {
        "board": best(lambda: desk.get(address)),
        "rows": best(lambda: desk.get(f"{address}rows/")),
        "rows KB": len(desk.get(f"{address}rows/").content) / 1024,
        "floor of the rows": best(lambda: list(Attempt.objects.filter(exam=exam).select_related("person"))),
        "pulse": best(lambda: beat(0)),
        "pulse with news": best(lambda: beat(-1)),
        "floor of the pulse": best(lambda: Attempt.objects.select_related("exam").get(key=attempt.key)),
    }


def best(action: Callable[[], Any], times: int = 7) -> float:
    """Milliseconds of the processor, the best of so many after one that warms up."""
    action()
    found = []
    for _ in range(times):
        begin = time.process_time()
        action()
        found.append(time.process_time() - begin)
    return 1000 * min(found)


def room(size: int) -> Any:
    """So many people who write."""
    from django.utils import timezone

    from exams.attempts.actions import save_answers, start_attempt
    from exams.attempts.models import Attempt
    from exams.attempts.packets import packet_of
    from exams.integrity.actions import take_signals
    from lms.people.models import Employment, User
    from lms.regulations.actions import load_rules
    from lms.regulations.starter import starter_rules
    from tests.factories.exams import exam_with_papers
    from tests.factories.lms import EnterpriseFactory

    load_rules(rows=starter_rules())
    now = timezone.now()
    window = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=9), "minutes": 600}
    exam = exam_with_papers(papers=1, singles=ITEMS, multiples=0, judgements=0, points=1, **window)
    plant = EnterpriseFactory()
    for number in range(size):
        person = User.objects.create(username=f"B{number:05d}", name="薛桂芬", password="!")
        Employment.objects.create(person=person, enterprise=plant, started_on=now.date())
        attempt = start_attempt(exam_id=exam.pk, by=person, now=now)
        rows = [{"number": n, "position": n, "response": ["o1"]} for n in range(1, ITEMS + 1)]
        save_answers(attempt_key=attempt.key, by=person, packet=packet_of({"client": 1, "changes": rows}), now=now)
        if number % 10 == 0:
            leave = {"kind": "left_page", "at": now.isoformat(), "seconds": 9, "detail": {"how": "hidden"}}
            opened = Attempt.objects.select_related("exam").get(pk=attempt.pk)
            take_signals(attempt=opened, signals=[leave], now=now)
    return exam


if __name__ == "__main__":
    if "BENCH_ROWS" in os.environ:
        sys.path.insert(0, str(ROOT))
        os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings"
        import django

        django.setup()
        print(json.dumps(measure(int(os.environ["BENCH_ROWS"]))))
    else:
        main([int(text) for text in sys.argv[1:]] or SIZES)
