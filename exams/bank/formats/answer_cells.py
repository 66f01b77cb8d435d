"""The part of a question that differs by type, in the columns of the trade: options and answer, both ways (pure).

| type | option columns | answer |
|---|---|---|
| single, multiple | one option each | `B`, `ACD` |
| true_false | – | 对, 错 |
| fill_in | – | blanks between ；, accepted forms between \\| |
| ordering | the steps in any order | letters in the right order |
| matching | `左=>右`, lures `=>右` | more of them, one a line |
| short_answer | – | expected points between ； or one a line, weight in brackets at the end: `先通风(2)` |
| hotspot | – | `矩形(10,20,30,40)电线裸露；容差(1.5)；错点扣(0.5)`, in percent of width and height |

A backslash makes a mark plain text (`exams.bank.formats.escapes`). What is written here reads back equal.
"""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import count

from exams.bank.answers import STEPS, UnreadableAnswer, parse_answer, parse_letters
from exams.bank.bodies import (
    ELLIPSE,
    FALSE,
    FILL_IN,
    HOTSPOT,
    MATCHING,
    ORDERING,
    POLYGON,
    RECT,
    SHORT_ANSWER,
    TRUE,
    TRUE_FALSE,
    USUAL_PENALTY,
    USUAL_TOLERANCE,
    Body,
    Choice,
    FillIn,
    Hotspot,
    Matching,
    Ordering,
    Region,
    RubricPoint,
    ShortAnswer,
    Truth,
    hidden_order,
    options_from,
    plain,
)
from exams.bank.formats import escapes
from exams.bank.formats.one_column import with_labels
from exams.bank.problems import Problem, ProblemKind
from exams.bank.responses import blanks_in
from exams.bank.wording import LETTERS, letter_of

BLANK_MARKS, FORM_MARKS, POINT_MARKS, LINE_MARKS = "；;", "|｜", "；;\n", "\n"
ALL_FILL_IN = BLANK_MARKS + FORM_MARKS
OTHER_BLANK_MARKS = ("、", "，,", "\n", " \u3000")
ARROW, OTHER_ARROWS = "=>", ("＝＞", "→", "⇒", "->", "——")
WEIGHT = re.compile(r"^(.*?)[（(]\s*(\d{1,3}(?:\.\d{1,10})?)\s*分?\s*[）)]\Z", re.DOTALL)
NUMBERED = re.compile(r"^\s*[（(]?(\d{1,2})[.．、)）]\s*(.*)$", re.DOTALL)
SHAPES = {RECT: "矩形", ELLIPSE: "椭圆", POLYGON: "多边形"}
SHAPE_WORDS = {"矩形": RECT, "方形": RECT, "椭圆": ELLIPSE, "圆形": ELLIPSE, "圆": ELLIPSE, "多边形": POLYGON}
REGION = re.compile(r"^([\u4e00-\u9fff]{1,3})\s*[（(]([\d.,，\s]*)[）)]\s*(.*)$", re.DOTALL)
TOLERANCE, PENALTY = "容差", "错点扣"
Found = tuple[Body, list[Problem]]


def read_body(type_: str, options: Sequence[str], answer: str, stem: str) -> Found:
    """The body that the cells describe, and what of them was not understood.

    An unknown type is read as a choice, so that its options are not lost on the way back.
    """
    read = READERS.get(type_)
    if read is not None:
        return read(options, answer, stem)
    try:
        key = parse_answer(answer, question_type=type_, options=options)
    except UnreadableAnswer:
        return empty_body(type_, options), [unreadable(answer)]
    if type_ == TRUE_FALSE:
        return Truth(next(iter(key), "")), []
    return Choice(options_from(options), key), []


def empty_body(type_: str, options: Sequence[str]) -> Body:
    """Options without a key."""
    return Truth("") if type_ == TRUE_FALSE else Choice(options_from(options), ())


