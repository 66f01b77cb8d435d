"""Reading the answer column of the trade: `B`, `AB`, `A,B`, `A、B`, `对`, `√`, `T`, the text of an option … (pure)."""

import re
import unicodedata
from collections.abc import Sequence

from exams.bank.bodies import FALSE, MULTIPLE, TRUE, TRUE_FALSE
from exams.bank.wording import LETTERS, normalised

TRUE_WORDS = frozenset({"对", "正确", "是", "√", "✓", "✔", "☑", "V", "T", "TRUE", "Y", "YES", "1"})
FALSE_WORDS = frozenset({"错", "错误", "否", "不对", "不正确", "×", "✗", "✘", "╳", "X", "F", "FALSE", "N", "NO", "0"})
SEPARATORS = re.compile(r"[\s,、;/|.&+。]+")
STEPS = re.compile(r"[\s,、;/|.&+。→>-]+")
TEXT_SEPARATORS = re.compile(r"[;；,，、|\n]+|\*\*|##")
LABEL = re.compile(r"^(?:[【\[](?:正确|标准|参考)?答案[】\]][:：]?|(?:正确|标准|参考)?答案[:：])\s*")
# `（ B ）` in a stem, the answer itself; also `( A、C )`, `（√）`.
INLINE = re.compile(r"[（(]\s*([A-Ja-jＡ-Ｊａ-ｊ](?:[\s,，、]*[A-Ja-jＡ-Ｊａ-ｊ])*|[√×✓✗]|对|错|正确|错误)\s*[）)]")


class UnreadableAnswer(ValueError):
    """The answer cell says nothing that the question type understands."""


def parse_answer(text: str, *, question_type: str, options: Sequence[str]) -> tuple[str, ...]:
    """Key ids in option order; () for a blank cell.

    A letter past the last option is returned as its id (o7): `content_problems` names it.
    Raises UnreadableAnswer.
    """
    written = LABEL.sub("", text.strip())
    plain = unicodedata.normalize("NFKC", written).strip().upper()
    if not plain:
        return ()
    if question_type == TRUE_FALSE:
        return (parse_truth(plain, options),)
    letters = parse_letters(plain)
    if letters is None:
        return parse_option_texts(written, question_type, options)
    return tuple(f"o{place + 1}" for place in sorted(letters))


def parse_letters(text: str, separators: re.Pattern[str] = SEPARATORS) -> tuple[int, ...] | None:
    """Places (A is 0) in the order written, or None for what is no row of different letters."""
    letters = separators.sub("", unicodedata.normalize("NFKC", text).strip().strip("()[]").upper())
    if not letters or any(letter not in LETTERS for letter in letters) or len(set(letters)) != len(letters):
        return None
    return tuple(LETTERS.index(letter) for letter in letters)


def parse_option_texts(text: str, question_type: str, options: Sequence[str]) -> tuple[str, ...]:
    """The ids of options whose texts were written instead of letters. Raises UnreadableAnswer."""
    places = {normalised(option): place for place, option in enumerate(options, start=1) if normalised(option)}
    whole = places.get(normalised(text))
    if whole:
        return (f"o{whole}",)
    parts = [normalised(part) for part in TEXT_SEPARATORS.split(text) if part.strip()]
    if question_type != MULTIPLE or not parts or any(part not in places for part in parts):
        raise UnreadableAnswer(text)
    return tuple(f"o{place}" for place in sorted({places[part] for part in parts}))


def parse_truth(plain: str, options: Sequence[str]) -> str:
    """True or false from a word or sign, or from the letter of an option that says 对 or 错."""
    word = plain.strip("()[]").rstrip("。.").strip()
    if len(word) == 1 and word in LETTERS and LETTERS.index(word) < len(options):
        chosen = unicodedata.normalize("NFKC", options[LETTERS.index(word)]).strip().upper()
        word = chosen if chosen in TRUE_WORDS | FALSE_WORDS else word
    if word in TRUE_WORDS:
        return TRUE
    if word in FALSE_WORDS:
        return FALSE
    raise UnreadableAnswer(plain)


def inline_answer(stem: str) -> tuple[str, str]:
    """The answer that stands in brackets in the stem, and the stem with empty brackets in its place.

    ("", stem) when there is none, or more than one: then it is not the answer.
    """
    found = list(INLINE.finditer(stem))
    if len(found) != 1:
        return "", stem
    bracket = found[0]
    return bracket[1], stem[: bracket.start()] + "（　）" + stem[bracket.end() :]
