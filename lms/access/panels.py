"""What an app contributes to home screens and sidebars; each app's `panels.py` builds these.

An app's `panels.py` may define:
    NAVIGATION: Sequence[NavItem]
    learner_cards(request) -> list[Card]      cards on 今日
    workbench_cards(request) -> list[Card]    cards on 待办
    supervision_cards(request) -> list[Card]  cards on 总览
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.functional import Promise

from lms.access.requests import SanzhenRequest
from lms.access.rules import Rule

Place = Literal["workbench", "supervision"]


@dataclass(frozen=True)
class NavItem:
    """One line of a sidebar. `group` is a heading (empty for the top), `count` a number to attend to."""

    place: Place
    label: Promise | str
    icon: str
    url_name: str
    rule: Rule
    position: int
    group: Promise | str = ""
    count: Callable[[SanzhenRequest], int] | None = None


@dataclass(frozen=True)
class Card:
    """One card of a home screen: a template with its context. Lower positions come first.

    `next_step` marks a card that may become the one amber 'do this now' card of 今日; `to_do` is how many
    things on a card of 待办 wait to be dealt with (the heading adds them up).
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    position: int = 100
    next_step: bool = False
    to_do: int = 0
