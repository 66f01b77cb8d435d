"""The Config Key: what Safe Exam Browser and this server both compute from the settings of a .seb file (pure).

Rules: https://safeexambrowser.org/developer/seb-config-key.html. The settings become "SEB-JSON", a string like JSON
without white space and without any escaping, keys sorted whatever their case; its SHA-256 is the key. What Python
calls bytes is `<data>` in a property list, datetime is `<date>`.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

LEFT_OUT = "originatorVersion"  # says who wrote the file and decides nothing


def config_key(settings: Mapping[str, Any]) -> str:
    """64 hex digits."""
    return hashlib.sha256(seb_json(settings).encode()).hexdigest()


def seb_json(settings: Mapping[str, Any]) -> str:
    """The string that is hashed."""
    return written({name: value for name, value in settings.items() if name != LEFT_OUT})


def written(value: Any) -> str:
    """One value as SEB-JSON; raises TypeError for what no property list can hold."""
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{quoted(name)}:{written(value[name])}' for name in ordered(value))}}}"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bytes):
        return quoted(base64.b64encode(value).decode())
    if isinstance(value, Sequence):
        return f"[{','.join(written(item) for item in value if not is_empty(item))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, datetime):
        return quoted(moment(value))
    raise TypeError(f"{type(value).__name__} has no place in the settings of Safe Exam Browser")


def ordered(settings: Mapping[str, Any]) -> list[str]:
    """Names without regard to case (of two that differ in case only, the lower one first); empty ones left out."""
    names = (name for name, value in settings.items() if not is_empty(value))
    return sorted(names, key=lambda name: (name.lower(), name.swapcase()))


def is_empty(value: Any) -> bool:
    """A dictionary with nothing in it, or with nothing but such dictionaries."""
    return isinstance(value, Mapping) and all(is_empty(inner) for inner in value.values())


def quoted(text: str) -> str:
    """Nothing is escaped, not even a backslash."""
    return f'"{text}"'


def moment(value: datetime) -> str:
    """ISO 8601 with its offset; property lists hold universal time without saying so."""
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat(timespec="seconds")
