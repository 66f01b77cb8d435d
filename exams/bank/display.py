"""A question as pages show it: to a candidate, and with its key.

Everything is derived from the body, so that what is still being written looks like what is stored. Reads nothing
but the picture of a version.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from exams.bank.bodies import (
    ELLIPSE,
    MULTIPLE,
    POLYGON,
    RECT,
    SCALE,
    TRUE,
    Body,
    Case,
    Choice,
    FillIn,
    Hotspot,
    Matching,
    Ordering,
    Region,
    ShortAnswer,
    Truth,
    body_from,
    hidden_order,
    plain,
)
from exams.bank.grading import part_points
from exams.bank.models import QuestionType, QuestionVersion
from exams.bank.responses import BLANK_RUN, RANGE
from exams.bank.wording import LETTERS, QuestionContent

NUMBER_SIZE = 0.026  # radius of a region's number, as a share of the picture's longer side


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A stored picture; sizes are pixels."""

    digest: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the stem, or a blank (numbered from 1)."""

    text: str
    blank: int = 0
    answer: str = ""


@dataclass(frozen=True, slots=True)
class ShownOption:
    """An option; `sign` is its letter or mark."""

    sign: str
    text: str
    right: bool


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a blank takes: words as they are, ranges explained."""

    number: int
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """What belongs to what; `letter` names the target in the list."""

    prompt: str
    target: str
    letter: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A region of a picture. Coordinates are ten-thousandths; the number stands at `mark_x`, `mark_y` (pixels).

    `reach` is the tolerance: a mark counts so far beside the region.
    """

    number: int
    shape: str
    label: str
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    points: str = ""
    reach: int = 0
    mark_x: float = 0
    mark_y: float = 0

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of a box."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def radii(self) -> tuple[float, float]:
        """Half the width and height of a box."""
        return self.width / 2, self.height / 2

    @property
    def outer(self) -> str:
        """The path around a box at the distance of its tolerance, with round corners."""
        left, top, right, bottom, reach = self.x, self.y, self.x + self.width, self.y + self.height, self.reach
        turn = f"A{reach} {reach} 0 0 1 "
        return (
            f"M{left} {top - reach}H{right}{turn}{right + reach} {top}V{bottom}{turn}{right} {bottom + reach}"
            f"H{left}{turn}{left - reach} {bottom}V{top}{turn}{left} {top - reach}Z"
        )

    @property
    def outer_radii(self) -> tuple[float, float]:
        """Half the width and height of the box with its tolerance."""
        return self.width / 2 + self.reach, self.height / 2 + self.reach

    @property
    def stroke(self) -> int:
        """The width of the line that shows the tolerance around a polygon."""
        return 2 * self.reach


@dataclass(frozen=True, slots=True)
class Shown:
    """One question, or one sub-question; only the fields of its type are filled.

    `points` is what it is worth; `share` of a sub-question is what its writer gave it in proportion to the others.
    """

    type: str
    label: str
    pieces: list[Piece]
    points: str
    number: int = 0
    share: str = ""
    explanation: str = ""
    picture: ShownPicture | None = None
    options: list[ShownOption] = field(default_factory=list)
    blanks: list[Accepted] = field(default_factory=list)
    steps: Sequence[str] = ()
    right_order: Sequence[str] = ()
    pairs: list[Pair] = field(default_factory=list)
    targets: list[ShownOption] = field(default_factory=list)
    regions: list[Drawn] = field(default_factory=list)
    tolerance: int = 0
    penalty: str = ""
    rubric: list[tuple[str, str]] = field(default_factory=list)
    parts: list["Shown"] = field(default_factory=list)

    @property
    def square(self) -> bool:
        """Whether several options may be ticked: their signs are square."""
        return self.type == MULTIPLE

    @property
    def tolerance_percent(self) -> str:
        """The tolerance in percent of the picture."""
        return f"{self.tolerance / 100:g}"

    @property
    def across(self) -> float:
        """Pixels per ten-thousandth of the width."""
        return self.picture.width / SCALE if self.picture else 0

    @property
    def down(self) -> float:
        """Pixels per ten-thousandth of the height."""
        return self.picture.height / SCALE if self.picture else 0

    @property
    def number_radius(self) -> float:
        """The radius of a region's number in pixels."""
        return max(self.picture.width, self.picture.height) * NUMBER_SIZE if self.picture else 0

    @property
    def count(self) -> int:
        """How many hazards are to be found."""
        return len(self.regions)


def shown_question(content: QuestionContent, picture: ShownPicture | None) -> Shown:
    """A content, whole or not."""
    return shown_body(
        content.type, content.stem, content.body, content.points, picture=picture, explanation=content.explanation
    )


def shown_version(version: QuestionVersion, points: Decimal | None = None) -> Shown:
    """A stored version, worth `points`, without a paper what it usually is; reads its picture when it has one."""
    row = version.picture if version.picture_id else None
    picture = ShownPicture(row.digest, row.width, row.height, version.picture_alt) if row else None
    body = body_from(version.type, version.options, version.key)
    return shown_body(
        version.type, version.stem, body, version.default_points if points is None else points,
        picture=picture, explanation=version.explanation,
    )  # fmt: skip


