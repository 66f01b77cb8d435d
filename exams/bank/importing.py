"""Checking the rows of a question sheet against the bank's catalogue (pure).

Rows come in one by one and leave as `CheckedRow`: either a draft that can be written or every
problem at once. What is kept between rows is one fingerprint per question, so memory is bounded.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from exams.bank.answers import UnreadableAnswer, parse_answer
from exams.bank.bodies import TRUE_FALSE, Choice, Truth, options_from
from exams.bank.problems import Problem, ProblemKind
from exams.bank.sheet import OPTION_COLUMNS, Columns, cell_text, split_names
from exams.bank.soundness import content_problems
from exams.bank.wording import USUAL_POINTS, QuestionContent, fingerprint_of

TYPES = {
    "单选": "single", "单选题": "single", "单项选择": "single", "单项选择题": "single",
    "多选": "multiple", "多选题": "multiple", "多项选择": "multiple", "多项选择题": "multiple",
    "判断": TRUE_FALSE, "判断题": TRUE_FALSE, "是非题": TRUE_FALSE,
}  # fmt: skip
DIFFICULTIES = {"易": 1, "容易": 1, "较易": 2, "中": 3, "中等": 3, "适中": 3, "较难": 4, "难": 5, "困难": 5}
EVERY_INDUSTRY = frozenset({"通用", "全部", "不限", "所有行业"})


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the rows may refer to, by name or code, and the fingerprints already in the bank."""

    topics: Mapping[str, int]
    industries: Mapping[str, int]
    clauses: Mapping[str, int]
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """A row that can be written."""

    content: QuestionContent
    fingerprint: str
    topic_id: int
    industry_ids: tuple[int, ...]
    clause_ids: tuple[int, ...]
    difficulty: int


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """Row number as the spreadsheet shows it, the cells as they were, and the verdict."""

    number: int
    cells: tuple[str, ...]
    draft: QuestionDraft | None
    problems: tuple[Problem, ...]
    stem: str = ""


def check_rows(
    rows: Iterable[Sequence[Any]], *, columns: Columns, catalogue: Catalogue, source: str = ""
) -> Iterator[CheckedRow]:
    """Check every row after the header; blank rows are passed over. `rows` starts at row 1."""
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        cells = tuple(cell_text(cell) for cell in row)
        if number <= columns.header_row or not any(cells):
            continue
        yield check_row(number, cells, columns, catalogue, seen, source)


def check_row(
    number: int, cells: tuple[str, ...], columns: Columns, catalogue: Catalogue, seen: dict[str, int], source: str
) -> CheckedRow:
    """One row; notes its fingerprint in `seen`."""

    def cell(name: str) -> str:
        place = columns.places.get(name)
        return cells[place] if place is not None and place < len(cells) else ""

    content, problems = read_content({name: cell(name) for name in columns.places}, source)
    topic_id, industry_ids, clause_ids, lookups = look_up(cell, catalogue)
    difficulty, difficulty_problems = read_difficulty(cell("难度"))
    problems += [*lookups, *difficulty_problems]
    mark = fingerprint_of(content)
    if content.stem:
        problems += duplicates(mark, number, seen, catalogue)
    draft = None
    if not problems and topic_id is not None:
        draft = QuestionDraft(content, mark, topic_id, industry_ids, clause_ids, difficulty)
    return CheckedRow(number, cells, draft, tuple(problems), content.stem[:80])


