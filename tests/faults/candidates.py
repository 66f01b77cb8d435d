"""Candidates that behave as the page's script does: number, send, send again until it is acknowledged."""

import contextlib
import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

TOKEN = "f" * 32
PATIENCE, REST = 5.0, 0.1  # seconds until a request counts as lost; between two tries


@dataclass
class Ledger:
    """What was sent and what the server said about it, by attempt. Written by many threads."""

    owners: dict[str, int] = field(default_factory=dict)
    sent: dict[str, list[Any]] = field(default_factory=dict)
    acknowledged: dict[str, list[Any]] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self, key: str, owner: int) -> None:
        """A candidate comes in."""
        self.owners[key] = owner
        self.sent.setdefault(key, [])
        self.acknowledged.setdefault(key, [])

    def as_json(self) -> str:
        """For the oracle."""
        names = ("owners", "sent", "acknowledged", "receipts")
        return json.dumps({name: getattr(self, name) for name in names})


class Candidate:
    """One person at one device. `port()` is asked before each try, because servers come back elsewhere."""

    def __init__(self, row: dict[str, Any], ledger: Ledger, port: Any, *, client: int, items: int) -> None:
        self.row, self.ledger, self.port, self.client, self.items = row, ledger, port, client, items
        self.key = str(row["key"])
        self.number = 0
        self.chance = random.Random(f"{self.key}{client}")
        self.tries = 0
        ledger.open(self.key, int(row["person"]))

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """One try; raises OSError or http.client.HTTPException when no answer came."""
        self.tries += 1
        connection = http.client.HTTPConnection("127.0.0.1", self.port(), timeout=PATIENCE)
        headers = {
            "Content-Type": "application/json", "X-CSRFToken": TOKEN,
            "Cookie": f"sessionid={self.row['session']}; csrftoken={TOKEN}",
        }  # fmt: skip
        with contextlib.closing(connection):
            connection.request("POST", f"/exams/attempts/{self.key}/{path}/", json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read()
        return answer.status, json.loads(text) if "json" in (answer.getheader("Content-Type") or "") else {}

    def until(self, path: str, body: dict[str, Any], *, seconds: float = 60) -> tuple[int, dict[str, Any]]:
        """Try until the server has answered; every failure is tried again, as the page does."""
        end = time.monotonic() + seconds
        while True:
            try:
                status, content = self.post(path, body)
                if status < 500:
                    return status, content
                self.ledger.errors.append(str(status))
            except (OSError, http.client.HTTPException) as error:
                self.ledger.errors.append(type(error).__name__)
            if time.monotonic() > end:
                raise TimeoutError(f"{path}: no answer for {seconds} s")
            time.sleep(REST * self.chance.uniform(0.5, 1.5))

    def changes(self, count: int = 1, *, made_at: str | None = None) -> list[dict[str, Any]]:
        """New answers, noted as sent."""
        made = []
        for _ in range(count):
            self.number += 1
            position, response = self.chance.randint(1, self.items), [f"o{self.chance.randint(1, 4)}"]
            change: dict[str, Any] = {"number": self.number, "position": position, "response": response}
            made.append(change | ({"made_at": made_at} if made_at else {}))
            with self.ledger.lock:
                self.ledger.sent[self.key].append([self.client, self.number, position, response])
        return made

    def note(self, numbers: list[int]) -> None:
        """The server has these for good."""
        with self.ledger.lock:
            self.ledger.acknowledged[self.key] += [[self.client, number] for number in numbers]

    def save(self, changes: list[dict[str, Any]], **more: Any) -> int:
        """A packet until it is answered; returns the status."""
        status, content = self.until("save", {"client": self.client, "changes": changes}, **more)
        self.note(content.get("acknowledged", []) + content.get("held", []))
        return status

    def write(self, packets: int, *, pause: float = 0.0) -> None:
        """So many packets of one to three answers, one after the other; now and then one is sent again."""
        for _ in range(packets):
            changes = self.changes(self.chance.randint(1, 3))
            self.save(changes)
            if self.chance.random() < 0.2:
                self.save(changes)
            time.sleep(pause)

    def submit(self) -> str:
        """Hand in until there is a receipt."""
        changes = self.changes()
        _, content = self.until("submit", {"client": self.client, "changes": changes})
        self.note(content["acknowledged"] + content["held"])
        with self.ledger.lock:
            self.ledger.receipts[self.key] = content["receipt"]
        return str(content["receipt"])


def side_by_side(*works: Any) -> None:
    """Run all at once; the first error is raised."""
    errors: list[BaseException] = []

    def run(work: Any) -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
