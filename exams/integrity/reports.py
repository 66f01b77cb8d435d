"""What a browser may report about itself, checked before anything is stored (pure).

Everything in it is a claim: it can be missing, late or invented. No keystrokes, no contents of the clipboard, nothing
that tells people apart.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from exams.attempts.packets import problems_of
from exams.integrity.models import SignalKind

MOST_AT_ONCE = 50
LONGEST = 24 * 3600  # seconds
Connection = Literal["wifi", "cellular", "ethernet", "bluetooth", "none", "other", "unknown"]


class Detail(BaseModel):
    """Nothing, unless a kind says otherwise."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Leave(Detail):
    """How the page was left: hidden (another tab or program in front), or only out of focus; `reload`: it ended so."""

    how: Literal["hidden", "blur", "reload"] = "hidden"


class Clipboard(Detail):
    """Whether it was prevented, which question, and how much text; never the text."""

    blocked: bool = False
    question: int | None = Field(default=None, ge=1, le=1000)
    characters: int | None = Field(default=None, ge=0, le=1_000_000)


class Blockable(Detail):
    """Whether it was prevented."""

    blocked: bool = False


class Network(Detail):
    """Kinds of connection, where the browser tells."""

    before: Connection = "unknown"
    after: Connection = "unknown"


DETAILS: dict[str, type[Detail]] = {
    SignalKind.LEFT_PAGE: Leave,
    SignalKind.FULL_SCREEN_LEFT: Detail,
    SignalKind.COPY: Clipboard,
    SignalKind.PASTE: Clipboard,
    SignalKind.CONTEXT_MENU: Blockable,
    SignalKind.PRINT: Blockable,
    SignalKind.SECOND_SCREEN: Detail,
    SignalKind.NETWORK_CHANGED: Network,
    SignalKind.NO_CAMERA: Detail,
}


class Envelope(BaseModel):
    """What every report has."""

    model_config = ConfigDict(extra="forbid", strict=True)

    kind: Literal[
        "left_page", "full_screen_left", "copy", "paste", "context_menu", "print", "second_screen", "network_changed",
        "no_camera",
    ]  # fmt: skip
    at: AwareDatetime = Field(strict=False)
    seconds: float | None = Field(default=None, ge=0, le=LONGEST, allow_inf_nan=False)
    detail: dict[str, Any] = Field(default_factory=dict, max_length=8)


class Report(BaseModel):
    """One report, checked."""

    kind: str
    made_at: datetime
    seconds: Decimal | None
    detail: dict[str, Any]


class BadReports(Exception):
    """Something in the reports is malformed; nothing was taken. `problems` say where and what."""

    def __init__(self, problems: list[dict[str, str]]) -> None:
        super().__init__(problems)
        self.problems = problems


def checked(signals: Any) -> list[Report]:
    """The reports of one call; raises BadReports with every problem (`signals.3.kind`)."""
    if not isinstance(signals, list) or len(signals) > MOST_AT_ONCE:
        raise BadReports([{"where": "signals", "what": f"a list of at most {MOST_AT_ONCE}"}])
    problems: list[dict[str, str]] = []
    reports = []
    for place, signal in enumerate(signals):
        try:
            reports.append(one_report(signal))
        except ValidationError as error:
            problems += [
                {"where": f"signals.{place}.{problem['where']}".removesuffix(".body"), "what": problem["what"]}
                for problem in problems_of(error)
            ]
    if problems:
        raise BadReports(problems)
    return reports


def one_report(signal: Any) -> Report:
    """Raises ValidationError."""
    envelope = Envelope.model_validate(signal)
    detail = DETAILS[envelope.kind].model_validate(envelope.detail)
    seconds = None if envelope.seconds is None else Decimal(str(round(envelope.seconds, 1)))
    return Report(
        kind=envelope.kind,
        made_at=envelope.at,
        seconds=seconds,
        detail=detail.model_dump(exclude_none=True),
    )
