"""A question after release: what was answered beside what is right, point by point (pure).

Made from the sheet's own classes plus the key, so that letters and order are those that the candidate saw.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from exams.attempts.sheets import LETTERS, Picture, SheetBody, Source, sheet_body
from exams.bank.bodies import CASE, ELLIPSE, FILL_IN, HOTSPOT, MATCHING, ORDERING, POLYGON, SCALE, SHORT_ANSWER
from exams.bank.grading import Verdict, part_points, region_holds, verdict
from exams.bank.responses import RANGE, accepts, marks_in, responses_by_part


@dataclass(frozen=True, slots=True)
class HandMark:
    """What a person gave; `marker` stays unsaid to the candidate."""

    points: Decimal
    comment: str = ""
    met: Sequence[int] = ()


HandMarks = Mapping[str, HandMark]  # by sub-question, "" for the question itself


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """One line of an answer: an option, a blank, a step, a pair, a hazard, an expected point."""

    sign: str = ""
    text: str = ""
    given: str = ""
    wanted: str = ""
    chosen: bool = False
    right: bool = False
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """A region in pixels of the picture.

    `points` of a polygon; else `numbers`: left, top, width, height of a rect, cx, cy, rx, ry of an ellipse.
    """

    kind: str
    sign: str
    label: str
    hit: bool
    points: str = ""
    numbers: tuple[int, int, int, int] = (0, 0, 0, 0)
    at: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Dot:
    """A mark in pixels of the picture."""

    number: int
    x: int
    y: int
    hit: bool


@dataclass(frozen=True, slots=True)
class MarkedBody:
    """What is shown of an answer and its key; `earned` None while a person still has to decide."""

    type: str
    points: Decimal
    earned: Decimal | None
    answered: bool
    lines: Sequence[MarkedLine] = ()
    shapes: Sequence[Shape] = ()
    dots: Sequence[Dot] = ()
    text: str = ""
    comment: str = ""
    stem: str = ""
    number: int = 0
    parts: Sequence["MarkedBody"] = field(default=())

    @property
    def several(self) -> bool:
        """Whether more than one option may be ticked."""
        return self.type == "multiple"

    @property
    def right(self) -> bool:
        """Full marks."""
        return self.earned is not None and self.earned >= self.points

    @property
    def remarked(self) -> bool:
        """Whether a person left a comment."""
        return bool(self.comment) or any(part.comment for part in self.parts)

    @property
    def template(self) -> str:
        """The template that shows it."""
        kind = "choice" if self.type in ("single", "multiple", "true_false") else self.type
        return f"exams/types/marked/{kind}.html"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as stored, key included, with what was answered."""

    source: Source
    key: Any
    response: Sequence[str]
    seed: int
    place: object
    rule: str
    picture: Picture | None = None


def marked_body(question: Question, hand: HandMarks, *, part: str = "") -> MarkedBody:
    """The marked answer; `hand` holds what people gave."""
    source = question.source
    if source.type == CASE:
        return marked_case(question, hand)
    body = sheet_body(source, question.response, seed=question.seed, place=question.place, name="")
    found = verdict(
        source.type, question.key, question.response, points=source.points, multiple_rule=question.rule
    )  # fmt: skip
    shown = DRAWN.get(source.type, choice_parts)(question, body, hand.get(part))
    return MarkedBody(
        type=source.type,
        points=source.points,
        earned=settled(found, hand.get(part)),
        answered=body.answered,
        stem=source.stem,
        **shown,
    )


def settled(found: Verdict, mark: HandMark | None) -> Decimal | None:
    """Points by rule and by people; None while the latter are missing."""
    if not found.open:
        return found.earned
    return None if mark is None else found.earned + mark.points


def marked_case(question: Question, hand: HandMarks) -> MarkedBody:
    """The sub-questions, and their sum."""
    source = question.source
    worth, answers = part_points(question.key, source.points), responses_by_part(question.response)
    parts = []
    for number, (row, secret) in enumerate(zip(source.options, question.key, strict=True), start=1):
        inner = Question(
            Source(row["type"], row["stem"], row["options"], worth[row["id"]]),
            secret["key"],
            answers.get(row["id"], ()),
            question.seed,
            f"{question.place}.{row['id']}",
            question.rule,
        )
        made = marked_body(inner, hand, part=row["id"])
        parts.append(numbered(made, number))
    earned = [made.earned for made in parts]
    total = None if None in earned else sum((points for points in earned if points is not None), Decimal(0))
    return MarkedBody(
        CASE, source.points, total, any(made.answered for made in parts), stem=source.stem, parts=tuple(parts)
    )


def numbered(body: MarkedBody, number: int) -> MarkedBody:
    """The body with its number within the case."""
    values = {name: getattr(body, name) for name in MarkedBody.__slots__}
    return MarkedBody(**{**values, "number": number})


# --- by type -------------------------------------------------------------------------------------

Parts = dict[str, Any]


def choice_parts(question: Question, body: SheetBody, mark: HandMark | None) -> Parts:
    """Options with what was ticked and what should be."""
    right = set(question.key)
    return {
        "lines": [MarkedLine(o.letter, o.text, chosen=o.chosen, right=o.id in right) for o in body.options],
    }


