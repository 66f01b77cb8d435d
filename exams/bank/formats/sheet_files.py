"""A file of tables as questions: which sheets, where their columns stand, rows that are no questions."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from exams.bank.formats.exchange import ReadQuestion
from exams.bank.formats.guessing import guess_columns
from exams.bank.formats.sheet import SheetRow, questions_in
from exams.bank.formats.tables import Merge, Table, Tables, opening_of
from exams.bank.formats.words import TYPE_NAMES, heading_type, type_of
from exams.bank.sheet import COLUMNS, HEADER_WITHIN, ONE_COLUMN, Columns, cell_text, find_columns

# Row 7 of the third sheet is place 3,000,007, so that places are unique in the file; the first sheet's are its rows.
SHEET_STEP = 1_000_000
LOOK_AHEAD = 30
# A merged cell of these speaks for all rows that it covers.
FILLED_DOWN = frozenset({
    "题型", "难度", "分值", "知识点", "行业", "判定标准编号", "人员类别", "认知层次", "互斥组", "启用日期",
    "停用日期", "来源",
})  # fmt: skip
MOST_NOTES = 100
# Pages of our own sheet, and of others', that say how it is filled in.
HELP_SHEETS = frozenset({"说明", "填写说明", "使用说明"})


@dataclass(frozen=True, slots=True)
class Plan:
    """How one sheet is read."""

    table: Table
    columns: Columns
    base: int
    default_type: str


@dataclass(slots=True)
class SheetFile:
    """A file of tables, ready to be read (more than once).

    `missing`: columns that no sheet has, when none can be read; `skipped`: names of sheets without a header; `header`:
    columns of the workbook in which bad rows come back; `notes`: rows that are no questions, found while reading.
    """

    plans: tuple[Plan, ...]
    source: Tables
    missing: tuple[str, ...] = ()
    missing_row: int = 1
    skipped: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Rows below the headers."""
        return sum(max(0, plan.table.total - plan.columns.header_row) for plan in self.plans)

    @property
    def sheets(self) -> dict[str, str]:
        """Name of each sheet after the first, by the number of its places."""
        return {str(plan.base // SHEET_STEP): plan.table.name for plan in self.plans if plan.base}

    def questions(self) -> Iterator[ReadQuestion]:
        """Every question of every sheet."""
        self.notes.clear()
        for plan in self.plans:
            rows = rows_of(plan, self.header, self.notes)
            yield from questions_in(rows, pictures=self.source.picture)


@contextmanager
def opened_sheets(path: Path, kind: str, topics: Collection[str], given: Collection[str]) -> Iterator[SheetFile]:
    """Open a file of tables; `given` are columns that the person says for all rows. Raises UnreadableFile."""
    with opening_of(kind)(path) as source:
        yield planned(source, topics, given)


def planned(source: Tables, topics: Collection[str], given: Collection[str]) -> SheetFile:
    """Find the columns of every sheet."""
    plans: list[Plan] = []
    skipped: list[str] = []
    best_missing: tuple[str, ...] | None = None
    missing_row = 1
    for number, table in enumerate(table for table in source.tables if table.total):
        plan = plan_of(table, number * SHEET_STEP, topics)
        missing = plan.columns.missing_beside({*given, *(("题型",) if plan.default_type else ())})
        if not missing:
            plans.append(plan)
            continue
        if table.name not in HELP_SHEETS:
            skipped.append(table.name)
        if best_missing is None or len(missing) < len(best_missing):
            best_missing, missing_row = missing, max(1, plan.columns.header_row)
    if not plans:
        return SheetFile((), source, missing=best_missing or ("题型", "题干", "答案"), missing_row=missing_row)
    used = {name for plan in plans for name in plan.columns.places}
    unused = tuple(dict.fromkeys(title for plan in plans for title in plan.columns.unused))
    header = tuple(name for name in (*COLUMNS[:2], ONE_COLUMN, *COLUMNS[2:]) if name in used)
    return SheetFile(
        tuple(plans), source, skipped=tuple(skipped), header=(*with_type(header), *unused), unused=unused
    )  # fmt: skip


def with_type(header: tuple[str, ...]) -> tuple[str, ...]:
    """The type of each row is said in the rows that come back, even where the sheet's name said it."""
    return header if "题型" in header else ("题型", *header)


def plan_of(table: Table, base: int, topics: Collection[str]) -> Plan:
    """The columns of a sheet by its header, or by its cells when it has none."""
    first = [[cell_text(cell) for cell in row] for row in islice(table.rows(), LOOK_AHEAD)]
    columns = find_columns(first[:HEADER_WITHIN])
    if not columns.places or (len(columns.places) < 3 and columns.missing):
        columns = guess_columns(first, topics) or columns
    titles = [next(filter(None, row), "") for row in first[: columns.header_row]]
    words = [table.name, *titles[:-1]] if columns.header_row else [table.name]
    default = next((found for found in map(heading_type, words) if found), "")
    return Plan(table, columns, base, default)


def rows_of(plan: Plan, header: Sequence[str], notes: list[str]) -> Iterator[SheetRow]:
    """The rows below the header with their values; blank rows, headings and notes are no questions."""
    merged = Merged(plan.table.merges, plan.columns)
    type_ = plan.default_type
    named = tuple(plan.columns.places.items())
    extra = dict(plan.columns.extra)
    for number, raw in enumerate(plan.table.rows(), start=1):
        texts = [cell_text(cell) for cell in raw]
        merged.note(texts, number - 1)
        if number <= plan.columns.header_row or not any(texts):
            continue
        announced, note = aside(texts, plan.columns)
        type_ = announced or type_
        if announced or note:
            if note:
                notes.append(f"{where(plan, number)}：{note}" if len(notes) < MOST_NOTES else "……")
                del notes[MOST_NOTES + 1 :]
            continue
        merged.fill(texts, number - 1)
        values = {name: texts[place] for name, place in named if place < len(texts) and texts[place]}
        if type_ and "题型" not in values:
            values["题型"] = TYPE_NAMES[type_]
        cells = tuple(values.get(name) or extra_cell(texts, extra.get(name)) for name in header)
        yield SheetRow(plan.base + number, values, cells)


def extra_cell(texts: Sequence[str], place: int | None) -> str:
    """The cell of a column that nothing is made of."""
    return texts[place] if place is not None and place < len(texts) else ""


def where(plan: Plan, number: int) -> str:
    """The row as people find it."""
    return f"{plan.table.name}!{number}" if plan.table.name and plan.base else f"第 {number} 行"


def aside(texts: Sequence[str], columns: Columns) -> tuple[str, str]:
    """The type that a heading row announces, or the text of a note; ("", "") for a row that is a question.

    A row with one single cell, outside the column of the stems, is no question.
    """
    filled = [place for place, text in enumerate(texts) if text]
    if len(filled) != 1:
        return "", ""
    text = texts[filled[0]]
    if filled[0] == columns.places.get("题型") and type_of(text):
        return "", ""
    announced = heading_type(text)
    if announced:
        return announced, ""
    return "", "" if filled[0] == columns.places.get("题干") else text[:60]


class Merged:
    """Cells that a sheet shows over several rows: the lower ones are empty in the file. Rows come in order, from 0."""

    def __init__(self, merges: Sequence[Merge], columns: Columns) -> None:
        places = {columns.places[name] for name in FILLED_DOWN if name in columns.places}
        self.starting: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, _) in merges:
            if bottom > top and left in places:
                self.starting.setdefault(top, []).append((left, bottom))
        self.open: dict[int, tuple[int, str]] = {}

    def note(self, texts: Sequence[str], row: int) -> None:
        """Remember what the first cell of each merged one says."""
        for place, bottom in self.starting.get(row, ()):
            self.open[place] = (bottom, texts[place] if place < len(texts) else "")

    def fill(self, texts: list[str], row: int) -> None:
        """Write it into the cells below that belong to it."""
        for place, (bottom, text) in self.open.items():
            if row <= bottom and text:
                texts.extend([""] * (place + 1 - len(texts)))
                texts[place] = texts[place] or text


def as_rows(cells: Sequence[Any], width: int) -> list[list[Any]]:
    """The rows of a question's `cells`."""
    return [list(cells[start : start + width]) for start in range(0, len(cells), width)] if width else []
