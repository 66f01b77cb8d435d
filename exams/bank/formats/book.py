"""The workbook of the trade as a file: questions.xlsx alone, or in a zip with the pictures that its rows name."""

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from exams.bank.formats.exchange import LeftOut, WrittenQuestion
from exams.bank.formats.pictures import ENDINGS, picture_facts
from exams.bank.formats.sheet import rows_of_question
from exams.bank.sheet import COLUMNS, RETURNED, guarded
from lms.kit.sheets import write_rows

MAX_CELL = 32_767  # characters that a cell of a workbook holds
MAX_PICTURES = 4_900  # members that an archive may have when it is read back, less some
SHEET_TITLE = "题目"
WRITTEN = (RETURNED[0], *COLUMNS)


class PictureFolder:
    """The pictures beside a workbook, each once."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names: dict[str, str] = {}

    def keep(self, data: bytes, media_type: str, name: str = "") -> str:
        """The name under which the workbook refers to the picture, "" when the folder is full."""
        key = name or hashlib.sha256(data).hexdigest()
        if key not in self.names and len(self.names) < MAX_PICTURES:
            self.names[key] = name or f"pictures/{key[:20]}.{ENDINGS.get(media_type, 'png')}"
            self.archive.writestr(self.names[key], data)
        return self.names.get(key, "")


def write_book(questions: Iterable[WrittenQuestion], target: Path) -> list[LeftOut]:
    """Write questions in the columns of the trade; a zip when one of them has a picture. Returns what was left out."""
    left: list[LeftOut] = []

    def rows(folder: PictureFolder) -> Iterator[list[str]]:
        for question in questions:
            name = folder.keep(question.picture, question.media_type) if question.picture else ""
            if question.picture and not name:
                left.append(LeftOut(question.code, f"图片超过 {MAX_PICTURES} 张，请分批导出", whole=False))
            lines = [[row.get(column, "") for column in WRITTEN] for row in rows_of_question(question, name)]
            if any(len(cell) >= MAX_CELL for line in lines for cell in line):
                left.append(LeftOut(question.code, "内容比一个单元格能放的还长", whole=True))
                continue
            yield from lines

    write_folder(target, WRITTEN, rows)
    return left


def write_folder(target: Path, header: Sequence[str], rows: Callable[[PictureFolder], Iterable[Sequence[str]]]) -> None:
    """Write `rows(folder)` below the header; `target` is a workbook, or a zip when rows kept pictures."""
    with tempfile.TemporaryDirectory() as place:
        book, packed = Path(place) / "questions.xlsx", Path(place) / "questions.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            folder = PictureFolder(archive)
            lines = ([guarded(str(cell)) for cell in line] for line in rows(folder))
            write_rows(book, header=header, rows=lines, title=SHEET_TITLE)
            if folder.names:
                archive.write(book, "questions.xlsx")
        shutil.move(str(packed if folder.names else book), target)


def media_type_of(data: bytes) -> str:
    """The media type of a picture, "" for what is none."""
    facts = picture_facts(data)
    return facts.media_type if facts else ""
