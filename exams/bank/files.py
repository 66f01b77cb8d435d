"""Uploaded question files: recognised by content, bounded in size, read row by row."""

import csv
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from exams.bank.sheet import HEADER_WITHIN, Columns, find_columns
from lms.kit.sheets import SheetError, read_rows

ZIP_START = b"PK\x03\x04"
# A workbook is a packed folder: refuse one that unpacks to more than this (50,000 rows need about 60 MB).
MAX_UNPACKED = 400 * 1024 * 1024
MAX_ROWS = 100_000
ENCODINGS = ("utf-8-sig", "gb18030")


class UnreadableFile(ValueError):
    """Not a workbook and not a table of text; `reason` is a short code: kind, size, rows, encoding, broken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check_kind(path: Path) -> str:
    """`xlsx` or `csv` by what is inside; raises UnreadableFile."""
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(ZIP_START):
        check_workbook(path)
        return "xlsx"
    if not start or b"\x00" in start:
        raise UnreadableFile("kind")
    return "csv"


def check_workbook(path: Path) -> None:
    """Refuse archives that are no workbook or that would unpack without measure."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as error:
        raise UnreadableFile("broken") from error
    if not any(part.filename == "[Content_Types].xml" for part in parts):
        raise UnreadableFile("kind")
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise UnreadableFile("size")


def rows_of(path: Path) -> Iterator[list[Any]]:
    """The rows of the first sheet or of the text table, row 1 first; raises UnreadableFile."""
    source = read_workbook(path) if check_kind(path) == "xlsx" else read_text_table(path)
    for number, row in enumerate(source, start=1):
        if number > MAX_ROWS:
            raise UnreadableFile("rows")
        yield row


def read_workbook(path: Path) -> Iterator[list[Any]]:
    """Rows of a workbook."""
    try:
        yield from read_rows(path)
    except SheetError as error:
        raise UnreadableFile("broken") from error


def read_text_table(path: Path) -> Iterator[list[Any]]:
    """Rows of a CSV file in UTF-8 or GB 18030."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        try:
            yield from csv.reader(file)
        except csv.Error as error:
            raise UnreadableFile("broken") from error


def encoding_of(path: Path) -> str:
    """The first encoding that reads the whole file."""
    for encoding in ENCODINGS:
        try:
            with path.open(encoding=encoding) as file:
                while file.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnreadableFile("encoding")


def columns_of(path: Path) -> tuple[Columns, int]:
    """Where the columns stand, and the number of rows below the header."""
    rows = rows_of(path)
    first = list(islice(rows, HEADER_WITHIN))
    columns = find_columns(first)
    total = len(first) + sum(1 for _ in rows)
    return columns, max(0, total - columns.header_row)