def unreadable(answer: str) -> Problem:
    """The answer column says nothing that the type understands."""
    return Problem(ProblemKind.ANSWER_UNREADABLE, "答案", answer)


def read_blanks(options: Sequence[str], answer: str, stem: str) -> Found:
    """Blanks between ； with forms between |; other usual separators when they alone fit the blanks of the stem."""
    parts = escapes.split(answer, BLANK_MARKS) if answer else []
    if parts and not parts[-1]:
        parts.pop()
    wanted = blanks_in(stem)
    if len(parts) == 1 and wanted > 1:
        others = (escapes.split(answer, marks) for marks in OTHER_BLANK_MARKS)
        parts = next((other for other in others if len(other) == wanted and all(other)), parts)
    return FillIn(tuple(tuple(escapes.plain_pieces(part, FORM_MARKS)) for part in parts)), []


def read_steps(options: Sequence[str], answer: str, stem: str) -> Found:
    """The options in the order that the letters of the answer say."""
    written = [text for text in options if text]
    order = parse_letters(answer, STEPS) if answer else ()
    if order is None:
        return Ordering(tuple(written)), [unreadable(answer)]
    if not order:
        return Ordering(tuple(written)), [Problem(ProblemKind.BLANK_ANSWER, "答案")]
    past = [letter_of(place) for place in order if place >= len(options) or not options[place]]
    if past:
        return Ordering(tuple(written)), [Problem(ProblemKind.ANSWER_PAST_LAST, "答案", answer)]
    steps = tuple(options[place] for place in order)
    problems = [] if len(order) == len(written) else [Problem(ProblemKind.ANSWER_COUNT, "答案", answer)]
    return Ordering(steps), problems


def read_pairs(options: Sequence[str], answer: str, stem: str) -> Found:
    """Pairs and lures from the option columns, then from the lines of the answer."""
    pairs, lures, problems = [], [], []
    for text in [*(text for text in options if text), *(line for line in escapes.split(answer, LINE_MARKS) if line)]:
        sides = pair_in(text)
        if sides is None:
            problems.append(Problem(ProblemKind.ANSWER_UNREADABLE, "选项", text))
        elif sides[0]:
            pairs.append(sides)
        else:
            lures.append(sides[1])
    return Matching(tuple(pairs), tuple(lures)), problems


def pair_in(text: str) -> tuple[str, str] | None:
    """Left and right of `左=>右`, or of another arrow when there is no =>."""
    for arrow in (ARROW, *OTHER_ARROWS):
        sides = escapes.partition(text, arrow)
        if sides is not None:
            return escapes.plain(sides[0]), escapes.plain(sides[1])
    return None


def read_rubric(options: Sequence[str], answer: str, stem: str) -> Found:
    """Expected points with their weights; numbers in front of every one of them are no part of it."""
    points, problems = [], []
    for piece in unnumbered([piece for piece in escapes.split(answer, POINT_MARKS) if piece]):
        match = WEIGHT.match(piece)
        text, weight = (escapes.stripped(match[1]), Decimal(match[2])) if match else (piece, Decimal(1))
        if weight <= 0:
            problems.append(Problem(ProblemKind.BAD_POINTS, "答案", piece))
            continue
        points.append(RubricPoint(escapes.plain(text), weight))
    return ShortAnswer(tuple(points)), problems


def unnumbered(pieces: list[str]) -> list[str]:
    """Without 1. 2. 3. in front, if every piece (at least two) has its own number."""
    found = [NUMBERED.match(piece) for piece in pieces]
    own = len(found) > 1 and all(match and int(match[1]) == n for match, n in zip(found, count(1), strict=False))
    return [match[2] for match in found if match] if own else pieces


