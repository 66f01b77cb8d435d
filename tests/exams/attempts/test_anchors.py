"""Anchors: what they hold, and that a rewritten record is found even when its chain was mended."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from exams.attempts import actions
from exams.attempts.anchor_actions import anchor_faults, write_anchor
from exams.attempts.anchor_models import Anchor
from exams.attempts.anchoring import BadAnchor, Head, anchor_text, digest_of, heads_in
from exams.attempts.chain import link
from exams.attempts.ledger import chain_key, chained_fields, first_hash
from exams.attempts.models import AnswerEvent, Attempt
from exams.attempts.packets import packet_of
from exams.attempts.verification import verify
from lms.audit.models import AuditEntry
from tests.factories.exams import NOW

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
NIGHT = NOW + timedelta(hours=18)


def answer(attempt, number, response, now):
    packet = packet_of({"client": 1, "changes": [{"number": number, "position": 1, "response": [response]}]})
    actions.save_answers(attempt_key=attempt.key, by=attempt.person, packet=packet, now=now)


def alter(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_an_anchor_holds_the_heads_and_its_digest_is_in_the_audit_log(attempt):
    answer(attempt, 1, "o1", NOW + MINUTE)
    answer(attempt, 2, "o2", NOW + 2 * MINUTE)
    anchor = write_anchor(now=NIGHT)
    head = Attempt.objects.get().head_hash
    with anchor.file.open("rb") as handle:
        text = handle.read().decode()
    assert text == f"sanzhen anchor 1\nprevious -\n{attempt.key} 2 {head}\n"
    assert anchor.digest == digest_of(text)
    assert AuditEntry.objects.get(action="attempts.anchored").detail["digest"] == anchor.digest
    assert list(anchor_faults()) == []


def test_the_next_anchor_holds_what_went_on_and_names_the_one_before(attempt):
    answer(attempt, 1, "o1", NOW + MINUTE)
    first = write_anchor(now=NIGHT)
    assert write_anchor(now=NIGHT + MINUTE) is None
    answer(attempt, 2, "o2", NOW + 3 * MINUTE)
    second = write_anchor(now=NIGHT + timedelta(days=1))
    assert (second.previous, second.attempts) == (first.digest, 1)
    assert list(anchor_faults()) == []


def test_events_of_the_last_minutes_wait_for_the_next_anchor(attempt):
    answer(attempt, 1, "o1", NOW + MINUTE)
    assert write_anchor(now=NOW + 5 * MINUTE) is None


def test_a_record_that_was_rewritten_with_its_chain_is_found(attempt):
    """Somebody with the key of the chain and the database: everything agrees, but not with the anchor."""
    answer(attempt, 1, "o1", NOW + MINUTE)
    write_anchor(now=NIGHT)
    event = AnswerEvent.objects.get()
    event.response = ["o2"]
    attempt = Attempt.objects.select_related("exam").get()
    mended = link(chain_key(), first_hash(attempt), chained_fields(event))
    alter("UPDATE exams_answerevent SET response = %s, hash = %s", '["o2"]', mended)
    alter("UPDATE exams_answer SET response = %s", '["o2"]')
    alter("UPDATE exams_attempt SET head_hash = %s", mended)
    assert verify(Attempt.objects.select_related("exam").get()) == []
    assert list(anchor_faults()) == [
        f"anchor {Anchor.objects.get().pk}: attempt {attempt.key}: event 1 is not what was anchored"
    ]


def test_an_altered_file_is_found(attempt):
    answer(attempt, 1, "o1", NOW + MINUTE)
    anchor = write_anchor(now=NIGHT)
    with open(anchor.file.path, "a") as handle:  # noqa: PTH123
        handle.write("x")
    assert next(anchor_faults()) == f"anchor {anchor.pk}: file or digest altered"


def test_the_command_writes_checks_and_exports(attempt, tmp_path):
    answer(attempt, 1, "o1", NOW - timedelta(days=1) + MINUTE)
    out = io.StringIO()
    AnswerEvent.objects.all()
    call_command("anchor_attempts", stdout=out)
    call_command("anchor_attempts", "--check", stdout=out)
    call_command("anchor_attempts", "--export", str(tmp_path), stdout=out)
    assert "1 attempts anchored" in out.getvalue()
    assert "1 anchors checked, all agree" in out.getvalue()
    assert len(list(tmp_path.iterdir())) == 1
    alter("UPDATE exams_answerevent SET hash = %s", "0" * 64)
    with pytest.raises(CommandError, match="1 faults"):
        call_command("anchor_attempts", "--check", stdout=out)


@pytest.mark.parametrize("text", ["", "something else\n", "sanzhen anchor 1\nprevious -\nno head\n"])
def test_a_foreign_file_is_refused(text):
    with pytest.raises(BadAnchor):
        list(heads_in(text))


def test_a_file_reads_back_as_it_was_written():
    heads = [Head("b", 2, "2" * 64), Head("a", 1, "1" * 64)]
    assert list(heads_in(anchor_text(heads, previous="p"))) == [heads[1], heads[0]]
