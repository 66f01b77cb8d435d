"""Near-duplicates as the page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db.models import QuerySet

from exams.bank.bodies import body_from, texts_of
from exams.bank.models import Question
from exams.bank.twin_models import TwinDecision, TwinPair


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `other` pieces are not in the other text."""

    text: str
    other: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One question of a pair: its stem and its texts, with what is different marked."""

    question: Question
    stem: tuple[Piece, ...]
    texts: tuple[tuple[str, bool], ...]  # text, whether the other question lacks it


@dataclass(frozen=True, slots=True)
class ShownPair:
    """A pair with both sides."""

    pair: TwinPair
    sides: tuple[Side, Side]

    @property
    def percent(self) -> int:
        """Likeness for people."""
        return int(self.pair.likeness * 100)


def pairs(decision: str) -> QuerySet[TwinPair]:
    """The pairs to be decided, or those decided like this, with their questions."""
    found = TwinPair.objects.waiting() if decision == TwinDecision.OPEN else TwinPair.objects.filter(decision=decision)
    both = [f"{side}__{path}" for side in ("first", "second") for path in ("current", "topic")]
    return found.select_related("first", "second", "decided_by", *both).order_by("-likeness", "pk")


def shown(rows: Sequence[TwinPair]) -> list[ShownPair]:
    """Pairs as the page shows them."""
    return [ShownPair(pair, (side(pair.first, pair.second), side(pair.second, pair.first))) for pair in rows]


def side(question: Question, other: Question) -> Side:
    """One question beside another."""
    texts, others = body_texts(question), set(body_texts(other))
    stems = [row.current.stem if row.current else "" for row in (question, other)]
    return Side(question, tuple(marked(*stems)), tuple((text, text not in others) for text in texts))


def body_texts(question: Question) -> list[str]:
    """The texts of the current version's body."""
    version: Any = question.current
    return texts_of(body_from(version.type, version.options, version.key)) if version else []


def marked(text: str, other: str) -> list[Piece]:
    """`text` cut into what the other text has too and what it has not."""
    matcher = SequenceMatcher(None, text, other, autojunk=False)
    return [
        Piece(text[start:end], other=step != "equal")
        for step, start, end, _from, _to in matcher.get_opcodes()
        if start < end
    ]
