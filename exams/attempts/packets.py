"""What a browser may send during an attempt, checked before anything touches it."""

from datetime import datetime
from typing import Annotated, Any

from django.http import QueryDict
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from exams.attempts.convergence import Change, Stamp

MAX_CHANGES = 500
BIGGEST = 2**53 - 1  # the largest whole number that JavaScript counts exactly
OptionId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,20}$")]


class BadPacket(Exception):
    """The packet is malformed; `problems` say where and what."""

    def __init__(self, problems: list[dict[str, str]]) -> None:
        super().__init__(problems)
        self.problems = problems


class ChangeIn(BaseModel):
    """One change: which question, which options, the client's number for it, the browser's clock."""

    model_config = ConfigDict(extra="forbid", strict=True)

    number: int = Field(ge=1, le=BIGGEST)
    position: int = Field(ge=1, le=1000)
    response: list[OptionId] = Field(max_length=20)
    made_at: AwareDatetime | None = Field(default=None, strict=False)

    @field_validator("response")
    @classmethod
    def each_option_once(cls, value: list[str]) -> list[str]:
        """Options as a sorted set."""
        if len(set(value)) != len(value):
            raise ValueError("an option is named twice")
        return sorted(value)


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
        raise BadPacket(
            [
                {"where": ".".join(str(part) for part in problem["loc"]) or "body", "what": problem["msg"]}
                for problem in error.errors(include_url=False, include_input=False, include_context=False)
            ]
        ) from None


def check_positions(changes: list[Change], *, item_count: int) -> None:
    """Refuse questions that the paper does not have; raises BadPacket."""
    problems = [
        {"where": f"changes.{index}.position", "what": f"the paper has {item_count} questions"}
        for index, change in enumerate(changes)
        if change.position > item_count
    ]
    if problems:
        raise BadPacket(problems)


def answers_in_form(form: QueryDict) -> dict[int, tuple[str, ...]]:
    """Answers of a browser without scripts: fields `q1`, `q2` … hold option ids. Raises BadPacket."""
    fields = {name: form.getlist(name) for name in form if name[:1] == "q" and name[1:].isdigit()}
    rows: list[dict[str, Any]] = [
        {"number": 1, "position": int(name[1:]), "response": values} for name, values in fields.items()
    ]
    try:
        packet = Packet.model_validate({"client": 1, "changes": rows})
    except ValidationError as error:
        raise BadPacket([{"where": "form", "what": str(error.error_count())}]) from None
    return {change.position: tuple(change.response) for change in packet.changes}


def now_in_ms(moment: datetime) -> int:
    """Milliseconds since 1970, as browsers count."""
    return int(moment.timestamp() * 1000)
