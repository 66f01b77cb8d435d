"""Personal data at rest: AES-256-GCM with a key id, and a keyed hash for look-up.

Stored form of an encrypted value: ``key_id$base64(nonce(12) ‖ ciphertext ‖ tag(16))``.
The keys come from the settings `FIELD_KEYS` and `LOOKUP_KEY` (see `lms.settings`).
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models


class DecryptionError(ValueError):
    """The stored value was altered, or its key is not among `FIELD_KEYS`."""


@lru_cache(maxsize=4)
def parse_keys(text: str) -> dict[str, AESGCM]:
    """Read ``id:base64,id:base64``; raises ValueError where a key is not 32 bytes."""
    keys: dict[str, AESGCM] = {}
    for part in filter(None, text.split(",")):
        key_id, _, encoded = part.strip().partition(":")
        raw = base64.b64decode(encoded, validate=True)
        if len(raw) != 32:
            raise ValueError(f"FIELD_KEYS: key {key_id!r} has {len(raw)} bytes, 32 are needed")
        keys[key_id] = AESGCM(raw)
    if not keys:
        raise ValueError("FIELD_KEYS holds no key")
    return keys


def encrypt(plain: str) -> str:
    """Encrypt with the first key; the empty string stays empty."""
    if not plain:
        return ""
    key_id, cipher = next(iter(parse_keys(settings.FIELD_KEYS).items()))
    nonce = os.urandom(12)
    sealed = nonce + cipher.encrypt(nonce, plain.encode(), key_id.encode())
    return f"{key_id}${base64.b64encode(sealed).decode()}"


def decrypt(stored: str) -> str:
    """Inverse of `encrypt`; raises DecryptionError for an altered value or an unknown key."""
    if not stored:
        return ""
    key_id, _, encoded = stored.partition("$")
    cipher = parse_keys(settings.FIELD_KEYS).get(key_id)
    if cipher is None:
        raise DecryptionError(f"no key {key_id!r}")
    sealed = base64.b64decode(encoded)
    try:
        return cipher.decrypt(sealed[:12], sealed[12:], key_id.encode()).decode()
    except InvalidTag as error:
        raise DecryptionError("the stored value was altered") from error


def lookup_hash(kind: str, value: str) -> str:
    """Keyed hash (64 hex characters) by which an encrypted value can be found but not read."""
    return hmac.new(settings.LOOKUP_KEY.encode(), f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField):
    """Text that is encrypted in the database and plain in Python; it cannot be searched."""

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        return None if value is None else decrypt(value)

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return None if prepared is None else encrypt(prepared)
