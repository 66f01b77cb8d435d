import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from exams.attempts.receipts import CODE_FORM, Receipt, Submission, holds, issue, tidy

SEED = base64.b64encode(b"s" * 32).decode()
SUBMISSION = Submission("3f0c", "ab" * 32, 17, datetime(2026, 11, 24, 1, 48, 31, tzinfo=UTC))


def test_the_same_submission_has_one_receipt():
    receipt = issue(SEED, SUBMISSION)
    assert receipt == issue(SEED, SUBMISSION)
    assert CODE_FORM.match(receipt.code)
    assert holds(SEED, SUBMISSION, receipt)


@pytest.mark.parametrize(
    "change",
    [
        {"attempt": "3f0d"},
        {"head_hash": "ac" * 32},
        {"event_count": 18},
        {"submitted_at": SUBMISSION.submitted_at + timedelta(microseconds=1)},
    ],
)
def test_any_change_breaks_it(change):
    assert not holds(SEED, replace(SUBMISSION, **change), issue(SEED, SUBMISSION))


def test_code_and_signature_belong_together():
    receipt = issue(SEED, SUBMISSION)
    assert not holds(SEED, SUBMISSION, Receipt("0000-0000-0000", receipt.signature))
    assert not holds(SEED, SUBMISSION, Receipt(receipt.code, "not base64"))
    assert not holds(base64.b64encode(b"t" * 32).decode(), SUBMISSION, receipt)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7K2M-Q9XD-41FA", "7K2M-Q9XD-41FA"),
        ("7k2m q9xd 41fa", "7K2M-Q9XD-41FA"),
        ("7K2MQ9XD4lFA", "7K2M-Q9XD-41FA"),
        ("7K2M–Q9XD–OOFA", "7K2M-Q9XD-00FA"),
        ("7K2M-Q9XD", ""),
        ("7K2M-Q9XD-41FU", ""),
        ("", ""),
        ("'; drop table", ""),
    ],
)
def test_what_people_type(typed, code):
    assert tidy(typed) == code