def shown_body(
    type_: str,
    stem: str,
    body: Body,
    points: Decimal,
    *,
    number: int = 0,
    share: str = "",
    picture: ShownPicture | None = None,
    explanation: str = "",
) -> Shown:
    """A question or sub-question."""
    facts = {
        "type": type_, "label": str(QuestionType(type_).label), "points": plain(points), "number": number,
        "share": share, "explanation": explanation, "picture": picture, "pieces": pieces_of(stem, body),
    }  # fmt: skip
    return Shown(**facts, **particulars(body, picture, points))  # type: ignore[arg-type]


def particulars(body: Body, picture: ShownPicture | None, points: Decimal) -> dict[str, object]:
    """The fields that a type fills."""
    if isinstance(body, Choice):
        return {"options": options_of(body)}
    if isinstance(body, Truth):
        return {"options": truth_options(body)}
    if isinstance(body, FillIn):
        return {"blanks": [Accepted(n, tuple(map(in_words, forms))) for n, forms in enumerate(body.blanks, start=1)]}
    if isinstance(body, Ordering):
        steps = [text for text in body.steps if text]
        return {"steps": hidden_order(steps), "right_order": steps}
    if isinstance(body, Matching):
        return matching_particulars(body)
    if isinstance(body, Hotspot):
        return {
            "regions": [
                drawn(n, region, picture, max(body.tolerance, 0)) for n, region in enumerate(body.regions, start=1)
            ],
            "tolerance": max(body.tolerance, 0),
            "penalty": plain(body.penalty * 100),
        }
    if isinstance(body, ShortAnswer):
        return {"rubric": [(point.text, plain(point.weight)) for point in body.rubric]}
    return {"parts": parts_of(body, points)}


def parts_of(body: Case, points: Decimal) -> list[Shown]:
    """The sub-questions of a case, each with what it is worth where the case is worth `points`."""
    shares = [{"id": str(n), "points": part.points} for n, part in enumerate(body.parts)]
    sound = all(part.points > 0 for part in body.parts)
    worth = part_points(shares, points) if sound else {str(n): part.points for n, part in enumerate(body.parts)}
    return [
        shown_body(part.type, part.stem, part.body, worth[str(n)], number=n + 1, share=plain(part.points))
        for n, part in enumerate(body.parts)
    ]


def options_of(body: Choice) -> list[ShownOption]:
    """Options with letters; rows still empty are left out but keep their letter."""
    return [
        ShownOption(LETTERS[place], option.text, option.id in body.key)
        for place, option in enumerate(body.options[: len(LETTERS)])
        if option.text
    ]


def truth_options(body: Truth) -> list[ShownOption]:
    """Right and wrong."""
    return [
        ShownOption("√", _("对"), body.key == TRUE),
        ShownOption("×", _("错"), bool(body.key) and body.key != TRUE),
    ]


def matching_particulars(body: Matching) -> dict[str, object]:
    """Prompts with their targets, and all targets with letters."""
    targets = [text for text in body.targets if text]
    letters = {text: letter_at(place) for place, text in enumerate(targets)}
    used = {target for _prompt, target in body.pairs}
    pairs = [(prompt, target) for prompt, target in body.pairs if prompt or target]
    return {
        "pairs": [Pair(prompt, target, letters.get(target, "")) for prompt, target in pairs],
        "targets": [ShownOption(letters[text], text, text in used) for text in targets],
    }


def letter_at(place: int) -> str:
    """A letter, a number where there are no letters left (a form with too many rows)."""
    return LETTERS[place] if place < len(LETTERS) else str(place + 1)


def pieces_of(stem: str, body: Body) -> list[Piece]:
    """The stem; that of a fill-in is cut at its blanks."""
    if not isinstance(body, FillIn):
        return [Piece(stem)]
    pieces, end = [], 0
    for number, match in enumerate(BLANK_RUN.finditer(stem), start=1):
        forms = body.blanks[number - 1] if number <= len(body.blanks) else ()
        pieces += [Piece(stem[end : match.start()]), Piece("", number, forms[0] if forms else "")]
        end = match.end()
    return [*pieces, Piece(stem[end:])]


def in_words(form: str) -> str:
    """An accepted form; a range says what it takes."""
    match = re.match(RANGE, form)
    if not match:
        return form
    first, sign, last = match.groups()
    if sign == "±":
        return _("%(middle)s，上下差 %(reach)s 以内") % {"middle": first, "reach": last}
    return _("%(low)s 到 %(high)s 之间") % {"low": first, "high": last}


def drawn(number: int, region: Region, picture: ShownPicture | None, reach: int) -> Drawn:
    """A region with the place of its number: the top left of a box, the first corner of a polygon."""
    across, down = (picture.width / SCALE, picture.height / SCALE) if picture else (0.0, 0.0)
    if region.shape in (RECT, ELLIPSE) and len(region.coords) == 4:
        left, top, right, bottom = region.coords
        return Drawn(
            number, region.shape, region.label, left, top, right - left, bottom - top,
            reach=reach, mark_x=left * across, mark_y=top * down,
        )  # fmt: skip
    if region.shape == POLYGON and len(region.coords) >= 6:
        points = " ".join(f"{x},{y}" for x, y in zip(region.coords[::2], region.coords[1::2], strict=False))
        return Drawn(
            number, POLYGON, region.label, points=points, reach=reach,
            mark_x=region.coords[0] * across, mark_y=region.coords[1] * down,
        )  # fmt: skip
    return Drawn(number, "", region.label)
