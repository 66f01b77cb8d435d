"""Options that stand together in one cell or line: `A.先通风 B.先下人`, `先通风**先下人` … (pure)."""

import re
import unicodedata
from collections.abc import Sequence

from exams.bank.wording import LETTERS

# A letter with its mark: A. A、 A． A: A) （A） [A] Ａ．
LABEL = (
    r"(?:[（(\[【]\s*([A-JＡ-Ｊa-j])\s*[）)\]】]\s*[.．、:：]?|([A-JＡ-Ｊ])\s*[.．、:：)）]"
    r"|([a-j])\s*[、)）]|([A-J])\s+(?=[\u4e00-\u9fff]))\s*"
)
FIRST_LABEL = re.compile(r"^\s*" + LABEL)
LABELLED = re.compile(r"(?<![A-Za-z0-9])" + LABEL)
STRONG, WEAK = ("**", "##", "||", "$$"), ("|", "｜", "\n", "；", ";")


def letter_in(match: re.Match[str]) -> str:
    """The letter of a label, half-width and upper case."""
    return unicodedata.normalize("NFKC", next(group for group in match.groups() if group)).upper()


def label_of(text: str) -> tuple[str, str]:
    """The letter at the start of an option and the text behind it; ("", text) without one."""
    match = FIRST_LABEL.match(text)
    return (letter_in(match), text[match.end() :].strip()) if match else ("", text)


def without_labels(texts: Sequence[str]) -> list[str]:
    """Options without the letters in front of them, if every one (at least two) has its own letter."""
    written = [(place, text) for place, text in enumerate(texts) if text]
    found = {place: label_of(text) for place, text in written}
    if len(written) < 2 or any(found[place][0] != LETTERS[place : place + 1] for place, _ in written):
        return list(texts)
    return [found[place][1] if place in found else "" for place in range(len(texts))]


def with_labels(texts: Sequence[str]) -> list[str]:
    """Options such that `without_labels` gives them back: labelled only when they look labelled themselves."""
    if without_labels(texts) == list(texts):
        return list(texts)
    return [f"{LETTERS[place]}. {text}" if text else "" for place, text in enumerate(texts)]


def labelled_options(text: str) -> list[str]:
    """Options behind A. B. C. … in one text, in order of their letters; [] unless A and B come first, in order."""
    found: list[re.Match[str]] = []
    for match in LABELLED.finditer(text):
        if len(found) < len(LETTERS) and letter_in(match) == LETTERS[len(found)]:
            found.append(match)
    if len(found) < 2 or text[: found[0].start()].strip():
        return []
    ends = [match.start() for match in found[1:]] + [len(text)]
    return [text[match.end() : end].strip().rstrip("；;|").strip() for match, end in zip(found, ends, strict=True)]


def split_options(text: str) -> list[str]:
    """The options of one cell: behind letters, or between the delimiters of the trade, else one option."""
    strong = [delimiter for delimiter in STRONG if delimiter in text]
    labelled = [] if strong else labelled_options(text)
    if labelled:
        return labelled
    for delimiter in (*strong, *WEAK):
        parts = [part.strip() for part in text.split(delimiter)]
        if len([part for part in parts if part]) > 1:
            while parts and not parts[-1]:
                parts.pop()
            return without_labels(parts[1:] if not parts[0] else parts)
    return [text.strip()] if text.strip() else []
