"""Excel in and out: calamine reads, xlsxwriter writes row by row in bounded memory."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from python_calamine import CalamineSheet, CalamineWorkbook

from lms.kit.cells import Extent, FarApart, OddReference

MAX_EXPANDED = 600 * 1024 * 1024
PIECE = 1 << 20
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class SheetError(ValueError):
    """The file is not a workbook that can be read, with the reason in words."""


def refuse_bombs(file: Path | BinaryIO) -> None:
    """Raise SheetError for a zip that would grow beyond all measure, packed or in its cells; other formats pass."""
    try:
        with zipfile.ZipFile(file) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return
    finally:
        if not isinstance(file, Path):
            file.seek(0)
    if size > MAX_EXPANDED:
        raise SheetError("the workbook expands to more than it may")
    try:
        measure(file)
    except (FarApart, OddReference) as error:
        raise SheetError("the cells of a sheet lie further apart than they may") from error
    except Exception as error:  # decoders of hostile bytes raise whatever they like
        raise SheetError(str(error)) from error
    finally:
        if not isinstance(file, Path):
            file.seek(0)


def measure(file: Path | BinaryIO) -> None:
    """Look how far the cells of every part reach; raises FarApart, OddReference, and what a broken archive raises."""
    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            if entry.filename.lower().endswith(".xml"):
                extent = Extent()
                with archive.open(entry) as part:
                    while piece := part.read(PIECE):
                        extent.take(piece)


def open_sheet(file: Path | BinaryIO, *, sheet: int = 0) -> CalamineSheet:
    """A sheet whose `total_height` is known before its rows are read; raises SheetError."""
    refuse_bombs(file)
    try:
        source = str(file) if isinstance(file, Path) else file
        return CalamineWorkbook.from_object(source).get_sheet_by_index(sheet)
    except Exception as error:  # the library raises its own and OS errors
        raise SheetError(str(error)) from error


def read_rows(file: Path | BinaryIO, *, sheet: int = 0) -> Iterator[list[Any]]:
    """Yield the rows of a sheet from its first row on, as lists of cell values (str, float, date, bool, "").

    Raises SheetError when the file is no workbook or has no such sheet.
    """
    yield from open_sheet(file, sheet=sheet).iter_rows()


def safe_cell(value: Any) -> Any:
    """A cell that a spreadsheet program will not run as a formula."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    if isinstance(value, (int, float, str, date, datetime, bool)) or value is None:
        return value
    return str(value)


def write_rows(
    target: Path | BinaryIO,
    *,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    title: str = "Sheet1",
    notes: Sequence[str] = (),
) -> int:
    """Write one sheet (text cells, dates as dates) and return the number of rows.

    `notes` are lines above the header, such as the definition of a figure.
    """
    book = xlsxwriter.Workbook(
        str(target) if isinstance(target, Path) else target,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True},
    )
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True, "bg_color": "#DFEFEB", "border": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.set_column(0, max(0, len(header) - 1), 16)
    for index, note in enumerate(notes):
        sheet.write_string(index, 0, note)
    top = len(notes)
    sheet.write_row(top, 0, list(header), bold)
    sheet.freeze_panes(top + 1, 0)
    count = 0
    for count, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            cell = safe_cell(value)
            style = moment if isinstance(cell, datetime) else day if isinstance(cell, date) else None
            sheet.write(top + count, column, cell, style)
    book.close()
    return count
