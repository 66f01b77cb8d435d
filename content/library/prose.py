"""Plain text of authors: lines, paragraphs and **bold**, nothing else."""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
BLANK_LINE = re.compile(r"\n[ \t]*\n")


def lines(text: str) -> list[str]:
    """The non-empty lines of a text."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, separated by blank lines."""
    return [part.strip() for part in BLANK_LINE.split(text) if part.strip()]


def inline(text: str) -> SafeString:
    """One line as HTML: escaped, **bold** as <strong>."""
    return mark_safe(BOLD.sub(r"<strong>\1</strong>", escape(text)))  # noqa: S308 – escaped the line before


def prose(text: str) -> SafeString:
    """Paragraphs as HTML."""
    return mark_safe("".join(f"<p>{inline(part)}</p>" for part in paragraphs(text)))  # noqa: S308 – parts are escaped


def without_marks(text: str) -> str:
    """The text as it is read: no **."""
    return BOLD.sub(r"\1", text)
