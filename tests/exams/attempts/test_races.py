"""Twenty requests at once, on a database that lets writers run side by side."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from exams.attempts import actions
from exams.attempts.models import Answer, AnswerEvent, Attempt
from exams.attempts.packets import Packet
from exams.attempts.verification import verify
from lms.coverage.models import Outcome, OutcomeKind
from tests.exams.attempts.conftest import right_answers
from tests.factories.exams import NOW, exam_with_papers

THREADS = 20


@pytest.fixture
def side_by_side():
    """`side_by_side(work)`: runs `work(n)` in twenty threads that begin together; returns the results."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one writer in at a time; this needs PostgreSQL (DATABASE_URL)")

    def run(work):
        barrier = Barrier(THREADS)

        def one(number):
            barrier.wait()
            try:
                return work(number)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(one, range(THREADS)))

    return run


def change(number, position, response):
    return {"number": number, "position": position, "response": response}


@pytest.mark.django_db(transaction=True)
def test_starting_twenty_times_at_once_gives_one_attempt(exam, person, side_by_side):
    attempts = side_by_side(lambda n: actions.start_attempt(exam_id=exam.pk, by=person, now=NOW))
    assert len({attempt.pk for attempt in attempts}) == 1
    assert Attempt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_handing_in_twenty_times_at_once_gives_one_receipt(attempt, side_by_side):
    key = right_answers(attempt)
    packet = Packet.model_validate({"client": 1, "changes": [change(p, p, key[p]) for p in key]})
    done = side_by_side(
        lambda n: actions.submit_attempt(attempt_key=attempt.key, by=attempt.person, packet=packet, now=NOW)
    )
    assert len({row.receipt for row in done}) == 1
    assert AnswerEvent.objects.count() == len(key) + 1
    assert Outcome.objects.filter(kind=OutcomeKind.EXAM_PASSED).count() == 1
    assert verify(Attempt.objects.get()) == []


@pytest.mark.django_db(transaction=True)
def test_twenty_packets_at_once_all_count(rules, person, side_by_side):
    exam = exam_with_papers(singles=THREADS, multiples=0, judgements=0)
    attempt = actions.start_attempt(exam_id=exam.pk, by=person, now=NOW)

    def work(n):
        changes = [change(1, n + 1, ["o2"]), change(2, 1, [f"o{n}"])]
        packet = Packet.model_validate({"client": n + 1, "changes": changes})
        return actions.save_answers(attempt_key=attempt.key, by=person, packet=packet, now=NOW).acknowledged

    assert side_by_side(work) == [[1, 2]] * THREADS
    assert AnswerEvent.objects.count() == 2 * THREADS
    assert Answer.objects.get(position=1).response == [f"o{THREADS - 1}"]
    assert Answer.objects.exclude(position=1).count() == THREADS - 1
    assert verify(Attempt.objects.get()) == []