def fill_in_parts(question: Question, body: SheetBody, mark: HandMark | None) -> Parts:
    """Each blank with the forms that are accepted."""
    values = [*question.response, *[""] * len(question.key)]
    return {
        "lines": [
            MarkedLine(
                str(number),
                given=text,
                wanted=" / ".join(map(readable, forms)),
                chosen=bool(text.strip()),
                right=bool(text.strip()) and any(accepts(form, text) for form in forms),
            )
            for number, (forms, text) in enumerate(zip(question.key, values, strict=False), start=1)
        ]
    }


def readable(form: str) -> str:
    """`19.5..23.5` as people write it; other forms stay."""
    return form.replace("..", " ～ ") if RANGE.match(form) else form


def ordering_parts(question: Question, body: SheetBody, mark: HandMark | None) -> Parts:
    """Place by place, the step that was put there and the one that belongs there."""
    texts = {row["id"]: row["text"] for row in question.source.options}
    put = [*question.response, *[""] * len(question.key)]
    return {
        "lines": [
            MarkedLine(
                str(number), given=texts.get(name, ""), wanted=texts[wanted], chosen=bool(name), right=name == wanted
            )
            for number, (wanted, name) in enumerate(zip(question.key, put, strict=False), start=1)
        ]
    }


def matching_parts(question: Question, body: SheetBody, mark: HandMark | None) -> Parts:
    """Each prompt with its target and the right one."""
    wanted = dict(pair.split(":", 1) for pair in question.key)
    targets = {target.id: f"{target.letter} {target.text}" for target in body.targets}
    given = [pair.partition(":")[0] for pair in question.response]
    return {
        "lines": [
            MarkedLine(
                text=prompt.text,
                given=targets.get(prompt.target, ""),
                wanted=targets[wanted[prompt.id]],
                chosen=bool(prompt.target),
                right=prompt.target == wanted[prompt.id] and given.count(prompt.id) == 1,
            )
            for prompt in body.options
        ]
    }


def hotspot_parts(question: Question, body: SheetBody, mark: HandMark | None) -> Parts:
    """Regions and marks as grading saw them, in pixels."""
    regions, tolerance = question.key["regions"], question.key["tolerance"]
    width, height = (question.picture.width, question.picture.height) if question.picture else (SCALE, SCALE)
    hit: set[int] = set()
    dots = []
    for number, (x, y) in enumerate(marks_in(question.response), start=1):
        under = [n for n, region in enumerate(regions) if region_holds(region, (x, y), tolerance)]
        hit.update([n for n in under if n not in hit][:1])
        dots.append(Dot(number, round(x * width / SCALE), round(y * height / SCALE), bool(under)))
    shapes = [shape(region, LETTERS[n], n in hit, width, height) for n, region in enumerate(regions)]
    return {
        "dots": dots,
        "shapes": shapes,
        "lines": [MarkedLine(s.sign, s.label, chosen=s.hit, right=s.hit) for s in shapes],
    }


def shape(region: Mapping[str, Any], sign: str, hit: bool, width: int, height: int) -> Shape:  # noqa: FBT001
    """A region ready to be drawn."""
    xs = [round(x * width / SCALE) for x in region["coords"][::2]]
    ys = [round(y * height / SCALE) for y in region["coords"][1::2]]
    at = (min(xs), min(ys))
    if region["shape"] == POLYGON:
        points = " ".join(f"{x},{y}" for x, y in zip(xs, ys, strict=True))
        return Shape(POLYGON, sign, region["label"], hit, points=points, at=at)
    (left, right), (top, bottom) = xs, ys
    if region["shape"] == ELLIPSE:
        half = ((left + right) // 2, (top + bottom) // 2, (right - left) // 2, (bottom - top) // 2)
        return Shape(ELLIPSE, sign, region["label"], hit, numbers=half, at=at)
    return Shape("rect", sign, region["label"], hit, numbers=(left, top, right - left, bottom - top), at=at)


def short_answer_parts(question: Question, body: SheetBody, mark: HandMark | None) -> Parts:
    """The text, the expected points with their share, what a person said."""
    rubric = rubric_lines(question.key, question.source.points)
    if mark is None:
        return {"text": body.text, "lines": rubric}
    met = set(mark.met)
    lines = [
        MarkedLine(text=line.text, points=line.points, chosen=place in met, right=place in met)
        for place, line in enumerate(rubric)
    ]
    return {"text": body.text, "lines": lines, "comment": mark.comment}


def rubric_lines(key: Sequence[Mapping[str, Any]], points: Decimal) -> list[MarkedLine]:
    """The expected points; their shares of `points` add up exactly."""
    rows = [{"id": str(place), "points": row["weight"]} for place, row in enumerate(key)]
    worth = part_points(rows, points)
    return [MarkedLine(text=row["text"], points=worth[str(place)]) for place, row in enumerate(key)]


DRAWN = {
    FILL_IN: fill_in_parts,
    ORDERING: ordering_parts,
    MATCHING: matching_parts,
    HOTSPOT: hotspot_parts,
    SHORT_ANSWER: short_answer_parts,
}
