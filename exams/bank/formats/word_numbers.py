"""Automatic numbers of Word paragraphs, as Word shows them: 1. （2） A. 一、 (pure, from the numbering part)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

DIGITS = "〇一二三四五六七八九十"
CHINESE = {
    "chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "ideographDigital", "japaneseCounting",
    "taiwaneseCounting", "taiwaneseCountingThousand",
}  # fmt: skip
ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def in_format(number: int, style: str) -> str:
    """A number in Word's format; "" for bullets and formats without numbers."""
    if style in ("bullet", "none"):
        return ""
    if style in ("upperLetter", "lowerLetter"):
        letter = chr(ord("A") + (number - 1) % 26)
        return letter if style == "upperLetter" else letter.lower()
    if style == "decimalEnclosedCircle" and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    if style in CHINESE and 1 <= number <= 99:
        return chinese(number)
    if style == "upperRoman" and 1 <= number <= 39:
        return roman(number)
    return str(number)


def chinese(number: int) -> str:
    """1–99 as 一 … 九十九."""
    tens, ones = divmod(number, 10)
    return ("" if not tens else ("十" if tens == 1 else f"{DIGITS[tens]}十")) + (DIGITS[ones] if ones else "")


def roman(number: int) -> str:
    """1–39 as I … XXXIX."""
    text = ""
    for value, sign in ROMAN:
        text, number = text + sign * (number // value), number % value
    return text


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: where it starts, its format, and its text with %1 for the number of the first level."""

    start: int
    style: str
    text: str


@dataclass(slots=True)
class Numbering:
    """Counts the lists of a document; ask for every paragraph in order."""

    levels: Mapping[str, Mapping[int, Level]]  # by list
    family: Mapping[str, str]  # lists that count on together
    restarts: set[str]
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def label(self, list_id: str, depth: int) -> str:
        """The number in front of the next paragraph of a list, "" for bullets and unknown lists."""
        levels = self.levels.get(list_id, {})
        level = levels.get(depth)
        if level is None:
            return ""
        family = self.family[list_id]
        if list_id in self.restarts:
            self.restarts.discard(list_id)
            self.counts.pop(family, None)
        counts = self.counts.setdefault(family, {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        text = level.text
        for place, other in levels.items():
            text = text.replace(f"%{place + 1}", in_format(counts.get(place, other.start), other.style))
        text = text.strip()
        return f"{text}." if text[-1:].isalnum() else text if in_format(1, level.style) else ""


def numbering_of(part: Any) -> Numbering:
    """The lists of a document's numbering part (None: it has none)."""
    if part is None:
        return Numbering({}, {}, set())
    abstract: dict[str, dict[int, Level]] = {}
    for node in part.findall(qn("w:abstractNum")):
        abstract[node.get(qn("w:abstractNumId"))] = dict(levels_in(node))
    levels, family, restarts = {}, {}, set()
    for node in part.findall(qn("w:num")):
        name, base = node.get(qn("w:numId")), value(node, "w:abstractNumId")
        own = dict(abstract.get(base, {}))
        for override in node.findall(qn("w:lvlOverride")):
            own.update(levels_in(override))
            if override.find(qn("w:startOverride")) is not None:
                restarts.add(name)
        levels[name], family[name] = own, base
    return Numbering(levels, family, restarts)


def levels_in(node: Any) -> list[tuple[int, Level]]:
    """The levels that a node describes."""
    return [
        (number(level.get(qn("w:ilvl")), 0), Level(
            number(value(level, "w:start"), 1), value(level, "w:numFmt") or "decimal", value(level, "w:lvlText")
        ))
        for level in node.findall(qn("w:lvl"))
    ]  # fmt: skip


def value(node: Any, name: str) -> str:
    """The w:val of a child, "" without it."""
    child = node.find(qn(name))
    return (child.get(qn("w:val")) or "") if child is not None else ""


def number(text: str | None, default: int) -> int:
    """A small number in a file from a stranger."""
    return int(text) if text and text.isdigit() and len(text) < 5 else default
