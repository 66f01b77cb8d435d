"""What the page sends every few seconds, typed (the form of a signal is checked by `exams.integrity.reports`)."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from exams.attempts.packets import BIGGEST, BadPacket, problems_of


class Pulse(BaseModel):
    """`news`: what the page knows, −1 for nothing; `messages_seen`: the last message shown, 0 for none."""

    model_config = ConfigDict(extra="forbid", strict=True)

    client: int = Field(ge=1, le=BIGGEST)
    news: int = Field(ge=-1, le=BIGGEST)
    messages_seen: int = Field(ge=0, le=BIGGEST)
    signals: list[Any] = Field(default=[], max_length=50)


def parse_pulse(body: bytes) -> Pulse:
    """Read the JSON of a request; raises BadPacket with every problem."""
    try:
        return Pulse.model_validate_json(body or b"{}")
    except ValidationError as error:
        raise BadPacket(problems_of(error)) from None
