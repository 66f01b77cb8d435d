"""Looking for near duplicates of checked questions, in the bank and earlier in the file (pure)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from exams.bank.importing import CheckedRow
from exams.bank.problems import Problem, ProblemKind
from exams.bank.similarity import BATCH, SimilarTexts, comparable

MOST_BYTES = 32 * 1024 * 1024  # of pictures held while a handful of questions is compared


def with_likeness(
    rows: Iterable[CheckedRow], index: SimilarTexts, label_of: Callable[[int], str]
) -> Iterator[CheckedRow]:
    """The same rows in order, those that can be written with a warning when a text like theirs came before.

    Every whole question is taken into `index` under the label of its place.
    """
    for batch in handfuls(rows):
        whole = [(label_of(row.number), comparable(row.draft.content)) for row in batch if row.draft is not None]
        found = iter(index.check_many(whole))
        for row in batch:
            match = next(found) if row.draft is not None else None
            if match is None:
                yield row
                continue
            warning = Problem(ProblemKind.NEAR_DUPLICATE, "题干", f"{match.label} · {match.likeness:.0%}")
            yield replace(row, problems=(*row.problems, warning))


def as_shown(rows: Iterable[CheckedRow], near: Mapping[int, str]) -> Iterator[CheckedRow]:
    """The same rows, with the warnings that an earlier search gave, by place."""
    for row in rows:
        if row.draft is not None and row.number in near:
            warning = Problem(ProblemKind.NEAR_DUPLICATE, "题干", near[row.number])
            yield replace(row, problems=(*row.problems, warning))
        else:
            yield row


def handfuls(rows: Iterable[CheckedRow]) -> Iterator[list[CheckedRow]]:
    """As many rows as are compared at once, fewer when they bring large pictures."""
    batch: list[CheckedRow] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += len(row.question.picture)
        if len(batch) >= BATCH or size > MOST_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
