"""Compares what candidates were told with what the database holds; prints the differences as JSON.

Reads the ledger (JSON) from standard input: {"sent": {attempt: [[client, number, position, response], …]},
"acknowledged": {attempt: [[client, number], …]}, "receipts": {attempt: code}, "owners": {attempt: person}}.
"""

# ruff: noqa: E402
import json
import os
import sys
from collections import Counter
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults._settings")

import django

django.setup()

from exams.attempts.models import Attempt, AttemptStatus
from exams.attempts.verification import verify


def differences(ledger: dict[str, Any]) -> dict[str, list[str]]:
    """What was lost, doubled, foreign, or does not agree with its own record."""
    found: dict[str, list[str]] = {"lost": [], "duplicated": [], "wrong_owner": [], "record": [], "receipt": []}
    for key, owner in ledger["owners"].items():
        attempt = Attempt.objects.select_related("exam").get(key=key)
        events = list(attempt.events.filter(kind__in=["answer", "late"]).order_by("sequence"))
        stored = Counter((event.client, event.client_number) for event in events)
        held = set(attempt.held_changes.values_list("client", "client_number"))
        sent = {(client, number): (position, response) for client, number, position, response in ledger["sent"][key]}
        found["lost"] += [
            f"{key} {n}" for n in map(tuple, ledger["acknowledged"][key]) if not stored[n] and n not in held
        ]
        found["duplicated"] += [f"{key} {stamp}" for stamp, count in stored.items() if count > 1]
        found["wrong_owner"] += [
            f"{key} #{event.sequence}"
            for event in events
            if sent.get((event.client, event.client_number)) != (event.position, event.response)
            or attempt.person_id != owner
        ]
        found["record"] += [f"{key} {finding.row} {finding.reason}" for finding in verify(attempt)]
        code = ledger["receipts"].get(key)
        if code is not None and (attempt.receipt != code or attempt.status != AttemptStatus.SUBMITTED):
            found["receipt"].append(f"{key} {code} ≠ {attempt.receipt}")
    return found


if __name__ == "__main__":
    print(json.dumps(differences(json.load(sys.stdin))))
