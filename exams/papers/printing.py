"""A paper as it is printed: parts, numbers, letters, keys in words (pure).

The parts follow the types in the order in which they first appear; within a part the order of the paper stays.
Letters are those of the stored order, so that question sheet, answer sheet and key sheet of a paper agree.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from exams.bank.bodies import (
    CASE,
    FILL_IN,
    HOTSPOT,
    MATCHING,
    MULTIPLE,
    ORDERING,
    POLYGON,
    SCALE,
    SHORT_ANSWER,
    SINGLE,
    TRUE_FALSE,
)
from exams.bank.responses import BLANK_RUN
from exams.bank.wording import letter_of

NUMERALS = "一二三四五六七八九十"
CHOICES = (SINGLE, MULTIPLE)
BRACKET = re.compile(r"[（(][\s\u3000_]*[）)]")
GRID_COLUMNS, GRID_ROWS = 8, 6
PICTURE_WIDTH, PICTURE_HEIGHT = 126, 130  # mm, at most
FEWEST_LINES, MOST_LINES = 3, 12
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a `data:` address, with its size in pixels."""

    address: str
    width: int
    height: int
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What the database knows of a place in a paper. `clauses`: the criteria that the question tests."""

    type: str
    stem: str
    options: list[dict[str, Any]]
    key: Any
    points: Decimal
    explanation: str = ""
    clauses: tuple[str, ...] = ()
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An option, a step, a prompt, a target or a line to write on, with its letter or number."""

    mark: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class PrintedQuestion:
    """One question as the sheets show it; `pieces` is the stem cut at its blanks."""

    label: str
    type: str
    pieces: tuple[str, ...]
    points: Decimal
    lines: tuple[Line, ...] = ()
    targets: tuple[Line, ...] = ()
    columns: int = 1
    bracket: bool = False
    answer: tuple[str, ...] = ()
    explanation: str = ""
    clauses: tuple[str, ...] = ()
    picture: Picture | None = None
    regions: tuple["PrintedRegion", ...] = ()
    parts: tuple["PrintedQuestion", ...] = ()

    @property
    def row_height(self) -> float:
        """Height of a row of the frame round the picture, in mm."""
        across, down = (self.picture.width, self.picture.height) if self.picture else (4, 3)
        return round(self.picture_width * down / across / GRID_ROWS, 2)

    @property
    def picture_width(self) -> int:
        """Width of a framed picture in mm; a tall one is narrower, so that it fits on its page."""
        across, down = (self.picture.width, self.picture.height) if self.picture else (4, 3)
        return min(PICTURE_WIDTH, PICTURE_HEIGHT * across // down)

    @property
    def pen(self) -> float:
        """Width of the line round a hazard, in pixels of the picture."""
        return round((self.picture.width if self.picture else 400) / 200, 1)

    @property
    def mark_size(self) -> float:
        """Height of a hazard's number, in pixels of the picture."""
        return round(self.pen * 9, 1)


@dataclass(frozen=True, slots=True)
class PrintedRegion:
    """A hazard drawn on the key sheet, in pixels of the picture."""

    mark: str
    shape: str
    coords: tuple[float, ...]
    x: float
    y: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of a rectangle."""
        return round(self.coords[2] - self.coords[0], 1), round(self.coords[3] - self.coords[1], 1)

    @property
    def radii(self) -> tuple[float, float]:
        """Half width and half height of an ellipse."""
        return round(self.size[0] / 2, 1), round(self.size[1] / 2, 1)

    @property
    def corners(self) -> str:
        """The corners of a polygon as SVG wants them."""
        return " ".join(f"{x},{y}" for x, y in zip(self.coords[::2], self.coords[1::2], strict=True))


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """All questions of a type. `each`: points of every question, None when they differ."""

    numeral: str
    type: str
    each: Decimal | None
    total: Decimal
    questions: tuple[PrintedQuestion, ...] = ()

    @property
    def boxes(self) -> int:
        """How many questions with boxes to fill stand beside each other on the answer sheet; 0 for written answers."""
        if self.type not in (*CHOICES, TRUE_FALSE):
            return 0
        most = max(len(question.lines) for question in self.questions)
        return 4 if most <= 2 else 3 if most <= 4 else 2


def printed_parts(sources: Sequence[Source]) -> list[PrintedPart]:
    """The whole paper."""
    by_type: dict[str, list[Source]] = {}
    for source in sources:
        by_type.setdefault(source.type, []).append(source)
    parts, number = [], 0
    for numeral, (type_, rows) in zip(NUMERALS, by_type.items(), strict=False):
        worth = {row.points for row in rows}
        questions = [printed(row, f"{number + place}.") for place, row in enumerate(rows, start=1)]
        number += len(rows)
        parts.append(
            PrintedPart(
                numeral=numeral,
                type=type_,
                each=worth.pop() if len(worth) == 1 else None,
                total=sum((row.points for row in rows), Decimal(0)),
                questions=tuple(questions),
            )
        )
    return parts


def printed(source: Source, label: str) -> PrintedQuestion:
    """One question, or one part of a case."""
    if source.type == CASE:
        return printed_case(source, label)
    if source.type == HOTSPOT:
        return printed_hotspot(source, label)
    lines, targets = lines_of(source)
    return PrintedQuestion(
        label=label,
        type=source.type,
        pieces=tuple(BLANK_RUN.split(source.stem)) if source.type == FILL_IN else (source.stem,),
        points=source.points,
        lines=lines,
        targets=targets,
        columns=columns_for([line.text for line in lines]) if source.type in CHOICES else 1,
        bracket=source.type in (*CHOICES, TRUE_FALSE) and BRACKET.search(source.stem) is None,
        answer=tuple(answer_lines(source.type, source.options, source.key)),
        explanation=source.explanation,
        clauses=source.clauses,
        picture=source.picture,
    )


def lines_of(source: Source) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """What stands below the stem, in one column or (matching) in two."""
    options = source.options
    if source.type == MATCHING:
        prompts = [row for row in options if not row.get("target")]
        targets = [row for row in options if row.get("target")]
        return (
            tuple(Line(str(place), row["text"]) for place, row in enumerate(prompts, start=1)),
            tuple(Line(letter_of(place), row["text"]) for place, row in enumerate(targets)),
        )
    if source.type == FILL_IN:
        return tuple(Line(circled(place)) for place in range(1, len(options) + 1)), ()
    if source.type == SHORT_ANSWER:
        count = min(MOST_LINES, max(FEWEST_LINES, int(source.points)))
        return tuple(Line("") for _ in range(count)), ()
    if source.type == TRUE_FALSE:
        return (Line("√"), Line("×")), ()
    return tuple(Line(letter_of(place), row["text"]) for place, row in enumerate(options)), ()


def circled(number: int) -> str:
    """1 → ①."""
    return CIRCLED[number - 1] if number <= len(CIRCLED) else f"({number})"


def columns_for(texts: Sequence[str]) -> int:
    """In how many columns options stand: four short ones on a line, long ones each on a line of its own."""
    longest = max((width_of(text) for text in texts), default=0)
    if longest <= 7:
        return 4
    return 2 if longest <= 17 else 1


def width_of(text: str) -> float:
    """Width in Chinese characters; Latin letters and figures count half."""
    return sum(1.0 if ord(char) > 0x2E7F else 0.55 for char in text)


def answer_lines(type_: str, options: Sequence[dict[str, Any]], key: Any) -> list[str]:
    """The key in words, with the letters of the question sheet."""
    letters = {row["id"]: letter_of(place) for place, row in enumerate(options) if not row.get("target")}
    if type_ == TRUE_FALSE:
        return ["√" if "true" in key else "×"]
    if type_ in CHOICES:
        return ["".join(sorted(letters[name] for name in key))]
    if type_ == ORDERING:
        return [" → ".join(letters[name] for name in key)]
    if type_ == FILL_IN:
        forms = [" / ".join(accepted) for accepted in key]
        return [
            "　".join(f"{circled(place)} {text}" for place, text in enumerate(forms, start=1)) if key[1:] else forms[0]
        ]
    if type_ == SHORT_ANSWER:
        return [f"{circled(place)} {row['text']}" for place, row in enumerate(key, start=1)]
    targets = {row["id"]: letter_of(place) for place, row in enumerate(r for r in options if r.get("target"))}
    numbers = {name: place for place, name in enumerate(letters, start=1)}
    pairs = (pair.split(":") for pair in key)
    return ["，".join(f"{numbers[prompt]} — {targets[target]}" for prompt, target in pairs)]


def printed_case(source: Source, label: str) -> PrintedQuestion:
    """The situation, then its questions (1), (2) … with their shares of the points."""
    weight = sum((Decimal(row["points"]) for row in source.options), Decimal(0))
    parts = []
    for place, (shown, secret) in enumerate(zip(source.options, source.key, strict=True), start=1):
        points = (source.points * Decimal(shown["points"]) / weight).quantize(Decimal("0.01"), ROUND_HALF_UP)
        part = Source(shown["type"], shown["stem"], shown["options"], secret["key"], points)
        parts.append(printed(part, f"({place})"))
    return PrintedQuestion(
        label=label,
        type=CASE,
        pieces=(source.stem,),
        points=source.points,
        explanation=source.explanation,
        clauses=source.clauses,
        picture=source.picture,
        parts=tuple(parts),
    )


def printed_hotspot(source: Source, label: str) -> PrintedQuestion:
    """The picture in a frame with letters and numbers, so that a place can be written down as D3."""
    picture = source.picture or Picture("", 4, 3)
    regions, answer = [], []
    for place, row in enumerate(source.key["regions"], start=1):
        region = printed_region(str(place), row, picture)
        cell = cell_at(region.x / picture.width, region.y / picture.height)
        regions.append(region)
        answer.append(f"{circled(place)} {cell} {row['label']}")
    return PrintedQuestion(
        label=label,
        type=HOTSPOT,
        pieces=(source.stem,),
        points=source.points,
        lines=tuple(Line(circled(place)) for place in range(1, len(regions) + 1)),
        answer=tuple(answer),
        explanation=source.explanation,
        clauses=source.clauses,
        picture=source.picture,
        regions=tuple(regions),
    )


def printed_region(mark: str, row: dict[str, Any], picture: Picture) -> PrintedRegion:
    """A region in pixels, with the middle of its box."""
    scale = (picture.width / SCALE, picture.height / SCALE)
    coords = tuple(round(value * scale[place % 2], 1) for place, value in enumerate(row["coords"]))
    across, down = coords[::2], coords[1::2]
    if row["shape"] == POLYGON:
        x, y = sum(across) / len(across), sum(down) / len(down)
    else:
        x, y = (coords[0] + coords[2]) / 2, (coords[1] + coords[3]) / 2
    return PrintedRegion(mark, row["shape"], coords, round(x, 1), round(y, 1))


def cell_at(x: float, y: float) -> str:
    """The cell of the frame at a place (0–1 across and down): `D3`."""
    column = min(GRID_COLUMNS - 1, max(0, int(x * GRID_COLUMNS)))
    row = min(GRID_ROWS - 1, max(0, int(y * GRID_ROWS)))
    return f"{letter_of(column)}{row + 1}"
