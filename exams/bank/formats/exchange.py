"""What passes between file formats and the bank (pure).

A reader is an iterator over `ReadQuestion`, one for each question that it meets in the file, whatever its state:
what cannot be understood comes as a question with problems, never as nothing. A writer takes `WrittenQuestion`s and
returns what it could not write. Names (topic, industries …) are as they stand in the file; the bank looks them up.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from exams.bank.problems import Problem
from exams.bank.wording import QuestionContent


@dataclass(frozen=True, slots=True)
class FilingNames:
    """Where a question belongs, in the words of the file; "" and () where it does not say.

    `clauses` are codes such as gm10-13-02; days are ISO dates; `difficulty` is 1–5 or a word (易, 中, 难);
    `cognitive` is a value or a label of `CognitiveLevel`.
    """

    topic: str = ""
    difficulty: str = ""
    industries: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    cognitive: str = ""
    enemy_group: str = ""
    effective_from: str = ""
    effective_to: str = ""


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question as a file says it.

    `place`: the row of a sheet, otherwise the number of the question in the file, from 1. `problems`: what was wrong
    with reading it; what keeps the content from being a question is found later (`soundness.content_problems`).
    `losses`: what the file holds that the bank cannot keep, in words. `picture`: the bytes whose SHA-256 is
    `content.picture`. `cells`: the row as it was, for sheets.
    """

    place: int
    content: QuestionContent
    names: FilingNames
    problems: tuple[Problem, ...] = ()
    losses: tuple[str, ...] = ()
    picture: bytes = b""
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenQuestion:
    """A question on its way into a file; `picture`: bytes and media type of `content.picture`."""

    code: str
    content: QuestionContent
    names: FilingNames
    picture: bytes = b""
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A question, or a detail of one, that a format cannot hold."""

    code: str
    what: str
    whole: bool  # the question itself is not in the file


class Reader(Protocol):
    """Reads a file whose kind is known; raises `UnreadableFile` when it is broken as a whole."""

    def __call__(self, path: Path) -> Iterator[ReadQuestion]: ...


class Writer(Protocol):
    """Writes a file; returns what it had to leave out."""

    def __call__(self, questions: Iterable[WrittenQuestion], target: Path) -> list[LeftOut]: ...
