"""Several texts in one cell: joined and split again without loss, whatever the texts hold (pure).

A backslash before a mark makes it plain text; `\\↵` is a new line. A backslash before a letter or a digit is itself, so
that `C:\\temp` reads as it is written.
"""

import re
from collections.abc import Iterable, Sequence

NEW_LINE = "↵"
Marked = list[tuple[str, bool]]  # characters, and whether each was escaped


def escaped(text: str, marks: str) -> str:
    """The text with a backslash before every mark, backslash, new line, and space at its ends."""
    found = "".join(
        f"\\{NEW_LINE}" if char == "\n" else f"\\{char}" if char in marks or char == "\\" else char for char in text
    )
    if found[:1].isspace():
        found = "\\" + found
    return found[:-1] + "\\" + found[-1] if found[-1:].isspace() else found


def joined(texts: Iterable[str], separator: str, marks: str) -> str:
    """The texts in one cell; `marks` are all characters at which the cell is split when it is read."""
    return separator.join(escaped(text, marks) for text in texts)


def split(text: str, marks: str) -> list[str]:
    """Pieces between unescaped marks, without the spaces around them; still escaped where that matters further down."""
    if "\\" not in text:
        return [piece.strip() for piece in re.split(f"[{re.escape(marks)}]", text)]
    pieces: list[Marked] = [[]]
    for char, literal in marked(text):
        if char in marks and not literal:
            pieces.append([])
        else:
            pieces[-1].append((char, literal))
    return [as_written(trimmed(piece)) for piece in pieces]


def plain(text: str) -> str:
    """The text without its escapes."""
    return "".join(char for char, _ in marked(text)) if "\\" in text else text


def plain_pieces(text: str, marks: str) -> list[str]:
    """`split`, with the escapes resolved; empty pieces are left out."""
    return [plain(piece) for piece in split(text, marks) if piece]


def partition(text: str, mark: str) -> tuple[str, str] | None:
    """What stands before and after the first unescaped `mark` (one or more characters), or None without one."""
    found = marked(text)
    for place in range(len(found) - len(mark) + 1):
        window = found[place : place + len(mark)]
        if not any(literal for _, literal in window) and "".join(char for char, _ in window) == mark:
            return as_written(trimmed(found[:place])), as_written(trimmed(found[place + len(mark) :]))
    return None


def marked(text: str) -> Marked:
    """Characters with whether they were escaped."""
    found: Marked = []
    place = 0
    while place < len(text):
        char, after = text[place], text[place + 1 : place + 2]
        if char == "\\" and after and not (after.isalnum() and after != NEW_LINE):
            found.append(("\n" if after == NEW_LINE else after, True))
            place += 2
        else:
            found.append((char, False))
            place += 1
    return found


def stripped(text: str) -> str:
    """Still escaped, without the unescaped spaces at both ends."""
    return as_written(trimmed(marked(text))) if "\\" in text else text.strip()


def trimmed(piece: Sequence[tuple[str, bool]]) -> Marked:
    """Without the unescaped spaces at both ends."""
    first, last = 0, len(piece)
    while first < last and piece[first][0].isspace() and not piece[first][1]:
        first += 1
    while last > first and piece[last - 1][0].isspace() and not piece[last - 1][1]:
        last -= 1
    return list(piece[first:last])


def as_written(piece: Iterable[tuple[str, bool]]) -> str:
    """Back to text with escapes."""
    return "".join(char if not literal else f"\\{NEW_LINE}" if char == "\n" else f"\\{char}" for char, literal in piece)
