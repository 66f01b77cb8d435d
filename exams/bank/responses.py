"""What a candidate answers, as a flat list of strings whatever the type (pure).

One form for all types keeps the journal, the packets and the event chain the same for all of them:

| type | response |
|---|---|
| single, multiple, true_false | ids of the options ticked |
| fill_in | the text of each blank, in order; "" for an empty one |
| ordering | ids in the order chosen |
| matching | `o1:t2`, one for each prompt that has a target |
| hotspot | `x,y` of each mark, in ten-thousandths of the picture |
| short_answer | one text |
| case | the responses of its parts, each string with `p1=` before it |
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

BLANK = "____"
BLANK_RUN = re.compile(r"_{3,}|＿{2,}")
MARK = re.compile(r"^(\d{1,5}),(\d{1,5})$")
RANGE = re.compile(r"^\s*([+-]?\d+(?:\.\d+)?)\s*(\.\.|±)\s*([+-]?\d+(?:\.\d+)?)\s*$")


def blanks_in(stem: str) -> int:
    """How many blanks a stem has: runs of three underscores and more."""
    return len(BLANK_RUN.findall(stem))


def is_answered(response: Sequence[str], *, case: bool = False) -> bool:
    """Whether anything at all was answered; `case`: the response is that of a case."""
    return any((value.partition("=")[2] if case else value).strip() for value in response)


def responses_by_part(response: Iterable[str]) -> dict[str, list[str]]:
    """The responses of the parts of a case."""
    parts: dict[str, list[str]] = {}
    for value in response:
        name, separator, rest = value.partition("=")
        if separator:
            parts.setdefault(name, []).append(rest)
    return parts


def marks_in(response: Iterable[str]) -> list[tuple[int, int]]:
    """The marks of a hotspot; what is none is passed over."""
    found = (MARK.match(value) for value in response)
    return [(int(match[1]), int(match[2])) for match in found if match]


def folded(text: str) -> str:
    """Half-width, lower case, without white space: how a blank is compared."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def number_in(text: str) -> Decimal | None:
    """The number that a text is, or None."""
    try:
        number = Decimal(folded(text).replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def accepts(form: str, text: str) -> bool:
    """Whether an accepted form takes what was written: the same text, the same number, or a number in its range."""
    if folded(form) == folded(text):
        return True
    number = number_in(text)
    if number is None:
        return False
    match = RANGE.match(unicodedata.normalize("NFKC", form))
    if match:
        first, last = Decimal(match[1]), Decimal(match[3])
        low, high = (first - last, first + last) if match[2] == "±" else (first, last)
        return low <= number <= high
    return number_in(form) == number
