"""The content of a question as plain data, and what makes two questions the same (pure)."""

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from exams.bank.bodies import (
    CASE,
    FILL_IN,
    HOTSPOT,
    MATCHING,
    MULTIPLE,
    ORDERING,
    SHORT_ANSWER,
    SINGLE,
    TRUE_FALSE,
    Body,
    texts_of,
)

LETTERS = "ABCDEFGHIJ"
# What a question of a type is usually worth in the trade (单选 2、多选 3、判断 1).
USUAL_POINTS = {
    SINGLE: Decimal(2), MULTIPLE: Decimal(3), TRUE_FALSE: Decimal(1), FILL_IN: Decimal(2), ORDERING: Decimal(3),
    MATCHING: Decimal(4), HOTSPOT: Decimal(5), SHORT_ANSWER: Decimal(10), CASE: Decimal(10),
}  # fmt: skip
# Marks that two writers of the same question set differently; a point inside a number stays.
LOOSE_MARKS = frozenset(",;:?!\"'()[]<>_“”‘’。、《》〈〉【】…—·~")
WITHOUT_MARKS = {ord(mark): None for mark in LOOSE_MARKS}


@dataclass(frozen=True, slots=True)
class QuestionContent:
    """What a version freezes. `picture`: SHA-256 (hex) of a stored picture, "" for none; `picture_alt` describes it."""

    type: str
    stem: str
    body: Body
    explanation: str
    points: Decimal
    source: str = ""
    picture: str = ""
    picture_alt: str = ""


def letter_of(place: int) -> str:
    """0 → A."""
    return LETTERS[place]


def normalised(text: str) -> str:
    """Half-width, lower case, without spaces and loose punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(folded.split()).translate(WITHOUT_MARKS).strip(".")


def fingerprint(stem: str, options: Iterable[str]) -> str:
    """SHA-256 (hex) of the normalised stem with its options in any order.

    The options belong to it because stems such as 下列说法正确的是 are common and no duplicates.
    """
    parts = [normalised(stem), *sorted(normalised(text) for text in options if text)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def fingerprint_of(content: QuestionContent) -> str:
    """The fingerprint of a content: stem, texts of the body, picture; true/false is told apart by its stem alone."""
    return fingerprint(content.stem, [*texts_of(content.body), content.picture])
