"""Uploaded question files: recognised by what is inside, never by the name."""

import re
import struct
import zipfile
from pathlib import Path

from exams.bank.sheet import HEADER_WITHIN, find_columns

ZIP_START, OLD_OFFICE_START, RTF_START = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf"
MAX_ROWS = 100_000
MAX_TEXT = 64 * 1024 * 1024
ENCODINGS = ("utf-8-sig", "gb18030")
WIDE_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
HEAD = 64 * 1024
XLSX, TABLE, DOCX, TEXT, GIFT, AIKEN = "xlsx", "table", "docx", "text", "gift", "aiken"
BUNDLE, MOODLE_XML, QTI_ITEM, QTI_PACKAGE = "bundle", "moodle_xml", "qti_item", "qti_package"
BOOK_NAMES = ("questions.xlsx", "questions.csv")
AIKEN_ANSWER = re.compile(r"^ANSWER\s*[:：]\s*[A-Za-zＡ-Ｚ]\s*$", re.MULTILINE)
AIKEN_OPTION = re.compile(r"^[A-Z][.)]\s", re.MULTILINE)
GIFT_BLOCK = re.compile(
    r"(?<!\\)\{\s*(?:[=~#}]|T|F|TRUE|FALSE|(?:\d+(?:\.\d+)?)\s*(?:[:.]|\}))|^\s*\$CATEGORY:|^::.+::", re.MULTILINE
)
ANSWER_LINE = re.compile(r"^\s*[【\[(（]?\s*(?:正确|标准|参考)?答\s*案\s*[】\])）]?\s*[:：】]", re.MULTILINE)
SECTION_LINE = re.compile(r"^\s*[一二三四五六七八九十]+\s*[、.．]\s*.{0,12}题", re.MULTILINE)
DELIMITERS = (",", "\t", ";", "，", "|")


class UnreadableFile(ValueError):
    """No file that questions can be read from; `reason` is a short code.

    kind, size, rows, encoding, broken, many (members), unsafe (names, links), encrypted, old (binary Office format).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def kind_of(path: Path) -> str:
    """What sort of question file this is; raises UnreadableFile."""
    with path.open("rb") as file:
        start = file.read(HEAD)
    if start.startswith(ZIP_START):
        return kind_of_archive(path)
    if start.startswith((OLD_OFFICE_START, RTF_START)):
        raise UnreadableFile("old")
    if not start.strip():
        raise UnreadableFile("kind")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return kind_of_xml(start.decode("utf-8", "replace"))  # its reader knows encodings, and files of any length
    text = beginning(path, start)
    if text.lstrip().startswith("<"):
        return kind_of_xml(text)
    return kind_of_text(text)


def kind_of_archive(path: Path) -> str:
    """A workbook, a document, a package of items, or a workbook with its pictures."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, struct.error, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise UnreadableFile("broken") from error
    if "[Content_Types].xml" in names:
        if "xl/workbook.xml" in names:
            return XLSX
        if "word/document.xml" in names:
            return DOCX
        raise UnreadableFile("kind")
    if any(name.rpartition("/")[2] in BOOK_NAMES for name in names):
        return BUNDLE
    if any(name.endswith((".xml", ".XML")) for name in names):
        return QTI_PACKAGE
    raise UnreadableFile("kind")


def kind_of_xml(text: str) -> str:
    """Moodle's question file or a QTI item, by the first element."""
    match = re.search(r"<\s*(?:[\w.-]+:)?([A-Za-z][\w.-]*)", re.sub(r"<[?!][^>]*>", "", text, count=20))
    root = match[1] if match else ""
    if root == "quiz":
        return MOODLE_XML
    if root in ("assessmentItem", "qti-assessment-item", "questestinterop"):
        return QTI_ITEM
    raise UnreadableFile("kind")


def kind_of_text(text: str) -> str:
    """Aiken, GIFT, numbered questions with answer lines, or a table."""
    if AIKEN_ANSWER.search(text) and AIKEN_OPTION.search(text):
        return AIKEN
    if any(is_header(line) for line in text.split("\n")[:HEADER_WITHIN]):
        return TABLE
    if GIFT_BLOCK.search(text):
        return GIFT
    if ANSWER_LINE.search(text) or SECTION_LINE.search(text):
        return TEXT
    return TABLE


def is_header(line: str) -> bool:
    """Whether a line names columns of the question sheet."""
    rows = ([[cell.strip(' "') for cell in line.split(delimiter)]] for delimiter in DELIMITERS if delimiter in line)
    return any(len(find_columns(row).places) >= 2 for row in rows)


def beginning(path: Path, start: bytes) -> str:
    """The first characters; raises UnreadableFile for what is no text."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding) as file:
        text = file.read(HEAD)
    if "\x00" in text:
        raise UnreadableFile("kind")
    return text


def encoding_of(path: Path) -> str:
    """The first encoding that reads the whole file; raises UnreadableFile for bytes that are no text."""
    if path.stat().st_size > MAX_TEXT:
        raise UnreadableFile("size")
    data = path.read_bytes()
    wide = WIDE_MARKS.get(data[:2])
    if wide is None and b"\x00" in data:
        raise UnreadableFile("kind")
    for encoding in (wide,) if wide else ENCODINGS:
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnreadableFile("encoding")


def text_of(path: Path) -> str:
    """The whole text, lines ended by \\n; raises UnreadableFile."""
    with path.open(encoding=encoding_of(path)) as file:
        text = file.read()
    if "\x00" in text:
        raise UnreadableFile("kind")
    return text
