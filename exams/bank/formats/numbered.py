"""Numbered questions with lines for options, 答案, 解析 … as in Word files and plain text (pure, but for `read`).

Section headings (一、单选题) set the type; without one it is told from options and answer. Whatever is not understood
becomes a problem of the question in which it stands, with the number of its paragraph.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from exams.bank.answers import UnreadableAnswer, inline_answer, parse_letters, parse_truth
from exams.bank.bodies import (
    CASE,
    FILL_IN,
    MULTIPLE,
    SHORT_ANSWER,
    SINGLE,
    TRUE_FALSE,
    Case,
    Part,
)
from exams.bank.files import text_of
from exams.bank.formats.answer_cells import read_body
from exams.bank.formats.exchange import ReadQuestion
from exams.bank.formats.one_column import label_of, labelled_options, split_options
from exams.bank.formats.question_lines import (
    Line,
    bracketed_start,
    labelled_parts,
    points_tag,
    question_start,
    type_tag,
)
from exams.bank.formats.sheet import EMPTY_BRACKETS, names_in
from exams.bank.formats.words import heading_type, read_points
from exams.bank.problems import Problem, ProblemKind
from exams.bank.responses import BLANK, blanks_in
from exams.bank.wording import LETTERS, QuestionContent

# Around underlined words: the answers of a fill-in whose blanks are filled.
UNDERLINED = re.compile("\ue000([^\ue001]*)\ue001")
STEM, OPTIONS, ANSWER, EXPLANATION = "题干", "选项", "答案", "解析"


@dataclass(slots=True)
class Draft:
    """A question while its lines come in."""

    number: int
    bracketed: bool = False
    type: str = ""
    stem: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    fields: dict[str, list[str]] = field(default_factory=dict)
    parts: list["Draft"] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    picture: bytes = b""
    state: str = STEM

    def value(self, name: str) -> str:
        """What stands behind a label."""
        return "\n".join(self.fields.get(name, [])).strip()


def read(path: Path) -> Iterator[ReadQuestion]:
    """The questions of a text file. Raises UnreadableFile."""
    lines = (Line(place, text) for place, text in enumerate(text_of(path).splitlines(), start=1))
    return questions_in_lines(lines)


def questions_in_lines(lines: Iterable[Line], first: int = 1) -> Iterator[ReadQuestion]:
    """The questions in lines, numbered from `first`."""
    reader = LineReader()
    number = first
    for line in lines:
        for draft in reader.take(line):
            yield finished(draft, number)
            number += 1
    for draft in reader.end():
        yield finished(draft, number)
        number += 1


class LineReader:
    """Gathers lines into questions: `take` gives those that a line completes."""

    def __init__(self) -> None:
        self.type = ""
        self.whole: Draft | None = None  # the question, or the case with its parts
        self.current: Draft | None = None  # where lines go: the question or the last part of the case
        self.before: list[str] = []  # what stands before the first question
        self.blank = False

    def take(self, line: Line) -> list[Draft]:
        """One line; returns questions that are complete now."""
        text = line.text.strip()
        done: list[Draft] = []
        if not text:
            self.blank = self.blank or not line.picture
        elif heading_type(UNDERLINED.sub(r"\1", text)):
            self.type = heading_type(text)
            done = self.close()
        else:
            done = self.place_text(text, line.place)
            self.blank = False
        self.keep_picture(line)
        return done

    def end(self) -> list[Draft]:
        """The last question, or what of the file is none."""
        done = self.close()
        if not done and self.before:
            lost = Draft(1, problems=[Problem(ProblemKind.UNREADABLE, "", text) for text in self.before[:5]])
            return [lost]
        return done

    def close(self) -> list[Draft]:
        """End the question under way."""
        done = [self.whole] if self.whole is not None else []
        self.whole = self.current = None
        return done

    def place_text(self, text: str, place: int) -> list[Draft]:
        """Decide what a line is."""
        start, inner = question_start(text), bracketed_start(text)
        if inner and self.whole and self.whole.type == CASE and not self.is_point(inner[0], bracketed=True):
            self.current = Draft(inner[0], bracketed=True)
            self.whole.parts.append(self.current)
            self.add(inner[1], place)
            return []
        if start and not self.is_point(start[0], bracketed=False):
            return self.begin(start, text=start[1], place=place)
        if inner and not self.is_point(inner[0], bracketed=True) and self.begins_bracketed(inner[0]):
            return self.begin(inner, text=inner[1], place=place, bracketed=True)
        if self.current is None or self.begins_unnumbered(text):
            return self.begin_unnumbered(text, place)
        self.add(text, place)
        return []

    def begin(self, start: tuple[int, str], *, text: str, place: int, bracketed: bool = False) -> list[Draft]:
        """A new question."""
        done = self.close()
        tag, text = type_tag(text)
        self.whole = self.current = Draft(start[0], bracketed=bracketed, type=tag or self.type)
        if self.before:
            self.whole.losses += [f"题目前面的文字：{lost}" for lost in self.before]
            self.before = []
        self.add(text, place)
        return done

    def is_point(self, number: int, *, bracketed: bool) -> bool:
        """Whether a numbered line goes on with the points of an answer, rather than beginning a question."""
        draft = self.current
        if draft is None or draft.state not in (ANSWER, EXPLANATION):
            return False
        written = draft.fields.get(draft.state, [])
        starts = bracketed_start if bracketed else question_start
        points = [found[0] for text in written if (found := starts(text))]
        if bracketed and not draft.bracketed and not (self.whole and self.whole.type == CASE):
            return True
        return number == (points[-1] + 1 if points else 1) and number != draft.number + (not points)

    def begins_bracketed(self, number: int) -> bool:
        """Whether questions are numbered in brackets here."""
        draft = self.current
        return draft is None or (draft.bracketed and number == draft.number + 1)

    def begins_unnumbered(self, text: str) -> bool:
        """Whether a line after a blank one begins a question of a file without numbers."""
        draft = self.current
        if draft is None or not self.blank or not (draft.fields.get("答案") or inline_answer(joined(draft.stem))[0]):
            return False
        return not labelled_parts(text)[1] and not label_of(text)[0]

    def begin_unnumbered(self, text: str, place: int) -> list[Draft]:
        """A question without a number, if this is one; a title before the first question is kept as such."""
        looks = (
            labelled_parts(text)[1]
            or type_tag(text)[0]
            or inline_answer(text)[0]
            or text.endswith(("？", "?", "）", ")"))
        )
        if self.current is None and not looks and not self.type:
            self.before.append(f"第 {place} 段：{text[:60]}")
            return []
        return self.begin((0, text), text=text, place=place)

    def add(self, text: str, place: int) -> None:
        """A line of the question under way."""
        draft = self.current
        assert draft is not None
        text, parts = labelled_parts(text)
        if text:
            self.add_text(draft, text, place)
        for label, value in parts:
            name = ANSWER if label == "要点" else label
            if name in draft.fields and name in (ANSWER, EXPLANATION) and value and draft.fields[name] != [""]:
                draft.problems.append(
                    Problem(ProblemKind.UNREADABLE, name, f"第 {place} 段又有一个{name}：{value[:40]}")
                )
                continue
            draft.fields.setdefault(name, []).extend([value] if value else [])
            draft.state = name if name in (ANSWER, EXPLANATION) else draft.state
            if name == "题型":
                draft.type = heading_type(value)

    def add_text(self, draft: Draft, text: str, place: int) -> None:
        """Text without a label: an option, or more of what came before."""
        if draft.state in (STEM, OPTIONS) and self.add_options(draft, text):
            draft.state = OPTIONS
        elif draft.state == STEM:
            draft.stem.append(text)
        elif draft.state in (ANSWER, EXPLANATION):
            draft.fields.setdefault(draft.state, []).append(text)
        else:
            draft.problems.append(Problem(ProblemKind.UNREADABLE, "", f"第 {place} 段：{text[:60]}"))

    def add_options(self, draft: Draft, text: str) -> bool:
        """Options behind the letters that come next; also behind a stem on the same line."""
        letter, rest = label_of(text)
        expected = LETTERS[len(draft.options) : len(draft.options) + 1]
        if letter and letter == expected:
            tail = f"A. {relettered(rest, len(draft.options) + 1)}" if draft.options else text
            draft.options += labelled_options(tail) or [rest]
            return True
        if draft.options:
            return False
        place = next((match.start() for match in re.finditer(r"\s+[（(]?[AＡ]\s*[.．、)）]", text)), 0)
        options = labelled_options(text[place:].strip()) if place else []
        if options:
            draft.stem.append(text[:place].strip())
            draft.options = options
        return bool(options)

    def keep_picture(self, line: Line) -> None:
        """The first picture belongs to the question; of others it is said that they are lost."""
        draft = self.whole
        if draft is None:
            self.before += [f"第 {line.place} 段：{loss}" for loss in line.losses]
            return
        draft.losses += [f"第 {line.place} 段：{loss}" for loss in line.losses]
        if line.picture and draft.picture:
            draft.losses.append(f"第 {line.place} 段：又一张图片")
        draft.picture = draft.picture or line.picture


def relettered(rest: str, used: int) -> str:
    """The later options of a line (`丙 D. 丁` after C.) lettered from B, so that they can be split alike."""
    for place in range(used, len(LETTERS)):
        rest = re.sub(
            rf"(?<![A-Za-z0-9])([（(]?)\s*{LETTERS[place]}\s*([.．、)）:：])",
            rf"\g<1>{LETTERS[place - used + 1]}\g<2>",
            rest,
            count=1,
        )
    return rest


def joined(lines: Iterable[str]) -> str:
    """The lines of one text."""
    return "\n".join(line for line in lines if line).strip()


def finished(draft: Draft, place: int) -> ReadQuestion:
    """A draft as a question."""
    if draft.type == CASE or draft.parts:
        return finished_case(draft, place)
    content, problems = content_of(draft)
    if not draft.stem and not draft.options and draft.problems:
        problems = []
    values = {name: draft.value(name) for name in draft.fields}
    content = replace(content, picture=hashlib.sha256(draft.picture).hexdigest() if draft.picture else "")
    return ReadQuestion(
        place, content, names_in(values), (*draft.problems, *problems), tuple(draft.losses), draft.picture
    )


def content_of(draft: Draft) -> tuple[QuestionContent, list[Problem]]:
    """Stem, body, explanation and points of a draft."""
    points, stem = points_tag(joined(draft.stem))
    answer, options = draft.value(ANSWER), draft.options
    if not answer and draft.type in ("", SINGLE, MULTIPLE, TRUE_FALSE):
        answer, stem = inline_answer(stem)
    filled = [text.strip() for text in UNDERLINED.findall(stem) if text.strip()]
    type_ = draft.type or told_type(stem, options, answer, filled)
    if type_ == FILL_IN:
        stem, answer = with_blanks(stem, answer, filled)
    stem = UNDERLINED.sub(lambda match: match[1] if match[1].strip() else BLANK, stem)
    if len(options) == 1:
        options = split_options(options[0])
    body, problems = read_body(
        type_, [UNDERLINED.sub(r"\1", text) for text in options], UNDERLINED.sub(r"\1", answer), stem
    )
    if not type_:
        problems = [Problem(ProblemKind.UNKNOWN_TYPE, "题型", f"第 {draft.number} 题" if draft.number else "")]
    content = QuestionContent(
        type_, stem, body, UNDERLINED.sub(r"\1", draft.value(EXPLANATION)),
        read_points(draft.value("分值") or points, type_), draft.value("来源"), "", draft.value("图片说明"),
    )  # fmt: skip
    return content, problems


def with_blanks(stem: str, answer: str, filled: list[str]) -> tuple[str, str]:
    """A fill-in's stem with ____ for its blanks; words filled into them are the answer when no other is given."""
    if not answer and filled and not blanks_in(stem):
        return UNDERLINED.sub(BLANK, stem), "；".join(text.replace("；", "\\；") for text in filled)
    stem = UNDERLINED.sub(lambda match: match[1] if match[1].strip() else BLANK, stem)
    return (stem if blanks_in(stem) else EMPTY_BRACKETS.sub(BLANK, stem)), answer


