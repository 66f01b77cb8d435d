"""`verify_attempts` names every altered row."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from exams.attempts import actions
from exams.attempts.models import Answer, AnswerEvent, Attempt
from exams.attempts.packets import Packet
from tests.factories.exams import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def handed_in(attempt):
    """Four answers saved, then handed in."""
    changes = [{"number": n, "position": n, "response": [o]} for n, o in enumerate(["o2", "o1", "o1", "true"], start=1)]
    packet = Packet.model_validate({"client": 1, "changes": changes})
    actions.save_answers(attempt_key=attempt.key, by=attempt.person, packet=packet, now=NOW)
    return actions.submit_attempt(attempt_key=attempt.key, by=attempt.person, now=NOW + timedelta(minutes=5))


def alter(sql, *params):
    """What somebody with a database console does."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def report():
    out = io.StringIO()
    try:
        call_command("verify_attempts", stdout=out)
    except CommandError as error:
        return out.getvalue() + str(error)
    return out.getvalue()


def test_an_untouched_record_agrees(handed_in):
    assert "1 attempts checked, all agree" in report()


def test_an_altered_event_is_named(handed_in):
    event = AnswerEvent.objects.get(sequence=2)
    alter("UPDATE exams_answerevent SET response = %s WHERE id = %s", '["o2"]', event.pk)
    found = report()
    assert f"exams.answerevent:{event.pk}: event 2 altered" in found
    assert "event 3 altered" not in found


def test_a_deleted_event_is_named(handed_in):
    alter("DELETE FROM exams_answerevent WHERE sequence = 3")
    assert "event 3 missing" in report()


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("UPDATE exams_answer SET response = '[\"o2\"]' WHERE position = 2", "answer 2 altered"),
        ("UPDATE exams_answer SET points = 2 WHERE position = 2", "points of answer 2 altered"),
        ("UPDATE exams_attempt SET score = 8", "score altered"),
        ("UPDATE exams_attempt SET passed = NOT passed", "verdict altered"),
        ("UPDATE exams_attempt SET event_count = 4", "end of chain altered"),
        ("UPDATE exams_attempt SET seed = 1", "event 1 altered"),
        ("UPDATE exams_attempt SET receipt_signature = ''", "receipt does not hold"),
        ("UPDATE exams_attempt SET deadline_at = started_at", "submission differs from its event"),
    ],
)
def test_every_other_alteration_is_named(handed_in, sql, reason):
    alter(sql)
    found = report()
    assert reason in found
    assert str(handed_in.key) in found
    assert "1 attempts checked, 1 do not agree" in found


def test_an_open_attempt_is_checked_too(attempt):
    packet = Packet.model_validate({"client": 1, "changes": [{"number": 1, "position": 1, "response": ["o1"]}]})
    actions.save_answers(attempt_key=attempt.key, by=attempt.person, packet=packet, now=NOW)
    assert "all agree" in report()
    Answer.objects.update(response=["o2"])
    assert "answer 1 altered" in report()
    assert Attempt.objects.get().status == "writing"
