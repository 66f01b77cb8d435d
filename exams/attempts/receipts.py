"""The receipt of a submission: an Ed25519 signature over what was handed in, and its short code (pure)."""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exams.attempts.chain import canonical

# Crockford's base 32: no I, L, O, U, so a code survives the telephone and handwriting.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12
CODE_FORM = re.compile(r"^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$")
LOOK_ALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})


@dataclass(frozen=True, slots=True)
class Submission:
    """What the receipt vouches for."""

    attempt: str
    head_hash: str
    event_count: int
    submitted_at: datetime

    def message(self) -> bytes:
        """The signed bytes."""
        return b"sanzhen receipt 1\n" + canonical(
            {"attempt": self.attempt, "head": self.head_hash, "events": self.event_count, "at": self.submitted_at}
        )


@dataclass(frozen=True, slots=True)
class Receipt:
    """`code` is what people copy (60 bits of the signature's hash), `signature` what the check needs (base64)."""

    code: str
    signature: str


@lru_cache(maxsize=4)
def private_key(seed: str) -> Ed25519PrivateKey:
    """The key from 32 bytes in base64; raises ValueError for another length."""
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed, validate=True))


def issue(seed: str, submission: Submission) -> Receipt:
    """Sign a submission; the same submission always gives the same receipt."""
    signature = private_key(seed).sign(submission.message())
    return Receipt(code=short_code(signature), signature=base64.b64encode(signature).decode())


def holds(seed: str, submission: Submission, receipt: Receipt) -> bool:
    """Whether signature and code belong to exactly this submission."""
    try:
        signature = base64.b64decode(receipt.signature, validate=True)
        private_key(seed).public_key().verify(signature, submission.message())
    except (InvalidSignature, ValueError):
        return False
    return short_code(signature) == receipt.code


def short_code(signature: bytes) -> str:
    """`7K2M-Q9XD-41FA` from the first 60 bits of the signature's SHA-256."""
    number = int.from_bytes(hashlib.sha256(signature).digest()[:8], "big") >> 4
    digits = "".join(ALPHABET[number >> shift & 31] for shift in range(55, -1, -5))
    return "-".join(digits[i : i + 4] for i in range(0, CODE_LENGTH, 4))


def tidy(typed: str) -> str:
    """What somebody typed in the stored form; the empty string when it cannot be a code."""
    letters = re.sub(r"[\s\-–—－]+", "", typed.upper()).translate(LOOK_ALIKES)
    code = "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))
    return code if CODE_FORM.match(code) else ""
