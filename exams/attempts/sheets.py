"""What a candidate sees of a question, from the options column, the response and a seed; never from the key (pure).

One class serves all types and the sub-questions of a case: a template for each type reads the fields that it needs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from exams.attempts.arrangement import option_order
from exams.attempts.packets import MAX_STRING
from exams.bank.bodies import (
    CASE,
    FILL_IN,
    HOTSPOT,
    MATCHING,
    MULTIPLE,
    ORDERING,
    SCALE,
    SHORT_ANSWER,
    TRUE_FALSE,
)
from exams.bank.grading import part_points
from exams.bank.responses import BLANK_RUN, is_answered, marks_in, responses_by_part

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TAP_WIDTH = 320  # CSS pixels of the picture that is tapped without a script
BLANK_LIMIT = 200
# The strings of a case together stay below the bound of a response (`packets.MAX_CHARACTERS`), ids included.
CASE_TEXTS, CASE_TEXT, CASE_BLANKS = 6_000, 3_900, 3_000


@dataclass(frozen=True, slots=True)
class SheetOption:
    """An option, step, prompt or target; `target`: what is chosen for a prompt, `used`: by any prompt."""

    id: str
    letter: str
    text: str
    chosen: bool = False
    target: str = ""
    used: bool = False


@dataclass(frozen=True, slots=True)
class SheetPiece:
    """A run of a fill-in's stem and the blank after it (`number` 0: none)."""

    text: str
    number: int = 0
    value: str = ""


@dataclass(frozen=True, slots=True)
class SheetMark:
    """A mark in ten-thousandths of the picture; `left` and `top` in percent."""

    number: int
    x: int
    y: int

    @property
    def value(self) -> str:
        """As in the response."""
        return f"{self.x},{self.y}"

    @property
    def left(self) -> int:
        """Percent from the left."""
        return round(self.x * 100 / SCALE)

    @property
    def top(self) -> int:
        """Percent from the top."""
        return round(self.y * 100 / SCALE)


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of a question; its address is built from the digest."""

    digest: str
    alt: str
    width: int
    height: int

    @property
    def tap_height(self) -> int:
        """Height at `TAP_WIDTH`."""
        return max(1, round(TAP_WIDTH * self.height / max(1, self.width)))

    @property
    def dot(self) -> int:
        """Radius of a mark drawn on it: the same share of every picture's width."""
        return max(4, round(self.width * 0.032))

    @property
    def dot_text(self) -> int:
        """Size of the number in a mark."""
        return max(4, round(self.width * 0.038))


@dataclass(frozen=True, slots=True)
class SheetBody:
    """What is answered: that of a question, or of one sub-question of a case. `name` begins its form fields."""

    type: str
    name: str
    stem: str
    options: Sequence[SheetOption] = ()
    targets: Sequence[SheetOption] = ()
    pieces: Sequence[SheetPiece] = ()
    marks: Sequence[SheetMark] = ()
    count: int = 0
    dealt: str = ""  # ids of the steps as they were shuffled
    text: str = ""
    limit: int = MAX_STRING
    parts: Sequence["SheetPart"] = ()
    answered: bool = False

    @property
    def several(self) -> bool:
        """Whether more than one option may be ticked."""
        return self.type == MULTIPLE

    @property
    def widget(self) -> str:
        """The template that draws it."""
        kind = "choice" if self.type in CHOICES else self.type
        return f"exams/types/{kind}.html"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sub-question of a case."""

    id: str
    number: int
    points: Decimal
    body: SheetBody


CHOICES = ("single", MULTIPLE, TRUE_FALSE)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be written into one field."""

    text: int = MAX_STRING
    blank: int = BLANK_LIMIT


@dataclass(frozen=True, slots=True)
class Source:
    """A question as stored, without its key."""

    type: str
    stem: str
    options: Sequence[Mapping[str, Any]]
    points: Decimal


