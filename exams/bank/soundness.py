"""What makes a content a question that can be asked and marked; every problem at once (pure)."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from exams.bank.bodies import (
    CASE,
    ELLIPSE,
    FILL_IN,
    HOTSPOT,
    MATCHING,
    MULTIPLE,
    ORDERING,
    PART_TYPES,
    POLYGON,
    RECT,
    SCALE,
    SHORT_ANSWER,
    SINGLE,
    TRUE_FALSE,
    TYPES,
    Body,
    Case,
    Choice,
    FillIn,
    Hotspot,
    Matching,
    Option,
    Ordering,
    Region,
    ShortAnswer,
    Truth,
)
from exams.bank.problems import Problem, ProblemKind
from exams.bank.responses import BLANK, blanks_in
from exams.bank.wording import LETTERS, QuestionContent, letter_of, normalised

BODY_OF = {
    SINGLE: Choice, MULTIPLE: Choice, TRUE_FALSE: Truth, FILL_IN: FillIn, ORDERING: Ordering, MATCHING: Matching,
    HOTSPOT: Hotspot, SHORT_ANSWER: ShortAnswer, CASE: Case,
}  # fmt: skip
MOST_PARTS, MOST_STEPS, MOST_PAIRS, MOST_BLANKS, MOST_REGIONS, MOST_RUBRIC = 20, 10, 10, 10, 20, 20


def content_problems(content: QuestionContent) -> list[Problem]:
    """Everything that keeps a content from being a question; empty when it is whole."""
    found: list[Problem] = []
    if not content.stem:
        found.append(Problem(ProblemKind.BLANK_STEM, "题干"))
    if content.type not in TYPES:
        found.append(Problem(ProblemKind.UNKNOWN_TYPE, "题型", content.type))
        return found
    if content.type == HOTSPOT and not content.picture:
        found.append(Problem(ProblemKind.NO_PICTURE, "图片"))
    found.extend(body_problems(content.type, content.stem, content.body))
    if not Decimal(0) < content.points <= Decimal(100):
        found.append(Problem(ProblemKind.BAD_POINTS, "分值", str(content.points)))
    return found


def body_problems(type_: str, stem: str, body: Body) -> list[Problem]:
    """What is wrong with the part that differs by type."""
    if not isinstance(body, BODY_OF[type_]):
        return [Problem(ProblemKind.UNKNOWN_TYPE, "题型", type_)]
    if isinstance(body, Choice):
        return [*option_problems(body.options), *choice_key_problems(type_, body)]
    if isinstance(body, Truth):
        return truth_problems(body)
    if isinstance(body, FillIn):
        return fill_in_problems(stem, body)
    if isinstance(body, Ordering):
        return ordering_problems(body)
    if isinstance(body, Matching):
        return matching_problems(body)
    if isinstance(body, Hotspot):
        return hotspot_problems(body)
    if isinstance(body, ShortAnswer):
        return rubric_problems(body)
    return case_problems(body)


def option_problems(options: Sequence[Option]) -> list[Problem]:
    """Too few, with a hole, or the same text twice."""
    written = [option for option in options if option.text]
    if len(written) < 2:
        return [Problem(ProblemKind.TOO_FEW_OPTIONS, "选项")]
    if len(options) > len(LETTERS):
        return [Problem(ProblemKind.TOO_MANY, "选项", str(len(options)))]
    found: list[Problem] = []
    for place, option in enumerate(options):
        if not option.text:
            found.append(Problem(ProblemKind.OPTION_GAP, f"选项{letter_of(place)}"))
    found.extend(
        Problem(ProblemKind.SAME_OPTIONS, f"选项{letter_of(place)}", text)
        for place, text in repeated(option.text for option in options)
    )
    return found


def repeated(texts: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Places and texts that say the same as an earlier one; blank ones do not count."""
    seen: dict[str, int] = {}
    for place, text in enumerate(texts):
        if text and seen.setdefault(normalised(text) or text, place) != place:
            yield place, text


def choice_key_problems(type_: str, body: Choice) -> list[Problem]:
    """The key must name existing options, one for single choice and at least two for multiple choice."""
    if not body.key:
        return [Problem(ProblemKind.BLANK_ANSWER, "答案")]
    known = {option.id for option in body.options if option.text}
    past = [choice for choice in body.key if choice not in known]
    if past:
        places = [int(choice[1:]) for choice in past if choice[1:].isdecimal()]
        letters = "".join(LETTERS[n - 1] for n in places if 0 < n <= len(LETTERS)) or ",".join(past)
        return [Problem(ProblemKind.ANSWER_PAST_LAST, "答案", letters)]
    wanted = len(body.key) >= 2 if type_ == MULTIPLE else len(body.key) == 1
    return [] if wanted else [Problem(ProblemKind.ANSWER_COUNT, "答案", str(len(body.key)))]


def truth_problems(body: Truth) -> list[Problem]:
    """True or false must be said."""
    if not body.key:
        return [Problem(ProblemKind.BLANK_ANSWER, "答案")]
    return [] if body.key in ("true", "false") else [Problem(ProblemKind.ANSWER_PAST_LAST, "答案", body.key)]


