"""The network address of the request under way, so that actions need no request."""

from contextvars import ContextVar

_address: ContextVar[str | None] = ContextVar("request_address", default=None)


def remember_address(address: str | None) -> None:
    """Set by the access middleware at the start of every request."""
    _address.set(address)


def current_address() -> str | None:
    """Address of the request under way, None in background work."""
    return _address.get()
