"""The network address of the request under way, so that actions need no request."""

from collections.abc import Callable
from contextvars import ContextVar

_address: ContextVar[Callable[[], str | None]] = ContextVar("request_address", default=lambda: None)


def remember_address(find: Callable[[], str | None]) -> None:
    """Set by the access middleware at the start of every request; most requests never ask for it."""
    _address.set(find)


def current_address() -> str | None:
    """Address of the request under way, None in background work."""
    return _address.get()()