def sheet_body(
    source: Source, response: Sequence[str], *, seed: int, place: object, name: str, limits: Limits = Limits()
) -> SheetBody:
    """The body of a question: `place` and `seed` decide about the order, `name` begins the form fields."""
    if source.type == CASE:
        return case_body(source, response, seed=seed, place=place, name=name)
    options = source.options
    body = SheetBody(source.type, name, source.stem, answered=is_answered(response))
    if source.type == FILL_IN:
        return replace(body, pieces=pieces_of(source.stem, response), limit=limits.blank)
    if source.type == SHORT_ANSWER:
        return replace(body, text="\n".join(response), limit=limits.text)
    if source.type == HOTSPOT:
        marks = [SheetMark(n, x, y) for n, (x, y) in enumerate(marks_in(response), start=1)]
        return replace(body, marks=marks, count=options[0]["count"])
    if source.type == MATCHING:
        return matching_body(body, options, response, seed=seed, place=place)
    ordered = option_order(
        options, seed=seed, place=place, name=lambda option: option["id"], fixed=source.type == TRUE_FALSE
    )
    if source.type == ORDERING:
        steps = in_response_order(ordered, response)
        return replace(
            body,
            options=[SheetOption(o["id"], "", o["text"]) for o in steps],
            dealt=" ".join(o["id"] for o in ordered),
        )
    chosen = set(response)
    return replace(
        body,
        options=[SheetOption(o["id"], LETTERS[n], o["text"], o["id"] in chosen) for n, o in enumerate(ordered)],
    )


def in_response_order(rows: Sequence[Mapping[str, Any]], response: Sequence[str]) -> list[Mapping[str, Any]]:
    """The steps as they were put; what was not put comes after, in the order given."""
    places = {name: place for place, name in reversed(list(enumerate(response)))}
    return sorted(rows, key=lambda row: places.get(row["id"], len(response)))


def pieces_of(stem: str, response: Sequence[str]) -> list[SheetPiece]:
    """The stem cut at its blanks."""
    texts = BLANK_RUN.split(stem)
    values = [*response, *[""] * len(texts)]
    return [
        SheetPiece(text, number if number < len(texts) else 0, values[number - 1] if number < len(texts) else "")
        for number, text in enumerate(texts, start=1)
    ]


def matching_body(
    body: SheetBody,
    options: Sequence[Mapping[str, Any]],
    response: Sequence[str],
    *,
    seed: int,
    place: object,
) -> SheetBody:
    """Prompts in their order, targets shuffled and lettered."""
    chosen = dict(pair.split(":", 1) for pair in response if ":" in pair)
    shuffled = option_order(
        [option for option in options if option.get("target")],
        seed=seed, place=place, name=lambda option: option["id"], fixed=False,
    )  # fmt: skip
    used = set(chosen.values())
    return replace(
        body,
        options=[
            SheetOption(o["id"], "", o["text"], target=chosen.get(o["id"], "")) for o in options if not o.get("target")
        ],
        targets=[SheetOption(o["id"], LETTERS[n], o["text"], used=o["id"] in used) for n, o in enumerate(shuffled)],
    )


def case_body(source: Source, response: Sequence[str], *, seed: int, place: object, name: str) -> SheetBody:
    """The sub-questions in their order, their options shuffled."""
    worth = part_points(source.options, source.points)
    answers = responses_by_part(response)
    limits = case_limits(source.options)
    parts = [
        SheetPart(
            row["id"],
            number,
            worth[row["id"]],
            sheet_body(
                Source(row["type"], row["stem"], row["options"], worth[row["id"]]),
                answers.get(row["id"], ()),
                seed=seed,
                place=f"{place}.{row['id']}",
                name=f"{name}.{row['id']}",
                limits=limits,
            ),
        )
        for number, row in enumerate(source.options, start=1)
    ]
    return SheetBody(CASE, name, source.stem, parts=parts, answered=is_answered(response, case=True))


def case_limits(rows: Sequence[Mapping[str, Any]]) -> Limits:
    """What fields may hold so that the whole response stays within bounds."""
    texts = sum(row["type"] == SHORT_ANSWER for row in rows)
    blanks = sum(len(row["options"]) for row in rows if row["type"] == FILL_IN)
    return Limits(min(CASE_TEXT, CASE_TEXTS // max(1, texts)), min(BLANK_LIMIT, CASE_BLANKS // max(1, blanks)))
