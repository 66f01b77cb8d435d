"""Tables in files: the sheets of a workbook, a text table, a workbook with its pictures in a zip.

A workbook comes from strangers, and the library that reads it makes room for every cell between the first and the
last one. Therefore it is copied first, part by part: only what it needs, no more than it declares, with the extent
of every sheet measured on the way.
"""

import csv
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum

from exams.bank.files import BOOK_NAMES, BUNDLE, DELIMITERS, MAX_ROWS, UnreadableFile, encoding_of
from exams.bank.formats.archives import BROKEN, SafeArchive
from exams.bank.sheet import HEADER_WITHIN, find_columns
from lms.kit.cells import Extent, FarApart, OddReference

MAX_SHEETS = 50
MAX_PICTURE = 10 * 1024 * 1024
PIECE = 1 << 20
Merge = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its rows from row 1 on (every call begins anew), how many there are, and its merged cells.

    Rows and columns of `merges` count from 0, as the rows come.
    """

    name: str
    rows: Callable[[], Iterator[Sequence[Any]]]
    total: int
    merges: tuple[Merge, ...] = ()


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables of a file, its pictures by name, and how many pictures lie in the sheets, where nothing reads them."""

    tables: tuple[Table, ...]
    picture: Callable[[str], bytes]
    loose_pictures: int = 0


@contextmanager
def opened_workbook(path: Path) -> Iterator[Tables]:
    """The sheets of a workbook; raises UnreadableFile."""
    with tempfile.TemporaryDirectory() as folder:
        clean = Path(folder) / "clean.xlsx"
        pictures = wash(path, clean)
        try:
            book = CalamineWorkbook.from_path(str(clean))
            names = [
                sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet
            ]  # fmt: skip
            if len(names) > MAX_SHEETS:
                raise UnreadableFile("many")
            tables = tuple(table_of(book, name) for name in names)
        except UnreadableFile:
            raise
        except Exception as error:  # the library raises its own and OS errors
            raise UnreadableFile("broken") from error
        if sum(table.total for table in tables) > MAX_ROWS:
            raise UnreadableFile("rows")
        yield Tables(tables, lambda name: b"", pictures)


def table_of(book: CalamineWorkbook, name: str) -> Table:
    """One sheet; the library counts merged cells from the corner of the sheet, rows from its first used column."""
    sheet = book.get_sheet_by_name(name)
    left = sheet.start[1] if sheet.start else 0
    merges = tuple(
        ((top, first - left), (bottom, last - left))
        for (top, first), (bottom, last) in (sheet.merged_cell_ranges or ())
    )
    return Table(name, sheet.iter_rows, sheet.total_height, merges)


def wash(path: Path, target: Path) -> int:
    """Copy the parts that hold cells, unpacked, within bounds; returns the number of pictures left behind.

    Raises UnreadableFile.
    """
    pictures = 0
    try:
        with SafeArchive(path) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as copy:
            for name, member in archive.members.items():
                pictures += name.startswith("xl/media/")
                if name.endswith((".xml", ".rels")) and not name.startswith("xl/drawings/"):
                    with archive.archive.open(member) as source, copy.open(name, "w", force_zip64=True) as kept:
                        copy_part(source.read, kept.write)
    except UnreadableFile:
        raise
    except BROKEN as error:
        raise UnreadableFile("broken") from error
    return pictures


def copy_part(read: Callable[[int], bytes], write: Callable[[bytes], Any]) -> None:
    """Copy in pieces; refuse cells that lie too far apart. Any part may turn out to be a sheet."""
    extent = Extent()
    while piece := read(PIECE):
        write(piece)
        try:
            extent.take(piece)
        except FarApart as error:
            raise UnreadableFile("rows") from error
        except OddReference as error:
            raise UnreadableFile("broken") from error


@contextmanager
def opened_text(path: Path) -> Iterator[Tables]:
    """A table of text (comma, tab, semicolon …) in UTF-8, UTF-16 or GBK; raises UnreadableFile."""
    encoding = encoding_of(path)
    delimiter = delimiter_of(path, encoding)

    def rows() -> Iterator[Sequence[Any]]:
        with path.open(encoding=encoding, newline="") as file:
            try:
                for number, row in enumerate(csv.reader(file, delimiter=delimiter), start=1):
                    if number > MAX_ROWS:
                        raise UnreadableFile("rows")
                    yield row
            except csv.Error as error:
                raise UnreadableFile("broken") from error

    yield Tables((Table("", rows, sum(1 for _ in rows())),), lambda name: b"")


def delimiter_of(path: Path, encoding: str) -> str:
    """The delimiter under which the first rows name most columns, or else fall into most cells."""

    def score(delimiter: str) -> tuple[int, int]:
        with path.open(encoding=encoding, newline="") as file:
            try:
                first = [
                    row for row, _ in zip(csv.reader(file, delimiter=delimiter), range(HEADER_WITHIN), strict=False)
                ]
            except csv.Error:
                return (0, 0)
        return len(find_columns(first).places), min((len(row) for row in first if row), default=0)

    return max(DELIMITERS, key=score)


@contextmanager
def opened_bundle(path: Path) -> Iterator[Tables]:
    """questions.xlsx or .csv in a zip, with the pictures that its rows name; raises UnreadableFile."""
    with SafeArchive(path) as archive, tempfile.TemporaryDirectory() as folder:
        book = next(name for name in archive.names if name.rpartition("/")[2] in BOOK_NAMES)
        base = book.rpartition("/")[0]
        copy = Path(folder) / "questions"
        copy.write_bytes(archive.read(book, most=64 * 1024 * 1024))

        def picture(name: str) -> bytes:
            member = f"{base}/{name}" if base else name
            return archive.read(member, most=MAX_PICTURE) if member in archive else b""

        opening = opened_workbook if book.endswith(".xlsx") else opened_text
        with opening(copy) as inner:
            yield Tables(inner.tables, picture, inner.loose_pictures)


def opening_of(kind: str) -> Callable[[Path], Any]:
    """How tables of a kind are opened."""
    return {BUNDLE: opened_bundle, "xlsx": opened_workbook}.get(kind, opened_text)
