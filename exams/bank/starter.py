"""Loading the question files that come with the product, through the same importer as everybody's."""

import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from exams.bank.formats.opening import opened
from exams.bank.import_actions import BATCH
from exams.bank.import_sorting import in_words
from exams.bank.import_writing import write_questions
from exams.bank.importing import CheckedRow, check_questions
from exams.bank.models import QuestionStatus
from exams.bank.problems import WARNINGS, ProblemKind
from exams.bank.queries import catalogue

STARTER = Path(__file__).resolve().parent.parent / "starter"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of one file: questions added, questions that were there, problems in words."""

    added: int
    present: int
    problems: tuple[str, ...]


def starter_topics(path: Path = STARTER / "topics.toml") -> list[str]:
    """Names of the topics in order."""
    return list(tomllib.loads(path.read_text(encoding="utf-8"))["topics"])


def starter_files(folder: Path = STARTER / "questions") -> list[Path]:
    """The question files in order of their names; a folder holds questions.csv and the pictures that it names."""
    return sorted([*folder.glob("*.csv"), *(path.parent for path in folder.glob("*/questions.csv"))])


@contextmanager
def as_one_file(path: Path) -> Iterator[Path]:
    """A file as it is; a folder as the zip in which people upload questions with pictures."""
    if path.is_file():
        yield path
        return
    with tempfile.TemporaryDirectory() as place:
        yield Path(shutil.make_archive(str(Path(place) / path.name), "zip", path))


def load_file(*, path: Path, now: datetime) -> Loaded:
    """Add the questions of a file as published ones; those already in the bank are passed over."""
    book = catalogue()
    good: list[CheckedRow] = []
    present, problems = 0, []
    with as_one_file(path) as whole, opened(whole, topics=frozenset(book.topics)) as file:
        if file.missing:
            return Loaded(0, 0, (f"{path.name}: {'、'.join(file.missing)}",))
        for row in check_questions(file.questions(), book):
            if row.draft is not None:
                good.append(row)
            elif {problem.kind for problem in row.problems} - WARNINGS == {ProblemKind.DUPLICATE_IN_BANK}:
                present += 1
            else:
                words = "；".join(in_words(problem, file.sheets) for problem in row.problems)
                problems.append(f"{path.name}:{row.number}: {words}")
    for batch in batches(good):
        write_questions(
            rows=batch, source=None, status=QuestionStatus.PUBLISHED, origin=_("三真起始题库"), by=None, now=now
        )
    return Loaded(len(good), present, tuple(problems))


def batches(rows: Sequence[CheckedRow]) -> Iterator[list[CheckedRow]]:
    """The rows in handfuls."""
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch
