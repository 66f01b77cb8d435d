"""What a browser may send during an attempt, checked before anything touches it.

A response is a flat list of strings whatever the type (`exams.bank.responses`); order and repetitions are kept as
they were sent. Saving knows no types: what a response means is decided by grading.
"""

import re
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator

from exams.attempts.convergence import Change, Stamp

MAX_CHANGES = 500
BIGGEST = 2**53 - 1  # the largest whole number that JavaScript counts exactly
MAX_STRINGS, MAX_STRING, MAX_CHARACTERS = 200, 4_000, 12_000
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # all but tab and new line; databases refuse NUL


class BadPacket(Exception):
    """The packet is malformed; `problems` say where and what."""

    def __init__(self, problems: list[dict[str, str]]) -> None:
        super().__init__(problems)
        self.problems = problems


class ChangeIn(BaseModel):
    """One change: which question, what was answered, the client's number for it, the browser's clock."""

    model_config = ConfigDict(extra="forbid", strict=True)

    number: int = Field(ge=1, le=BIGGEST)
    position: int = Field(ge=1, le=1000)
    response: list[str] = Field(max_length=MAX_STRINGS)
    made_at: AwareDatetime | None = Field(default=None, strict=False)

    @field_validator("response")
    @classmethod
    def bounded(cls, value: list[str]) -> list[str]:
        """Short enough to store and free of control characters."""
        if max(map(len, value), default=0) > MAX_STRING:
            raise ValueError(f"a string has more than {MAX_STRING} characters")
        text = "".join(value)
        if len(text) > MAX_CHARACTERS:
            raise ValueError(f"more than {MAX_CHARACTERS} characters")
        if CONTROL.search(text):
            raise ValueError("a control character")
        return value


class Packet(BaseModel):
    """Changes of one browser; `client` is that browser's random number. Without changes it asks for the time."""

    model_config = ConfigDict(extra="forbid", strict=True)

    client: int = Field(ge=1, le=BIGGEST)
    changes: list[ChangeIn] = Field(max_length=MAX_CHANGES)

    @property
    def numbers(self) -> list[int]:
        """The numbers to acknowledge."""
        return [change.number for change in self.changes]

    def to_changes(self) -> list[Change]:
        """For the ledger."""
        return [
            Change(Stamp(change.number, self.client), change.position, tuple(change.response), change.made_at)
            for change in self.changes
        ]


def parse_packet(body: bytes) -> Packet:
    """Read the JSON of a request; raises BadPacket with every problem."""
    try:
        return Packet.model_validate_json(body or b"{}")
    except ValidationError as error:
        raise BadPacket(problems_of(error)) from None


def packet_of(data: dict[str, Any]) -> Packet:
    """A packet from plain data; raises BadPacket with every problem."""
    try:
        return Packet.model_validate(data)
    except ValidationError as error:
        raise BadPacket(problems_of(error)) from None


def problems_of(error: ValidationError) -> list[dict[str, str]]:
    """Where and what, without what was sent."""
    return [
        {"where": ".".join(str(part) for part in problem["loc"]) or "body", "what": problem["msg"]}
        for problem in error.errors(include_url=False, include_input=False, include_context=False)
    ]


def check_positions(changes: list[Change], *, item_count: int) -> None:
    """Refuse questions that the paper does not have; raises BadPacket."""
    problems = [
        {"where": f"changes.{index}.position", "what": f"the paper has {item_count} questions"}
        for index, change in enumerate(changes)
        if change.position > item_count
    ]
    if problems:
        raise BadPacket(problems)


def now_in_ms(moment: datetime) -> int:
    """Milliseconds since 1970, as browsers count."""
    return int(moment.timestamp() * 1000)
