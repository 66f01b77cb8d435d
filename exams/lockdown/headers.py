"""What Safe Exam Browser says about itself with a request, and whether it holds (pure).

A request carries SHA-256(address ‖ key) in hex, for the Config Key and for the Browser Exam Key. The address is
absolute and without its fragment; it must come from the configured origin, never from what the request claims.
Browsers that cannot add headers (WKWebView) tell the page's script the same hashes, made with the page's address.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

CONFIG_KEY_HEADER = "X-SafeExamBrowser-ConfigKeyHash"
EXAM_KEY_HEADER = "X-SafeExamBrowser-RequestHash"
# Sent by our own script (seb.js).
PAGE_HEADER = "X-SZ-SEB-Page"
PAGE_CONFIG_KEY_HEADER = "X-SZ-SEB-Config-Key"
PAGE_EXAM_KEY_HEADER = "X-SZ-SEB-Exam-Key"


@dataclass(frozen=True, slots=True)
class Keys:
    """What an exam accepts. No `exam_keys`: any version of the program will do."""

    config_key: str
    exam_keys: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """What a session remembers once the browser has proven itself: ends with any change of the keys."""
        return hashlib.sha256("|".join((self.config_key, *self.exam_keys)).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Claim:
    """An address and the two hashes that were made with it."""

    address: str
    config_hash: str
    exam_hash: str = ""

    def holds(self, keys: Keys) -> bool:
        """Whether both hashes were made with keys that the exam accepts."""
        right_config = matches(self.config_hash, self.address, [keys.config_key])
        right_exam = not keys.exam_keys or matches(self.exam_hash, self.address, keys.exam_keys)
        return right_config and right_exam


@dataclass(frozen=True, slots=True)
class Proof:
    """All that a request brings along: claims, and the marks of its session by exam."""

    claims: tuple[Claim, ...] = ()
    marks: Mapping[int, str] = field(default_factory=dict)

    def holds(self, exam_id: int, keys: Keys) -> bool:
        """Whether one claim holds, or the session has shown it before."""
        marked = hmac.compare_digest(self.marks.get(exam_id, "").encode(), keys.mark.encode())
        return marked or any(claim.holds(keys) for claim in self.claims)


NO_PROOF = Proof()


def request_hash(address: str, key: str) -> str:
    """What the browser sends for an address."""
    return hashlib.sha256(f"{address.partition('#')[0]}{key}".encode()).hexdigest()


def matches(given: str, address: str, keys: Iterable[str]) -> bool:
    """Whether the hash was made with one of the keys; takes the same time whichever it is."""
    found = False
    for key in keys:
        found |= hmac.compare_digest(given.lower().encode(), request_hash(address, key).encode())
    return found


def claims_in(headers: Mapping[str, str], *, origin: str, path: str) -> tuple[Claim, ...]:
    """The claims in a request for `path` (with its query); a page of another origin proves nothing."""
    claims = []
    if CONFIG_KEY_HEADER in headers:
        claims.append(Claim(origin + path, headers[CONFIG_KEY_HEADER], headers.get(EXAM_KEY_HEADER, "")))
    page = headers.get(PAGE_HEADER, "")
    if page.startswith(f"{origin}/") and PAGE_CONFIG_KEY_HEADER in headers:
        claims.append(Claim(page, headers[PAGE_CONFIG_KEY_HEADER], headers.get(PAGE_EXAM_KEY_HEADER, "")))
    return tuple(claims)
