"""Loading the question files that come with the product, through the same importer as everybody's."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from exams.bank.files import columns_of, rows_of
from exams.bank.import_actions import BATCH, in_words, write_questions
from exams.bank.importing import CheckedRow, check_rows
from exams.bank.models import QuestionStatus
from exams.bank.problems import ProblemKind
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
    """The question files in order of their names."""
    return sorted(folder.glob("*.csv"))


def load_file(*, path: Path, now: datetime) -> Loaded:
    """Add the questions of a file as published ones; those already in the bank are passed over."""
    columns, _total = columns_of(path)
    if columns.missing:
        return Loaded(0, 0, (f"{path.name}: {'、'.join(columns.missing)}",))
    checked = check_rows(rows_of(path), columns=columns, catalogue=catalogue())
    good: list[CheckedRow] = []
    present, problems = 0, []
    for row in checked:
        if row.draft is not None:
            good.append(row)
        elif {problem.kind for problem in row.problems} == {ProblemKind.DUPLICATE_IN_BANK}:
            present += 1
        else:
            problems.append(f"{path.name}:{row.number}: {'；'.join(in_words(problem) for problem in row.problems)}")
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
