"""What changed between two versions of a question, word by word (pure)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, ADDED, REMOVED = "same", "added", "removed"
# A word of Latin letters or a number is one token; everything else goes character by character.
TOKENS = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
ALIKE = 0.35  # lines less alike than this are told as one gone and one new


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a question under its name, line by line."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that stayed, came or went."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """What changed under one name: lines of runs; lines that stayed as they were are left out."""

    name: str
    lines: list[list[Run]]


def changes(old: Sequence[Section], new: Sequence[Section]) -> list[Change]:
    """Every section in which something changed, in the order of the newer version."""
    before = {section.name: section.lines for section in old}
    after = {section.name: section.lines for section in new}
    found = []
    for name in dict.fromkeys([*after, *before]):
        lines = list(changed_lines(before.get(name, ()), after.get(name, ())))
        if lines:
            found.append(Change(name, lines))
    return found


def changed_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[list[Run]]:
    """Lines that changed, came or went."""
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        gone, come = list(old[i1:i2]), list(new[j1:j2])
        while gone and come:
            yield from compared(gone.pop(0), come.pop(0))
        yield from ([Run(REMOVED, line)] for line in gone)
        yield from ([Run(ADDED, line)] for line in come)


def compared(old: str, new: str) -> Iterator[list[Run]]:
    """One line that was rewritten; two where nearly nothing stayed."""
    before, after = TOKENS.findall(old), TOKENS.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < ALIKE:
        yield [Run(REMOVED, old)]
        yield [Run(ADDED, new)]
        return
    runs: list[Run] = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            runs.append(Run(SAME, "".join(before[i1:i2])))
            continue
        runs += [Run(REMOVED, "".join(before[i1:i2]))] if i2 > i1 else []
        runs += [Run(ADDED, "".join(after[j1:j2]))] if j2 > j1 else []
    yield runs
