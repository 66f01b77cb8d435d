"""What the lesson page sends: typed JSON for the clock, a form for answers."""

from typing import Annotated
from uuid import UUID

from django import forms
from pydantic import BaseModel, ConfigDict, Field

from courses.progress.honesttime import Claim

Seconds = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]
BlockId = Annotated[str, Field(max_length=64)]


class OpenIn(BaseModel):
    """Asks for a session token."""

    model_config = ConfigDict(extra="forbid")
    lesson: Annotated[str, Field(max_length=60)]


class BeatIn(BaseModel):
    """A heartbeat. `played`: film id → spans played and not yet acknowledged; `at`: block in view."""

    model_config = ConfigDict(extra="forbid")
    token: UUID
    number: Annotated[int, Field(ge=1, le=10_000_000)]
    visible: bool
    idle: Seconds
    at: BlockId = ""
    played: Annotated[
        dict[BlockId, Annotated[list[tuple[Seconds, Seconds]], Field(max_length=40)]], Field(max_length=6)
    ] = Field(default_factory=dict)

    def claim(self) -> Claim:
        """As the clock wants it; films without spans do not count as playing."""
        played = {film: spans for film, spans in self.played.items() if spans}
        return Claim(number=self.number, visible=self.visible, idle_seconds=self.idle, played=played)


class CheckpointForm(forms.Form):
    """One answer."""

    checkpoint = forms.CharField(max_length=64)
    choice = forms.IntegerField(min_value=0, max_value=9)
