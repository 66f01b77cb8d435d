"""Rows of the question sheet as questions, and questions as rows (pure).

A case is a row 案例题 and the rows 小题·单选题 … below it. `cells` of a question are its rows as they were, one after
the other, each in the columns of the file's `Layout`.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from exams.bank.answers import FALSE_WORDS, TRUE_WORDS, inline_answer
from exams.bank.bodies import CASE, FILL_IN, HOTSPOT, MULTIPLE, SHORT_ANSWER, SINGLE, TRUE_FALSE, Case, Part, plain
from exams.bank.formats import escapes
from exams.bank.formats.answer_cells import cells_of, read_body
from exams.bank.formats.exchange import FilingNames, ReadQuestion, WrittenQuestion
from exams.bank.formats.one_column import split_options, without_labels
from exams.bank.formats.words import COGNITIVE, COGNITIVE_NAMES, PART, TYPE_NAMES, part_type_of, read_points, type_of
from exams.bank.problems import Problem, ProblemKind
from exams.bank.responses import BLANK, blanks_in
from exams.bank.sheet import ONE_COLUMN, OPTION_COLUMNS
from exams.bank.soundness import content_problems
from exams.bank.wording import QuestionContent

NAME_MARKS = ";；,，、/|\n"
EMPTY_BRACKETS = re.compile(r"[（(]\s*[）)]")
PART_COLUMNS = ("解析", "难度", "知识点", "行业", "判定标准编号", "图片")
WITHOUT_OPTIONS = (TRUE_FALSE, FILL_IN, SHORT_ANSWER, HOTSPOT, CASE)
Pictures = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row by column of the trade; `place` is unique in the file, `cells` is the row in the file's layout."""

    place: int
    values: Mapping[str, str]
    cells: tuple[str, ...]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


def no_pictures(name: str) -> bytes:
    """The pictures of a file that has none."""
    return b""


def questions_in(
    rows: Iterable[SheetRow], *, default_type: str = "", pictures: Pictures = no_pictures
) -> Iterator[ReadQuestion]:
    """A question for each row, a case for each row 案例题 with its 小题 rows."""
    case: list[SheetRow] = []
    for row in rows:
        kind = row["题型"]
        if case and part_type_of(kind) is not None:
            case.append(row)
            continue
        if case:
            yield read_case(case, pictures)
        case = [row] if type_of(kind) == CASE else []
        if not case:
            yield read_row(row, default_type, pictures)
    if case:
        yield read_case(case, pictures)


def read_row(row: SheetRow, default_type: str, pictures: Pictures) -> ReadQuestion:
    """One question in one row."""
    type_ = type_of(row["题型"]) or ("" if row["题型"] else default_type)
    content, problems = read_content(row, type_)
    question = finished(row, content, problems, pictures)
    losses = unused_options(type_, option_texts(row))
    return replace(question, losses=(*question.losses, *losses)) if losses else question


def unused_options(type_: str, options: list[str]) -> tuple[str, ...]:
    """Options of a type that has none; 对 and 错 go without saying."""
    words = TRUE_WORDS | FALSE_WORDS
    lost = [text for text in options if text and text.upper() not in words] if type_ in WITHOUT_OPTIONS else []
    return (f"选项：{'、'.join(lost)}",) if lost else ()


def read_content(row: SheetRow, type_: str) -> tuple[QuestionContent, list[Problem]]:
    """The content that the cells describe, and what of them was not understood."""
    stem, answer, options = row["题干"], row["答案"], option_texts(row)
    if not answer and type_ in (SINGLE, MULTIPLE, TRUE_FALSE):
        answer, stem = inline_answer(stem)
    if type_ == FILL_IN and not blanks_in(stem):
        stem = EMPTY_BRACKETS.sub(BLANK, stem)
    body, problems = read_body(type_, options, answer, stem)
    if not type_:
        problems = [Problem(ProblemKind.UNKNOWN_TYPE, "题型", row["题型"])]
        problems += [] if answer else [Problem(ProblemKind.BLANK_ANSWER, "答案")]
    content = QuestionContent(
        type=type_, stem=stem, body=body, explanation=row["解析"], points=read_points(row["分值"], type_),
        source=row["来源"], picture_alt=row["图片说明"],
    )  # fmt: skip
    return content, problems


def option_texts(row: SheetRow) -> list[str]:
    """The options of the row, from their own columns, or from the one column that holds them all."""
    own = [row.values.get(name, "") for name in OPTION_COLUMNS]
    if any(own):
        while own and not own[-1]:
            own.pop()
        # A sheet may have only 选项A and all options in it.
        return split_options(own[0]) if len(own) == 1 and len(split_options(own[0])) > 1 else without_labels(own)
    return split_options(row[ONE_COLUMN]) if row[ONE_COLUMN] else []


def finished(row: SheetRow, content: QuestionContent, problems: list[Problem], pictures: Pictures) -> ReadQuestion:
    """With picture and filing, every problem once, each with what stands in its column."""
    content, picture, losses = with_picture(content, row["图片"], pictures)
    told = {(problem.kind, place_of(problem)) for problem in problems}
    for problem in content_problems(content):
        blank = problem.kind == ProblemKind.BLANK_ANSWER
        if blank and (ProblemKind.ANSWER_UNREADABLE, place_of(problem)) in told:
            continue
        if (problem.kind, place_of(problem)) not in told:
            problems.append(replace(problem, value=cell_behind(problem, row)))
    return ReadQuestion(row.place, content, names_in(row.values), tuple(in_order(problems)), losses, picture, row.cells)