def told_type(stem: str, options: list[str], answer: str, filled: list[str]) -> str:
    """The type that options and answer speak for, "" when they do not."""
    letters = parse_letters(answer) if answer else None
    if len(options) >= 2:
        return (MULTIPLE if letters and len(letters) > 1 else SINGLE) if letters or not answer else SINGLE
    try:
        return TRUE_FALSE if answer and parse_truth(answer.upper(), []) else ""
    except UnreadableAnswer:
        pass
    if blanks_in(stem) or (filled and not answer):
        return FILL_IN
    return SHORT_ANSWER if answer else ""


def finished_case(draft: Draft, place: int) -> ReadQuestion:
    """A case with its parts."""
    parts: list[Part] = []
    problems, losses = list(draft.problems), list(draft.losses)
    for number, part in enumerate(draft.parts, start=1):
        content, found = content_of(part)
        points = content.points if part.value("分值") or points_tag(joined(part.stem))[0] else Decimal(1)
        parts.append(Part(f"p{number}", content.type, content.stem, content.body, points))  # type: ignore[arg-type]
        problems += [
            Problem(one.kind, "小题", f"({number}) {one.column} {one.value}".strip())
            for one in [*part.problems, *found]
        ]
        lost = {name: part.value(name) for name in part.fields if name not in (ANSWER, "分值", "题型")}
        losses += [f"({number}) {name}：{value}" for name, value in lost.items() if value]
    tagged, stem = points_tag(joined(draft.stem))
    content = QuestionContent(
        CASE, UNDERLINED.sub(r"\1", stem), Case(tuple(parts)), draft.value(EXPLANATION),
        read_points(draft.value("分值") or tagged, CASE), draft.value("来源"),
        hashlib.sha256(draft.picture).hexdigest() if draft.picture else "", draft.value("图片说明"),
    )  # fmt: skip
    if draft.value(ANSWER):
        problems.append(Problem(ProblemKind.UNREADABLE, ANSWER, draft.value(ANSWER)[:100]))
    values = {name: draft.value(name) for name in draft.fields}
    return ReadQuestion(place, content, names_in(values), tuple(problems), tuple(losses), draft.picture)
