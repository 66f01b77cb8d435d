"""Every format that the bank reads, opened in one way."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from exams.bank.files import (
    AIKEN,
    BUNDLE,
    DOCX,
    GIFT,
    MOODLE_XML,
    QTI_ITEM,
    QTI_PACKAGE,
    TABLE,
    TEXT,
    XLSX,
    kind_of,
)
from exams.bank.formats import aiken, gift, moodle_xml, numbered, qti, word
from exams.bank.formats.exchange import ReadQuestion, WrittenQuestion
from exams.bank.formats.sheet import rows_of_question
from exams.bank.formats.sheet_files import SHEET_STEP, as_rows, opened_sheets
from exams.bank.sheet import COLUMNS

READERS: Mapping[str, Callable[[Path], Iterator[ReadQuestion]]] = {
    DOCX: word.read,
    TEXT: numbered.read,
    AIKEN: aiken.read,
    GIFT: gift.read,
    MOODLE_XML: moodle_xml.read,
    QTI_ITEM: qti.read,
    QTI_PACKAGE: qti.read,
}
SHEETS = (XLSX, TABLE, BUNDLE)
PICTURE = "图片"


@dataclass(slots=True)
class QuestionFile:
    """A file of questions, recognised and opened.

    `questions` may be called again and begins anew. `total`: rows to come, 0 when nobody knows. `missing`: columns
    without which nothing can be read. `header`: columns in which bad questions come back. `notes`: what is no
    question, found while reading.
    """

    kind: str
    questions: Callable[[], Iterator[ReadQuestion]]
    total: int = 0
    header: tuple[str, ...] = COLUMNS
    missing: tuple[str, ...] = ()
    missing_row: int = 1
    unused: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    sheets: Mapping[str, str] = field(default_factory=dict)
    loose_pictures: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def in_rows(self) -> bool:
        """Whether places are rows of a sheet, rather than numbers of questions."""
        return self.kind in SHEETS

    def picture_cell(self, question: ReadQuestion) -> str:
        """The name that a row of the file has for its picture, "" when the file has no such rows."""
        place = self.header.index(PICTURE) if question.cells and PICTURE in self.header else -1
        return question.cells[place] if place >= 0 else ""

    def rows_back(self, question: ReadQuestion, picture_name: str) -> list[list[str]]:
        """The rows in which a question comes back to be corrected."""
        if question.cells:
            return as_rows(question.cells, len(self.header))
        written = WrittenQuestion("", question.content, question.names)
        return [[row.get(name, "") for name in self.header] for row in rows_of_question(written, picture_name)]


@contextmanager
def opened(path: Path, *, topics: Collection[str], given: Collection[str] = ()) -> Iterator[QuestionFile]:
    """Recognise a file by its content and open it; `given`: columns that the person says for all questions.

    Raises UnreadableFile, here or while reading.
    """
    kind = kind_of(path)
    if kind not in SHEETS:
        yield QuestionFile(kind, lambda: READERS[kind](path))
        return
    with opened_sheets(path, kind, topics, given) as file:
        yield QuestionFile(
            kind, file.questions, file.total, file.header, file.missing, file.missing_row, file.unused, file.skipped,
            file.sheets, file.source.loose_pictures, file.notes,
        )  # fmt: skip


def place_in_words(place: int, sheets: Mapping[str, str]) -> str:
    """A place as people find it: the row, with the name of its sheet unless it is the first."""
    sheet, row = divmod(place, SHEET_STEP)
    return f"{sheets.get(str(sheet), sheet + 1)}!{row}" if sheet else str(row)
