"""Cutting the passage out of a text that answers a query."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a snippet; `hit` pieces are what was asked for."""

    text: str
    hit: bool


def snippet(text: str, query: str, *, width: int = 72) -> list[Piece]:
    """About `width` characters of `text` around the first hit, hits marked; the beginning if nothing is hit."""
    flat = " ".join(text.split())
    terms = sorted(set(query.split()), key=len, reverse=True)
    pattern = re.compile("|".join(re.escape(term) for term in terms), re.IGNORECASE) if terms else None
    first = pattern.search(flat) if pattern else None
    start = max(0, first.start() - width // 3) if first else 0
    cut = flat[start : start + width]
    pieces = [Piece("…", hit=False)] if start else []
    at = 0
    for found in pattern.finditer(cut) if pattern else ():
        if found.start() > at:
            pieces.append(Piece(cut[at : found.start()], hit=False))
        pieces.append(Piece(found.group(), hit=True))
        at = found.end()
    if cut[at:]:
        pieces.append(Piece(cut[at:], hit=False))
    if start + width < len(flat):
        pieces.append(Piece("…", hit=False))
    return pieces
