"""Word documents (.docx): numbered questions with their lines, and tables in the columns of the trade."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

from docx import Document

from exams.bank.files import UnreadableFile
from exams.bank.formats.archives import BROKEN, SafeArchive
from exams.bank.formats.exchange import ReadQuestion
from exams.bank.formats.numbered import UNDERLINED, LineReader, finished
from exams.bank.formats.one_column import label_of
from exams.bank.formats.question_lines import Line, labelled_parts, question_start
from exams.bank.formats.sheet import Pictures, SheetRow, questions_in
from exams.bank.formats.word_lines import Grid, WordReader
from exams.bank.sheet import cell_text, find_columns

MAX_XML, MAX_MEMBERS = 48 * 1024 * 1024, 3_000


def read(path: Path) -> Iterator[ReadQuestion]:
    """The questions of a document. Raises UnreadableFile."""
    check(path)
    try:
        yield from questions_in_blocks(WordReader(Document(str(path))).blocks())
    except (RecursionError, MemoryError):
        raise UnreadableFile("size") from None
    except (
        Exception
    ) as error:  # the library raises its own, lxml's and KeyError on parts that are not as they should be
        raise UnreadableFile("broken") from error


def check(path: Path) -> None:
    """Look at the packed folder before the library loads all of it; every part is read once, within its bounds."""
    with SafeArchive(path) as archive:
        sizes = [member.file_size for name, member in archive.members.items() if name.endswith((".xml", ".rels"))]
        if len(archive.members) > MAX_MEMBERS:
            raise UnreadableFile("many")
        if sum(sizes) > MAX_XML:
            raise UnreadableFile("size")
        try:
            archive.read("word/document.xml", most=MAX_XML)
        except (KeyError, *BROKEN) as error:
            raise error if isinstance(error, UnreadableFile) else UnreadableFile("broken") from error


def questions_in_blocks(blocks: Iterator[Line | Grid]) -> Iterator[ReadQuestion]:
    """Questions in order, numbered from 1."""
    lines, numbers = LineReader(), count(1)
    for block in blocks:
        if isinstance(block, Line):
            for draft in lines.take(block):
                yield finished(draft, next(numbers))
            continue
        rows = [[cell_text(" ".join(line.text for line in cell)) for cell in row] for row in block.rows]
        columns = find_columns(rows)
        if len(columns.places) >= 3 and "题干" in columns.places:
            for draft in lines.close():
                yield finished(draft, next(numbers))
            rows_found = table_rows(block, rows)
            for question in questions_in(rows_found, default_type=lines.type, pictures=pictures_of(block)):
                yield replace(with_lost_cells(question, columns.unused), place=next(numbers))
            continue
        for line in lines_of(block):
            for draft in lines.take(line):
                yield finished(draft, next(numbers))
    for draft in lines.end():
        yield finished(draft, next(numbers))


def with_lost_cells(question: ReadQuestion, unused: tuple[str, ...]) -> ReadQuestion:
    """Columns of a table that nothing is made of are losses of its questions."""
    return replace(question, losses=(*question.losses, *unused)) if unused else question


def table_rows(grid: Grid, rows: list[list[str]]) -> Iterator[SheetRow]:
    """The rows below the header of a table."""
    columns = find_columns(rows)
    for number, (texts, cells) in enumerate(zip(rows, grid.rows, strict=True), start=1):
        if number <= columns.header_row or not any(texts):
            continue
        values = {name: plain(texts[place]) for name, place in columns.places.items() if place < len(texts)}
        for name, place in columns.places.items():
            if place < len(cells) and len(cells[place]) > 1:
                values[name] = plain("\n".join(line.text for line in cells[place]).strip())
        if any(line.picture for cell in cells for line in cell):
            values["图片"] = str(number)
        yield SheetRow(number, values, ())


def pictures_of(grid: Grid) -> Pictures:
    """The first picture of each row of a table, by the number of the row."""

    def picture(name: str) -> bytes:
        row = grid.rows[int(name) - 1] if name.isdecimal() and 0 < int(name) <= len(grid.rows) else []
        return next((line.picture for cell in row for line in cell if line.picture), b"")

    return picture


def plain(text: str) -> str:
    """Without the marks of underlined words."""
    return UNDERLINED.sub(r"\1", text)


def lines_of(grid: Grid) -> Iterator[Line]:
    """The lines of a table that lays out questions, or the rows of one that belongs to a question."""
    cells = [cell for row in grid.rows for cell in row]
    first = [line.text for cell in cells for line in cell if line.text.strip()]
    if any(question_start(text) or labelled_parts(text)[1] or label_of(text)[0] for text in first):
        yield from (line for cell in cells for line in cell)
        return
    for number, row in enumerate(grid.rows):
        text = " | ".join(" ".join(line.text for line in cell).strip() for cell in row)
        lost: tuple[str, ...] = ("表格只保留文字",) if number == 0 else ()
        lost += tuple(loss for cell in row for line in cell for loss in line.losses)
        picture = next((line.picture for cell in row for line in cell if line.picture), b"")
        yield Line(row[0][0].place if row and row[0] else grid.place, text, picture, lost)
