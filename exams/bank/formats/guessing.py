"""What the columns of a table without a header hold, told by their cells; only when it is plain (pure)."""

from collections.abc import Callable, Collection, Sequence

from exams.bank.answers import FALSE_WORDS, TRUE_WORDS, parse_letters
from exams.bank.formats.one_column import split_options
from exams.bank.formats.words import type_of
from exams.bank.sheet import ONE_COLUMN, Columns
from exams.bank.wording import LETTERS

ENOUGH = 3  # rows that must speak for a guess
MOST = 0.8  # share of the filled cells of a column that must be of its kind


def guess_columns(rows: Sequence[Sequence[str]], topics: Collection[str]) -> Columns | None:
    """Columns of type, stem, options and answer (and topic, where its cells are topics), or None when in doubt.

    Plain is: one column of types, one of answers, one whose texts are by far the longest between them.
    """
    filled = [row for row in rows if sum(bool(cell) for cell in row) >= 3]
    width = max((len(row) for row in filled), default=0)
    if len(filled) < ENOUGH or width < 3:
        return None
    columns = [[row[place] if place < len(row) else "" for row in filled] for place in range(width)]
    types = [place for place, cells in enumerate(columns) if mostly(cells, lambda text: bool(type_of(text)))]
    answers = [place for place, cells in enumerate(columns) if mostly(cells, is_answer)]
    if len(types) != 1 or not answers or answers[0] < types[0]:
        return None
    between = range(types[0] + 1, answers[0])
    stem = max(between, key=lambda place: sum(map(len, columns[place])), default=None)
    if stem is None or stem != between[0] or len(answers) != 1:
        return None
    options = options_between(columns, stem, answers[0])
    if options is None:
        return None
    places = {"题型": types[0], "题干": stem, **options, "答案": answers[0]}
    places |= topic_place(columns, places, topics)
    used = set(places.values())
    extra = tuple(
        (f"第{place + 1}列", place) for place, cells in enumerate(columns) if place not in used and any(cells)
    )
    return Columns(places=places, header_row=0, extra=extra, guessed=True)


def mostly(cells: Sequence[str], fits: Callable[[str], bool]) -> bool:
    """Whether nearly all filled cells, and most of all, are of a kind."""
    written = [cell for cell in cells if cell]
    return len(written) >= MOST * len(cells) and sum(map(fits, written)) >= MOST * len(written)


def is_answer(text: str) -> bool:
    """Letters of options, or a word for true or false."""
    return len(text) <= 12 and (text.upper() in TRUE_WORDS | FALSE_WORDS or parse_letters(text) is not None)


def options_between(columns: Sequence[Sequence[str]], stem: int, answer: int) -> dict[str, int] | None:
    """The columns between stem and answer as options, or the only one as that of all options."""
    between = list(range(stem + 1, answer))
    if len(between) == 1 and mostly(
        [cell for cell in columns[between[0]] if cell], lambda text: len(split_options(text)) > 1
    ):
        return {ONE_COLUMN: between[0]}
    if not 2 <= len(between) <= len(LETTERS):
        return None
    return {f"选项{letter}": place for letter, place in zip(LETTERS, between, strict=False)}


def topic_place(columns: Sequence[Sequence[str]], places: dict[str, int], topics: Collection[str]) -> dict[str, int]:
    """The one column whose cells are topics of the bank."""
    free = [place for place in range(len(columns)) if place not in places.values()]
    found = [place for place in free if mostly(columns[place], lambda text: text in topics)]
    return {"知识点": found[0]} if len(found) == 1 else {}