def place_of(problem: Problem) -> str:
    """The column of a problem, for a sub-question with its number."""
    return f"{PART}{problem.value.partition(' ')[0]}" if problem.column == PART else problem.column


def in_order(problems: list[Problem]) -> list[Problem]:
    """The stem's problems first, as the columns stand."""
    return sorted(problems, key=lambda problem: problem.kind != ProblemKind.BLANK_STEM)


def cell_behind(problem: Problem, row: SheetRow) -> str:
    """What stands in the column of a problem; its own value where that says more."""
    if problem.kind == ProblemKind.NO_PICTURE:
        return row["图片"]
    if problem.kind == ProblemKind.BLANK_COUNT:
        return problem.value
    return row[problem.column] or problem.value


def with_picture(
    content: QuestionContent, name: str, pictures: Pictures
) -> tuple[QuestionContent, bytes, tuple[str, ...]]:
    """The picture that a cell names; one that is not in the file is a loss (for a hotspot, content says the rest)."""
    data = pictures(name) if name else b""
    if data:
        return replace(content, picture=hashlib.sha256(data).hexdigest()), data, ()
    lost = (f"图片 {name}",) if name and content.type != HOTSPOT else ()
    return content, b"", lost


def names_in(values: Mapping[str, str]) -> FilingNames:
    """Where the question belongs, as the cells say."""

    def several(name: str) -> tuple[str, ...]:
        text = values.get(name, "")
        return tuple(escapes.plain_pieces(text, NAME_MARKS)) if text else ()

    return FilingNames(
        topic=values.get("知识点", ""),
        difficulty=values.get("难度", ""),
        industries=several("行业"),
        categories=several("人员类别"),
        clauses=several("判定标准编号"),
        cognitive=COGNITIVE.get(values.get("认知层次", ""), values.get("认知层次", "")),
        enemy_group=values.get("互斥组", ""),
        effective_from=values.get("启用日期", ""),
        effective_to=values.get("停用日期", ""),
    )


def read_case(rows: list[SheetRow], pictures: Pictures) -> ReadQuestion:
    """A case from its row and the rows of its sub-questions."""
    head, parts, problems, losses = rows[0], [], [], []
    for number, row in enumerate(rows[1:], start=1):
        type_ = part_type_of(row["题型"]) or ""
        content, found = read_content(row, type_)
        points = read_points(row["分值"], type_) if row["分值"] else Decimal(1)
        parts.append(Part(f"p{number}", type_ or row["题型"], content.stem, content.body, points))  # type: ignore[arg-type]
        problems += [
            Problem(found_one.kind, PART, f"({number}) {found_one.column} {found_one.value}".strip())
            for found_one in found
            if found_one.kind not in (ProblemKind.UNKNOWN_TYPE, ProblemKind.BLANK_ANSWER)
        ]
        losses += [f"({number}) {name}：{row[name]}" for name in PART_COLUMNS if row[name]]
        losses += [f"({number}) {lost}" for lost in unused_options(type_, option_texts(row))]
    content = QuestionContent(
        type=CASE, stem=head["题干"], body=Case(tuple(parts)), explanation=head["解析"],
        points=read_points(head["分值"], CASE), source=head["来源"], picture_alt=head["图片说明"],
    )  # fmt: skip
    losses += [f"答案：{head['答案']}"] if head["答案"] else []
    losses += unused_options(CASE, option_texts(head))
    question = finished(head, content, problems, pictures)
    cells = tuple(cell for row in rows for cell in row.cells)
    return replace(question, cells=cells, losses=(*question.losses, *losses))


def rows_of_question(question: WrittenQuestion, picture_name: str = "") -> list[dict[str, str]]:
    """The rows of a question by column: one, or for a case one and one for each sub-question."""
    content, names = question.content, question.names
    options, answer = cells_of(content.body)
    row = {
        "题号": question.code,
        "题型": TYPE_NAMES.get(content.type, content.type),
        "题干": content.stem,
        **dict(zip(OPTION_COLUMNS, options, strict=False)),
        "答案": answer,
        "解析": content.explanation,
        "难度": names.difficulty,
        "分值": plain(content.points),
        "知识点": names.topic,
        "行业": escapes.joined(names.industries, "；", NAME_MARKS),
        "判定标准编号": escapes.joined(names.clauses, "；", NAME_MARKS),
        "人员类别": escapes.joined(names.categories, "；", NAME_MARKS),
        "认知层次": COGNITIVE_NAMES.get(names.cognitive, names.cognitive),
        "互斥组": names.enemy_group,
        "启用日期": names.effective_from,
        "停用日期": names.effective_to,
        "来源": content.source,
        "图片": picture_name,
        "图片说明": content.picture_alt,
    }
    parts = content.body.parts if isinstance(content.body, Case) else ()
    return [row, *(row_of_part(part) for part in parts)]


def row_of_part(part: Part) -> dict[str, str]:
    """The row of a sub-question."""
    options, answer = cells_of(part.body)
    return {
        "题型": f"{PART}·{TYPE_NAMES.get(part.type, part.type)}",
        "题干": part.stem,
        **dict(zip(OPTION_COLUMNS, options, strict=False)),
        "答案": answer,
        "分值": plain(part.points),
    }
