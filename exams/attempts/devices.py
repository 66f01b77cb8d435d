"""Which device asks: a random name in a signed cookie, bound to nothing that says what or whose it is."""

import secrets

from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

COOKIE = "sz_device"
SALT = "exams.attempts.device"
KEEP = 180 * 24 * 3600  # seconds


def device_of(request: HttpRequest) -> str:
    """The device's name; "" for one that has none yet or whose cookie was tampered with."""
    try:
        return str(request.get_signed_cookie(COOKIE, salt=SALT))
    except (KeyError, BadSignature):
        return ""


def new_device() -> str:
    """A name for a device that has none, 32 characters."""
    return secrets.token_hex(16)


def remember(response: HttpResponse, request: HttpRequest, device: str) -> None:
    """Let the device keep its name."""
    response.set_signed_cookie(
        COOKIE, device, salt=SALT, max_age=KEEP, secure=request.is_secure(), httponly=True, samesite="Lax"
    )