def read_regions(options: Sequence[str], answer: str, stem: str) -> Found:
    """Regions, tolerance and penalty."""
    regions: list[Region] = []
    tolerance, penalty, problems = USUAL_TOLERANCE, USUAL_PENALTY, []
    for piece in escapes.split(answer, POINT_MARKS):
        match = REGION.match(piece) if piece else None
        numbers = numbers_in(match[2]) if match else None
        if match and numbers and match[1] in SHAPE_WORDS:
            coords = tuple(int(number * 100) for number in numbers)
            regions.append(Region(SHAPE_WORDS[match[1]], coords, escapes.plain(match[3])))
        elif match and numbers and len(numbers) == 1 and match[1] == TOLERANCE:
            tolerance = int(numbers[0] * 100)
        elif match and numbers and len(numbers) == 1 and match[1] == PENALTY:
            penalty = numbers[0]
        elif piece:
            problems.append(unreadable(piece))
    return Hotspot(tuple(regions), tolerance, penalty), problems


def numbers_in(text: str) -> list[Decimal] | None:
    """Numbers between commas, or None."""
    parts = [part.strip() for part in text.replace("，", ",").split(",")]
    if not all(re.fullmatch(r"\d{1,3}(?:\.\d{1,4})?", part) for part in parts):
        return None
    return [Decimal(part) for part in parts]


READERS: dict[str, Callable[[Sequence[str], str, str], Found]] = {
    FILL_IN: read_blanks, ORDERING: read_steps, MATCHING: read_pairs, SHORT_ANSWER: read_rubric, HOTSPOT: read_regions,
}  # fmt: skip


def cells_of(body: Body) -> tuple[list[str], str]:
    """Option columns (at most ten) and answer of a body; a case has none of its own."""
    if isinstance(body, Choice):
        return with_labels([option.text for option in body.options]), letters_of(body)
    if isinstance(body, Truth):
        return [], {TRUE: "对", FALSE: "错"}.get(body.key, "")
    if isinstance(body, FillIn):
        return [], "；".join(escapes.joined(forms, "|", ALL_FILL_IN) for forms in body.blanks)
    if isinstance(body, Ordering):
        shown = list(hidden_order(body.steps))
        return with_labels(shown), "".join(letter_of(shown.index(text)) for text in body.steps)
    if isinstance(body, Matching):
        lines = [f"{side(left)}{ARROW}{side(right)}" for left, right in body.pairs]
        lines += [f"{ARROW}{side(lure)}" for lure in body.lures]
        shown = lines[: len(LETTERS)]
        return with_labels(shown), "\n".join(lines[len(LETTERS) :])
    if isinstance(body, ShortAnswer):
        return [], rubric_cell(body)
    return [], regions_cell(body) if isinstance(body, Hotspot) else ""


def letters_of(body: Choice) -> str:
    """The letters of the key."""
    ids = [option.id for option in body.options]
    return "".join(letter_of(place) for place, name in enumerate(ids) if name in body.key)


def side(text: str) -> str:
    """One side of a pair."""
    return escapes.escaped(text, "=")


def rubric_cell(body: ShortAnswer) -> str:
    """Points with their weights, numbered when they would lose a number of their own otherwise."""
    pieces = [f"{escapes.escaped(point.text, POINT_MARKS)}({plain(point.weight)})" for point in body.rubric]
    if unnumbered(pieces) != pieces:
        pieces = [f"{n}. {piece}" for n, piece in enumerate(pieces, start=1)]
    return "；".join(pieces)


def regions_cell(body: Hotspot) -> str:
    """Regions in percent, then tolerance and penalty."""
    pieces = [
        f"{SHAPES[region.shape]}({','.join(percent(value) for value in region.coords)})"
        f"{escapes.escaped(region.label, POINT_MARKS)}"
        for region in body.regions
    ]
    return "；".join([*pieces, f"{TOLERANCE}({percent(body.tolerance)})", f"{PENALTY}({plain(body.penalty)})"])


def percent(value: int) -> str:
    """Ten-thousandths as percent."""
    return plain(Decimal(value) / 100)
