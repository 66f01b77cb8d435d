"""GIFT's escapes, comments and blocks (pure).

Source: https://docs.moodle.org/en/GIFT_format; `\\\\` and `\\n` as Moodle's own reader understands them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from exams.bank.formats import escapes
from exams.bank.formats.html_text import read_html

SPECIAL = "\\~=#{}:"
FORMAT = re.compile(r"^\s*\[(html|plain|moodle|markdown)\]")
WEIGHT = re.compile(r"^%(-?\d{1,3}(?:\.\d*)?)%")
COMMENT = re.compile(r"^\s*//\s*(?:\[(\w+):(.*)\])?.*$", re.DOTALL)


@dataclass(slots=True)
class Block:
    """A question's text with what stood in the comments above it, its line, and the category in force."""

    line: int
    category: str
    text: str
    comments: list[tuple[str, str]] = field(default_factory=list)


def escaped(text: str) -> str:
    """The text with a backslash before everything that GIFT takes for its own; new lines as \\n."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(f"\\{char}" if char in SPECIAL else "\\n" if char == "\n" else char for char in lines)


def plain(text: str) -> str:
    """The text without escapes."""
    return re.sub(
        r"\\([~=#{}:\\n])", lambda match: "\n" if match[1] == "n" else match[1], text
    ) if "\\" in text else text  # fmt: skip


def find(text: str, marks: str, start: int = 0) -> int:
    """Place of the first unescaped one of `marks`, -1 without one."""
    place = start
    while place < len(text):
        if text[place] == "\\":
            place += 2
            continue
        if text[place] in marks:
            return place
        place += 1
    return -1


def partition(text: str, mark: str) -> tuple[str, str, bool]:
    """What stands before and after the first unescaped `mark`, and whether there is one."""
    place = -1
    while True:
        place = find(text, mark[0], place + 1)
        if place < 0:
            return text, "", False
        if text.startswith(mark, place):
            return text[:place], text[place + len(mark) :], True


def readable(text: str, losses: list[str], *, ends: bool = True) -> str:
    """A text as people read it: format mark and escapes resolved, HTML turned into text.

    `ends`: without the spaces at both ends.
    """
    match = FORMAT.match(text)
    body = plain(text[match.end() :] if match else text)
    if match and match[1] == "html":
        extract = read_html(body)
        losses += [*extract.losses, *(f"图片 {picture.address[:60]}" for picture in extract.pictures)]
        return extract.text
    return body.strip() if ends else body


def written(text: str) -> str:
    """A text that `readable` gives back, marked as plain where it could be taken for a format."""
    return ("[plain]" if text.startswith("[") else "") + escaped(text)


def blocks_of(text: str) -> Iterator[Block]:
    """The questions of a file: blocks between blank lines. Comments `// [key:value]` belong to the block below them."""
    category, comments = "", list[tuple[str, str]]()
    lines: list[str] = []
    begin = 0
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        comment = COMMENT.match(line) if line.lstrip().startswith("//") else None
        if comment:
            if comment[1]:
                comments.append((comment[1], escapes.plain(comment[2])))
        elif line.strip().upper().startswith("$CATEGORY:") and not lines:
            category = line.partition(":")[2].strip()
        elif line.strip():
            begin = begin if lines else number
            lines.append(line)
        elif lines:
            yield Block(begin, category, "\n".join(lines), comments)
            lines, comments = [], []
