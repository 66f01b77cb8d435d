"""GIFT, Moodle's text format: questions out of it and into it (pure, but for `read` and `write`).

What GIFT has no place for (topic, industries, points, expected points of a short answer …) is written into comments
`// [key:value]` above the question, which Moodle passes over and `read` understands.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from exams.bank.bodies import (
    FALSE,
    FILL_IN,
    MATCHING,
    MULTIPLE,
    SHORT_ANSWER,
    SINGLE,
    TRUE,
    TRUE_FALSE,
    Body,
    Choice,
    FillIn,
    Matching,
    Truth,
    options_from,
)
from exams.bank.files import text_of
from exams.bank.formats.answer_cells import read_body
from exams.bank.formats.exchange import FilingNames, ReadQuestion
from exams.bank.formats.filing_words import names_from
from exams.bank.formats.gift_text import FORMAT, WEIGHT, Block, blocks_of, find, partition, readable
from exams.bank.formats.words import read_points
from exams.bank.problems import Problem, ProblemKind
from exams.bank.responses import BLANK, blanks_in
from exams.bank.wording import USUAL_POINTS, QuestionContent

NUMBER = r"[+-]?\d+(?:\.\d+)?"
SPAN = re.compile(rf"^\s*({NUMBER})\s*(?:(\.\.|:)\s*({NUMBER}))?\s*$")
WHOLE = Decimal(100)


@dataclass(slots=True)
class Found:
    """What is found out about a question while it is read."""

    type: str = ""
    body: Body | None = None
    explanation: str = ""
    problems: list[Problem] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its mark (= or ~), weight in percent, text, feedback."""

    mark: str
    weight: Decimal | None
    text: str
    feedback: str


def read(path: Path) -> Iterator[ReadQuestion]:
    """The questions of a GIFT file. Raises UnreadableFile."""
    return questions_in_text(text_of(path))


def questions_in_text(text: str) -> Iterator[ReadQuestion]:
    """Every block as a question, numbered from 1."""
    for number, block in enumerate(blocks_of(text), start=1):
        yield question_of(block, number)


def question_of(block: Block, number: int) -> ReadQuestion:
    """One question; the place of a problem is its line in the file."""
    found = Found()
    names, others = names_from(block.comments)
    if not names.topic and block.category:
        names = replace(names, topic=topic_of(block.category))
    text = without_title(block.text)
    opening = find(text, "{")
    closing = find(text, "}", opening + 1) if opening >= 0 else -1
    if opening < 0:
        return not_supported(block, number, names, "没有答案的说明文字")
    if closing < 0:
        return unreadable(block, number, names, "缺少 }")
    before, inside, after = text[:opening], text[opening + 1 : closing], text[closing + 1 :]
    if find(after, "{") >= 0:
        return not_supported(block, number, names, "一题里有几处答案")
    read_answers(inside, others, found)
    stem = stem_of(before, after, found)
    content = QuestionContent(
        found.type, stem, found.body or Choice((), ()), found.explanation,
        read_points(others.get("points", ""), found.type), others.get("source", ""),
    )  # fmt: skip
    return ReadQuestion(number, content, names, tuple(found.problems), tuple(found.losses))


def topic_of(category: str) -> str:
    """The last step of a category; Moodle's own steps ($course$, top, Default …) are none."""
    steps = [step.strip() for step in re.split(r"(?<!/)/(?!/)", category)]
    last = steps[-1].replace("//", "/") if steps else ""
    return "" if last in ("top", "") or last.startswith(("$", "Default for ")) else last


def without_title(text: str) -> str:
    """A block without its ::title::."""
    text = text.strip()
    if not text.startswith("::"):
        return text
    _, rest, closed = partition(text[2:], "::")
    return rest.strip() if closed else text


def not_supported(block: Block, number: int, names: FilingNames, what: str) -> ReadQuestion:
    """A question of a kind that the bank does not have."""
    problem = Problem(ProblemKind.NOT_SUPPORTED, "题型", f"第 {block.line} 行：{what}")
    return ReadQuestion(number, empty(block), names, (problem,))


def unreadable(block: Block, number: int, names: FilingNames, what: str) -> ReadQuestion:
    """A block that breaks GIFT's rules."""
    problem = Problem(ProblemKind.UNREADABLE, "", f"第 {block.line} 行：{what}")
    return ReadQuestion(number, empty(block), names, (problem,))


def empty(block: Block) -> QuestionContent:
    """The text of a block as the stem of nothing."""
    return QuestionContent("", readable(without_title(block.text), []), Choice((), ()), "", USUAL_POINTS[SINGLE])


def stem_of(before: str, after: str, found: Found) -> str:
    """The stem; the gap between its halves is a blank."""
    kind = FORMAT.match(before)
    first = readable(before, found.losses, ends=False)
    rest = readable((kind[0] if kind else "") + after, found.losses, ends=False) if after.strip() else ""
    if found.type != FILL_IN and not rest:
        return first.strip()
    return first.strip() if blanks_in(first) and not rest else f"{first}{BLANK}{rest}".strip()


