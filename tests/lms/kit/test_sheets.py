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
