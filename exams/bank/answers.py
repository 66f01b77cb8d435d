"""Reading the answer column of the trade: `B`, `AB`, `A,B`, `A、B`, `对`, `√`, `T` … (pure)."""

import re
import unicodedata

from exams.bank.bodies import FALSE, TRUE, TRUE_FALSE
from exams.bank.wording import LETTERS

TRUE_WORDS = frozenset({"对", "正确", "是", "√", "✓", "✔", "T", "TRUE", "Y", "YES"})
FALSE_WORDS = frozenset({"错", "错误", "否", "不对", "不正确", "×", "✗", "✘", "X", "F", "FALSE", "N", "NO"})
SEPARATORS = re.compile(r"[\s,、;/|.&+。]+")


class UnreadableAnswer(ValueError):
    """The answer cell says nothing that the question type understands."""


def parse_answer(text: str, *, question_type: str, options: list[str]) -> tuple[str, ...]:
    """Key ids in option order; () for a blank cell.

    A letter past the last option is returned as its id (o7): `content_problems` names it.
    Raises UnreadableAnswer.
    """
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if not plain:
        return ()
    if question_type == TRUE_FALSE:
        return (parse_truth(plain, options),)
    letters = SEPARATORS.sub("", plain)
    if not letters or any(letter not in LETTERS for letter in letters) or len(set(letters)) != len(letters):
        raise UnreadableAnswer(text)
    return tuple(f"o{LETTERS.index(letter) + 1}" for letter in sorted(letters))


def parse_truth(plain: str, options: list[str]) -> str:
    """True or false from a word or sign, or from the letter of an option that says 对 or 错."""
    word = plain.rstrip("。.")
    if len(word) == 1 and word in LETTERS and LETTERS.index(word) < len(options):
        chosen = unicodedata.normalize("NFKC", options[LETTERS.index(word)]).strip().upper()
        word = chosen if chosen in TRUE_WORDS | FALSE_WORDS else word
    if word in TRUE_WORDS:
        return TRUE
    if word in FALSE_WORDS:
        return FALSE
    raise UnreadableAnswer(plain)