def read_answers(inside: str, others: dict[str, str], found: Found) -> None:
    """What stands between the braces: type, body and explanation."""
    inside, general, commented = partition(inside, "####")
    if commented:
        found.explanation = readable(general, found.losses)
    text = inside.strip()
    if not text:
        found.type = SHORT_ANSWER
        found.body, problems = read_body(SHORT_ANSWER, [], others.get("rubric", ""), "")
        found.problems += problems
    elif text.startswith("#"):
        read_numbers(text[1:], found)
    elif read_truth(text, found):
        pass
    else:
        read_choices(answers_in(text), found)


def read_truth(text: str, found: Found) -> bool:
    """T, TRUE, F or FALSE, with feedback for the wrong and the right answer behind #."""
    word, _, feedback = text.partition("#")
    plain_word = word.strip().upper()
    if plain_word not in ("T", "TRUE", "F", "FALSE"):
        return False
    found.type, found.body = TRUE_FALSE, Truth(TRUE if plain_word.startswith("T") else FALSE)
    note_feedback(found, *re.split(r"(?<!\\)#", feedback))
    return True


def note_feedback(found: Found, *texts: str) -> None:
    """Feedback of single answers has no place in the bank."""
    for text in texts:
        if text.strip():
            found.losses.append(f"单个答案的反馈：{readable(text, found.losses)[:60]}")


def answers_in(text: str) -> list[Answer]:
    """The answers between unescaped = and ~."""
    answers: list[Answer] = []
    place = find(text, "=~")
    while place >= 0:
        end = find(text, "=~", place + 1)
        # The arrow of a pair such as `=a => b` would end it: GIFT writes ->.
        piece = text[place + 1 : end if end >= 0 else len(text)].strip()
        weight = WEIGHT.match(piece)
        body, feedback, _ = partition(piece[weight.end() :] if weight else piece, "#")
        answers.append(Answer(text[place], Decimal(weight[1]) if weight else None, body.strip(), feedback))
        place = end
    return answers


def read_choices(answers: list[Answer], found: Found) -> None:
    """Pairs, accepted forms, or options."""
    note_feedback(found, *(answer.feedback for answer in answers))
    if not answers:
        found.problems.append(Problem(ProblemKind.UNREADABLE, "答案", "括号里没有 = 或 ~"))
        return
    marks = {answer.mark for answer in answers}
    if marks == {"="} and any(partition(answer.text, "->")[2] for answer in answers):
        read_pairs(answers, found)
    elif marks == {"="}:
        read_forms(answers, found)
    else:
        read_options(answers, found)


def read_pairs(answers: list[Answer], found: Found) -> None:
    """left -> right; without a left side, a lure."""
    sides = [partition(answer.text, "->") for answer in answers]
    pairs = [(readable(left, found.losses), readable(right, found.losses)) for left, right, _ in sides]
    found.type = MATCHING
    found.body = Matching(tuple(pair for pair in pairs if pair[0]), tuple(right for left, right in pairs if not left))
    found.problems += [
        Problem(ProblemKind.ANSWER_UNREADABLE, "选项", answer.text)
        for answer, (_, _, arrow) in zip(answers, sides, strict=True)
        if not arrow
    ]


def read_forms(answers: list[Answer], found: Found) -> None:
    """The accepted forms of one blank; those that earn a part are lost."""
    full = [answer for answer in answers if answer.weight is None or answer.weight == WHOLE]
    found.losses += [
        f"部分得分的答案：{answer.weight}% {answer.text}" for answer in answers if answer not in full
    ]  # fmt: skip
    found.type = FILL_IN
    found.body = FillIn((tuple(readable(answer.text, found.losses) for answer in full),))


def read_options(answers: list[Answer], found: Found) -> None:
    """One right option, or several with their weights."""
    texts = [readable(answer.text, found.losses) for answer in answers]
    weights = [
        answer.weight if answer.weight is not None else WHOLE if answer.mark == "=" else Decimal(0)
        for answer in answers
    ]
    right = [place for place, weight in enumerate(weights) if weight > 0]
    several = len(right) > 1 or any(0 < weight < WHOLE for weight in weights)
    found.type = MULTIPLE if several else SINGLE
    found.body = Choice(options_from(texts), tuple(f"o{place + 1}" for place in right))
    wrong = [weight for place, weight in enumerate(weights) if place not in right]
    uneven = len({weights[place] for place in right}) > 1
    # All or nothing for a wrong tick is the bank's own way; other deductions it cannot keep.
    if uneven or any(weight not in (0, -WHOLE) for weight in wrong):
        shown = "、".join(f"{weight}%" for weight in weights)
        found.losses.append(f"各选项的得分比例：{shown}")


def read_numbers(text: str, found: Found) -> None:
    """Numbers with a tolerance (3:2) or as a range (1..5)."""
    answers = answers_in(text) or [Answer("=", None, *partition(text.strip(), "#")[:2])]
    note_feedback(found, *(answer.feedback for answer in answers))
    forms: list[str] = []
    for answer in answers:
        match = SPAN.match(answer.text)
        if not match:
            found.problems.append(Problem(ProblemKind.ANSWER_UNREADABLE, "答案", answer.text))
        elif answer.weight not in (None, WHOLE):
            found.losses.append(f"部分得分的答案：{answer.weight}% {answer.text}")
        else:
            forms.append({"..": f"{match[1]}..{match[3]}", ":": f"{match[1]}±{match[3]}"}.get(match[2] or "", match[1]))
    found.type, found.body = FILL_IN, FillIn((tuple(forms),))