def fill_in_problems(stem: str, body: FillIn) -> list[Problem]:
    """As many answers as there are blanks (____) in the stem, none of them empty."""
    if not body.blanks or not all(forms and all(form.strip() for form in forms) for forms in body.blanks):
        return [Problem(ProblemKind.BLANK_ANSWER, "答案")]
    if len(body.blanks) > MOST_BLANKS:
        return [Problem(ProblemKind.TOO_MANY, "答案", str(len(body.blanks)))]
    count = blanks_in(stem)
    if count != len(body.blanks):
        return [Problem(ProblemKind.BLANK_COUNT, "题干", f"{BLANK} × {count} ≠ {len(body.blanks)}")]
    return []


def ordering_problems(body: Ordering) -> list[Problem]:
    """At least two steps, all different."""
    if len(body.steps) < 2:
        return [Problem(ProblemKind.TOO_FEW_OPTIONS, "选项")]
    if len(body.steps) > MOST_STEPS:
        return [Problem(ProblemKind.TOO_MANY, "选项", str(len(body.steps)))]
    gaps = [Problem(ProblemKind.OPTION_GAP, f"选项{letter_of(n)}") for n, text in enumerate(body.steps) if not text]
    same = [Problem(ProblemKind.SAME_OPTIONS, f"选项{letter_of(n)}", text) for n, text in repeated(body.steps)]
    return [*gaps, *same]


def matching_problems(body: Matching) -> list[Problem]:
    """At least two pairs with both sides, at least two targets, prompts all different."""
    if len(body.pairs) < 2 or len(body.targets) < 2:
        return [Problem(ProblemKind.TOO_FEW_OPTIONS, "选项")]
    if len(body.pairs) > MOST_PAIRS or len(body.targets) > MOST_PAIRS:
        return [Problem(ProblemKind.TOO_MANY, "选项", str(max(len(body.pairs), len(body.targets))))]
    gaps = [
        Problem(ProblemKind.OPTION_GAP, f"选项{letter_of(n)}")
        for n, (prompt, target) in enumerate(body.pairs)
        if not prompt or not target
    ]
    prompts = [
        Problem(ProblemKind.SAME_OPTIONS, f"选项{letter_of(n)}", text)
        for n, text in repeated(prompt for prompt, _ in body.pairs)
    ]
    same = [Problem(ProblemKind.SAME_OPTIONS, "选项", text) for _, text in repeated(body.targets)]
    return [*gaps, *prompts, *same]


def hotspot_problems(body: Hotspot) -> list[Problem]:
    """At least one region, each of a shape that can be drawn inside the picture."""
    if not body.regions:
        return [Problem(ProblemKind.BLANK_ANSWER, "答案")]
    if len(body.regions) > MOST_REGIONS:
        return [Problem(ProblemKind.TOO_MANY, "答案", str(len(body.regions)))]
    found = [
        Problem(ProblemKind.BAD_REGION, "答案", region.label or str(n))
        for n, region in enumerate(body.regions, start=1)
        if not region_is_drawn(region)
    ]
    if not 0 <= body.tolerance <= SCALE // 10 or not 0 <= body.penalty <= 1:
        found.append(Problem(ProblemKind.BAD_REGION, "答案", f"{body.tolerance}, {body.penalty}"))
    return found


def region_is_drawn(region: Region) -> bool:
    """Whether shape and corners make an area inside the picture, with a label."""
    if not region.label or any(not 0 <= value <= SCALE for value in region.coords):
        return False
    if region.shape in (RECT, ELLIPSE):
        if len(region.coords) != 4:
            return False
        left, top, right, bottom = region.coords
        return left < right and top < bottom
    return region.shape == POLYGON and len(region.coords) >= 6 and len(region.coords) % 2 == 0


def rubric_problems(body: ShortAnswer) -> list[Problem]:
    """At least one expected point, all with a weight."""
    if not body.rubric or not all(point.text for point in body.rubric):
        return [Problem(ProblemKind.BLANK_ANSWER, "答案")]
    if len(body.rubric) > MOST_RUBRIC:
        return [Problem(ProblemKind.TOO_MANY, "答案", str(len(body.rubric)))]
    heavy = [point for point in body.rubric if not 0 < point.weight <= 100]
    return [Problem(ProblemKind.BAD_POINTS, "答案", point.text) for point in heavy]


def case_problems(body: Case) -> list[Problem]:
    """At least one sub-question, each whole; the value names the sub-question."""
    if not body.parts:
        return [Problem(ProblemKind.NO_PARTS, "小题")]
    if len(body.parts) > MOST_PARTS:
        return [Problem(ProblemKind.TOO_MANY, "小题", str(len(body.parts)))]
    found: list[Problem] = []
    for number, part in enumerate(body.parts, start=1):
        where = f"({number})"
        if part.type not in PART_TYPES:
            found.append(Problem(ProblemKind.UNKNOWN_TYPE, "小题", f"{where} {part.type}"))
            continue
        problems = body_problems(part.type, part.stem, part.body)
        if not part.stem:
            problems = [Problem(ProblemKind.BLANK_STEM, "题干"), *problems]
        if not 0 < part.points <= 100:
            problems = [*problems, Problem(ProblemKind.BAD_POINTS, "分值", str(part.points))]
        found.extend(Problem(p.kind, "小题", f"{where} {p.column} {p.value}".strip()) for p in problems)
    return found
