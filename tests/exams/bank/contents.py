"""Whole contents of every type, for property tests."""

import string
from decimal import Decimal

from hypothesis import strategies as st

from exams.bank.bodies import (
    PART_TYPES,
    TYPES,
    Case,
    Choice,
    FillIn,
    Hotspot,
    Matching,
    Ordering,
    Part,
    Region,
    RubricPoint,
    ShortAnswer,
    Truth,
    options_from,
)
from exams.bank.responses import BLANK
from exams.bank.wording import LOOSE_MARKS, QuestionContent, normalised

# Chinese, Latin, digits, and every mark that a file format might take for its own.
MARKS = "，。；：、（）《》％+-*/=<>&\"'#|~{}[]\\:;,.!?$%^`@ "
LETTERS = "安全生产有限空间通风检测作业动火高处粉尘防爆电工" + string.ascii_letters + string.digits + MARKS


def texts(most: int = 30) -> st.SearchStrategy[str]:
    """One line that is neither blank nor framed by spaces, and says something."""
    line = st.text(st.sampled_from(LETTERS), min_size=1, max_size=most).map(lambda text: " ".join(text.split()))
    return line.filter(lambda text: bool(normalised(text)) and BLANK[:3] not in text and text[0] not in LOOSE_MARKS)


def different(low: int, high: int) -> st.SearchStrategy[list[str]]:
    """Texts that stay different when spaces and loose marks are taken away."""
    return st.lists(texts(), min_size=low, max_size=high, unique_by=normalised)


points = st.decimals("0.5", "20", places=1).map(lambda number: Decimal(number).quantize(Decimal("0.1")))


@st.composite
def choices(draw, several: bool) -> Choice:
    options = options_from(draw(different(2, 6)))
    ids = [option.id for option in options]
    count = draw(st.integers(2, len(ids))) if several else 1
    return Choice(options, tuple(sorted(draw(st.permutations(ids))[:count])))


@st.composite
def matchings(draw) -> Matching:
    prompts = draw(different(2, 5))
    targets = draw(different(2, 6))
    shared = draw(st.lists(st.sampled_from(targets), min_size=len(prompts), max_size=len(prompts)))
    lures = [text for text in targets if text not in shared]
    return Matching(tuple(zip(prompts, shared, strict=True)), tuple(lures))


@st.composite
def regions(draw) -> Region:
    left, top = draw(st.integers(0, 9000)), draw(st.integers(0, 9000))
    right, bottom = draw(st.integers(left + 1, 10_000)), draw(st.integers(top + 1, 10_000))
    shape = draw(st.sampled_from(["rect", "ellipse", "polygon"]))
    coords = (left, top, right, top, right, bottom) if shape == "polygon" else (left, top, right, bottom)
    return Region(shape, coords, draw(texts()))


@st.composite
def cases(draw) -> Case:
    made = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        type_ = draw(st.sampled_from(PART_TYPES))
        body = draw(bodies(type_))
        made.append(Part(f"p{number}", type_, draw(stems(type_, body)), body, draw(points).normalize()))
    return Case(tuple(made))


def bodies(type_: str):
    """Bodies of a type."""
    forms = st.lists(texts(10), min_size=1, max_size=3, unique=True).map(tuple)
    return {
        "single": choices(several=False),
        "multiple": choices(several=True),
        "true_false": st.sampled_from(["true", "false"]).map(Truth),
        "fill_in": st.lists(forms, min_size=1, max_size=3).map(lambda rows: FillIn(tuple(rows))),
        "ordering": different(2, 6).map(lambda rows: Ordering(tuple(rows))),
        "matching": matchings(),
        "hotspot": st.builds(
            Hotspot,
            st.lists(regions(), min_size=1, max_size=4).map(tuple),
            st.integers(0, 500),
            st.sampled_from([Decimal("0"), Decimal("0.5"), Decimal("1")]),
        ),
        "short_answer": st.lists(st.builds(RubricPoint, texts(), points.map(Decimal.normalize)), min_size=1, max_size=4)
        .map(lambda rows: ShortAnswer(tuple(rows))),
        "case": cases(),
    }[type_]  # fmt: skip


@st.composite
def stems(draw, type_: str, body) -> str:
    """A stem; that of a fill-in has its blanks."""
    if type_ != "fill_in":
        return draw(texts(60))
    return "".join(f"{draw(texts())}{BLANK}" for _ in body.blanks) + draw(texts())


@st.composite
def contents(draw, types=TYPES) -> QuestionContent:
    """A whole question of one of the types."""
    type_ = draw(st.sampled_from(types))
    body = draw(bodies(type_))
    return QuestionContent(
        type=type_,
        stem=draw(stems(type_, body)),
        body=body,
        explanation=draw(st.one_of(st.just(""), texts(60))),
        points=draw(points),
        source="",
        picture="f" * 64 if type_ == "hotspot" else "",
        picture_alt=draw(texts()) if type_ == "hotspot" else "",
    )
