"""Workbooks in and out."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from lms.kit import sheets
from lms.kit.sheets import SheetError, read_rows, write_rows


def test_what_is_written_is_read_again_and_formulas_are_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert write_rows(path, header=["甲", "乙"], rows=[["=1+1", date(2026, 11, 24)], ["+86", 3]], notes=["说明"]) == 2
    assert list(read_rows(path)) == [["说明", ""], ["甲", "乙"], ["'=1+1", date(2026, 11, 24)], ["'+86", 3.0]]


def test_a_file_that_is_no_workbook_is_refused() -> None:
    with pytest.raises(SheetError):
        list(read_rows(io.BytesIO(b"no workbook")))


def test_a_zip_bomb_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_EXPANDED", 1_000_000)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)
    buffer.seek(0)
    with pytest.raises(SheetError, match="expands"):
        list(read_rows(buffer))


def workbook_with(cells: str, part: str = "xl/worksheets/sheet1.xml") -> io.BytesIO:
    """A real workbook whose sheet holds these cells, under the usual name or another."""
    plain, made = io.BytesIO(), io.BytesIO()
    write_rows(plain, header=["甲"], rows=[])
    body = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/_rels/workbook.xml.rels":
                data = data.replace(b"worksheets/sheet1.xml", part.removeprefix("xl/").encode())
            target.writestr(
                part if name == "xl/worksheets/sheet1.xml" else name, data if "sheet1" not in name else body
            )
    made.seek(0)
    return made


CORNERS = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="{far}"><v>2</v></c></row>'


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/other/sheet1.xml"])
@pytest.mark.parametrize("far", ["XFD1048576", "XFD&#49;048576"])
def test_two_cells_in_opposite_corners_are_refused_before_room_is_made_for_them(part: str, far: str) -> None:
    with pytest.raises(SheetError, match="apart"):
        list(read_rows(workbook_with(CORNERS.format(far=far), part)))


def test_a_sheet_rewritten_in_the_same_way_is_read() -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c><c r="AB1"><v>2</v></c></row>'
    [row] = read_rows(workbook_with(cells))
    assert (row[0], row[27], len(row)) == (1.0, 2.0, 28)
