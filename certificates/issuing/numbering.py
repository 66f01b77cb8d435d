"""Numbers and codes of certificates (pure)."""

import secrets

# No 0/O, 1/I/L: the code is read aloud and typed.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12


def certificate_number(*, prefix: str, year: int, sequence: int) -> str:
    """`BL-2026-003127`."""
    return f"{prefix}-{year}-{sequence:06d}"


def new_verify_code() -> str:
    """12 characters of 31: 59 bits, not to be guessed through a rate-limited page."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def normalise_code(text: str) -> str:
    """What somebody typed or scanned, as it is stored: upper case, without spaces and hyphens."""
    return "".join(char for char in text.upper() if char in ALPHABET)