def read_content(values: Mapping[str, str], source: str) -> tuple[QuestionContent, list[Problem]]:
    """The content of a row and what is wrong with it."""
    problems: list[Problem] = []
    kind = TYPES.get(unicodedata.normalize("NFKC", values.get("题型", "")).replace(" ", ""), "")
    texts = [values.get(name, "") for name in OPTION_COLUMNS]
    key: tuple[str, ...] = ()
    unreadable = False
    try:
        key = parse_answer(values.get("答案", ""), question_type=kind, options=texts)
    except UnreadableAnswer:
        unreadable = bool(kind)
    points = read_points(values.get("分值", ""), kind)
    body = Truth(next(iter(key), "")) if kind == TRUE_FALSE else Choice(options_from(texts), key)
    content = QuestionContent(
        type=kind, stem=values.get("题干", ""), body=body, explanation=values.get("解析", ""), points=points,
        source=source,
    )  # fmt: skip
    problems += content_problems(content)
    if not kind:
        problems = [p for p in problems if p.kind != ProblemKind.UNKNOWN_TYPE]
        problems.append(Problem(ProblemKind.UNKNOWN_TYPE, "题型", values.get("题型", "")))
        if not values.get("答案", ""):
            problems.append(Problem(ProblemKind.BLANK_ANSWER, "答案"))
    if unreadable:
        problems = [p for p in problems if p.kind != ProblemKind.BLANK_ANSWER]
        problems.append(Problem(ProblemKind.ANSWER_UNREADABLE, "答案", values.get("答案", "")))
    return content, [with_value(problem, values) for problem in problems]


def with_value(problem: Problem, values: Mapping[str, str]) -> Problem:
    """The problem with what stands in its column."""
    value = values.get(problem.column, "") or problem.value
    return Problem(problem.kind, problem.column, value)


def read_points(text: str, kind: str) -> Decimal:
    """Points of the cell, the usual points when it is blank, 0 (refused later) when it is no number."""
    if not text:
        return USUAL_POINTS.get(kind, Decimal(1))
    try:
        points = Decimal(unicodedata.normalize("NFKC", text).removesuffix("分"))
    except InvalidOperation:
        return Decimal(0)
    return points.quantize(Decimal("0.01")) if points.is_finite() and 0 < points <= 100 else Decimal(0)


def read_difficulty(text: str) -> tuple[int, list[Problem]]:
    """1–5 from a number or a word; 3 when blank."""
    plain = unicodedata.normalize("NFKC", text)
    if not plain:
        return 3, []
    if plain in DIFFICULTIES:
        return DIFFICULTIES[plain], []
    if plain in {"1", "2", "3", "4", "5"}:
        return int(plain), []
    return 3, [Problem(ProblemKind.BAD_DIFFICULTY, "难度", text)]


def look_up(cell: Any, catalogue: Catalogue) -> tuple[int | None, tuple[int, ...], tuple[int, ...], list[Problem]]:
    """Topic, industries and clauses by name or code, and what was not found."""
    problems: list[Problem] = []
    topic_id = catalogue.topics.get(cell("知识点"))
    if topic_id is None:
        problems.append(Problem(ProblemKind.UNKNOWN_TOPIC, "知识点", cell("知识点")))
    industries: list[int] = []
    for name in split_names(cell("行业")):
        if name in EVERY_INDUSTRY:
            continue
        if name in catalogue.industries:
            industries.append(catalogue.industries[name])
        else:
            problems.append(Problem(ProblemKind.UNKNOWN_INDUSTRY, "行业", name))
    clauses: list[int] = []
    for code in split_names(cell("判定标准编号")):
        plain = unicodedata.normalize("NFKC", code).lower()
        if plain in catalogue.clauses:
            clauses.append(catalogue.clauses[plain])
        else:
            problems.append(Problem(ProblemKind.UNKNOWN_CLAUSE, "判定标准编号", code))
    return topic_id, tuple(dict.fromkeys(industries)), tuple(dict.fromkeys(clauses)), problems


def duplicates(mark: str, number: int, seen: dict[str, int], catalogue: Catalogue) -> list[Problem]:
    """Whether the same question stood in an earlier row or is in the bank."""
    found: list[Problem] = []
    first = seen.setdefault(mark, number)
    if first != number:
        found.append(Problem(ProblemKind.DUPLICATE_IN_FILE, "题干", str(first)))
    if mark in catalogue.known:
        found.append(Problem(ProblemKind.DUPLICATE_IN_BANK, "题干", catalogue.known[mark]))
    return found
