"""Reading the starter files: everything is checked before anything is written; all problems are told together."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from content.loading.schema import (
    CardFile,
    CaseFile,
    CaseRow,
    ClauseRow,
    Coded,
    CourseFile,
    FigureRow,
    MindsetFile,
    Row,
    StandardFile,
    VideoRow,
)

STARTER = Path(__file__).resolve().parent.parent / "starter"
AnyFile = TypeVar("AnyFile", bound=Row)


class StarterError(Exception):
    """The files are wrong; `problems` name file, table and key of each mistake."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Starter:
    """All starting material, checked. `folder` holds the figures and media that the lessons name."""

    folder: Path
    standards: list[StandardFile]
    mindsets: MindsetFile
    cards: CardFile
    cases: CaseFile
    courses: list[CourseFile]


@dataclass
class Names:
    """The codes that rows may name."""

    industries: frozenset[str]
    categories: frozenset[str]
    clauses: set[str] = field(default_factory=set)
    cases: set[str] = field(default_factory=set)
    mindsets: set[str] = field(default_factory=set)


def read_starter(*, industries: Iterable[str], categories: Iterable[str], folder: Path = STARTER) -> Starter:
    """All files under `folder`; raises StarterError with every problem found."""
    problems: list[str] = []

    def read(name: str, model: type[AnyFile]) -> AnyFile | None:
        path = folder / name
        try:
            return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {})
        except tomllib.TOMLDecodeError as error:
            problems.append(f"{name}: {error}")
        except ValidationError as error:
            problems.extend(f"{name}: {place(each['loc'])}: {each['msg']}" for each in error.errors())
        return None

    def read_all(pattern: str, model: type[AnyFile]) -> list[AnyFile]:
        names = sorted(path.relative_to(folder).as_posix() for path in folder.glob(pattern))
        return [found for name in names if (found := read(name, model))]

    starter = Starter(
        folder=folder,
        standards=read_all("standards/*.toml", StandardFile),
        mindsets=read("mindsets.toml", MindsetFile) or MindsetFile(),
        cards=read("cards.toml", CardFile) or CardFile(),
        cases=read("cases.toml", CaseFile) or CaseFile(),
        courses=read_all("courses/*.toml", CourseFile),
    )
    # Wrong references are worth naming only when all files could be read.
    if not problems:
        problems = [*wrong_references(starter, Names(frozenset(industries), frozenset(categories)))]
    if problems:
        raise StarterError(problems)
    return starter


def place(location: tuple[int | str, ...]) -> str:
    """`('lesson', 2, 'block', 0, 'text', 'body')` → `lesson[3].block[1].text.body` (tables counted from 1)."""
    words = ""
    for step in location:
        words += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if words else step
    return words


def wrong_references(starter: Starter, names: Names) -> Iterator[str]:
    """Codes used twice, and codes and files that are named but do not exist."""
    for name, code in repeated(starter):
        yield f"{name}: code {code} is used twice"
    names.clauses = {row.code for file in starter.standards for section in file.section for row in section.clause}
    names.cases = {row.code for row in starter.cases.case}
    names.mindsets = {row.code for row in starter.mindsets.mindset}
    for name, table, key, known, used in references(starter, names):
        for code in used:
            if code and code not in known:
                yield f"{name}: {table}: {key}: there is no {code}"
    for course in starter.courses:
        for lesson in course.lesson:
            for block in lesson.block:
                if isinstance(block, (FigureRow, VideoRow)) and not (starter.folder / block.file).is_file():
                    yield f"courses/{course.course.code}.toml: {lesson.code}: file: there is no {block.file}"


Reference = tuple[str, str, str, Iterable[str], Iterable[str]]


def references(starter: Starter, names: Names) -> Iterator[Reference]:
    """(file, table, key, codes that exist, codes named) for every reference."""
    for file in starter.standards:
        name = f"standards/{file.standard.code}.toml"
        yield name, "standard", "industries", names.industries, file.standard.industries
        for section in file.section:
            yield name, section.code, "industries", names.industries, section.industries
    for card in starter.cards.card:
        yield "cards.toml", card.code, "industries", names.industries, card.industries
        yield "cards.toml", card.code, "clause", names.clauses, [card.clause]
        yield "cards.toml", card.code, "mindset", names.mindsets, [card.mindset]
    for case in starter.cases.case:
        yield "cases.toml", case.code, "industries", names.industries, case.industries
        yield "cases.toml", case.code, "clauses", names.clauses, case.clauses
    for practice in starter.cases.practice:
        yield "cases.toml", practice.code, "industries", names.industries, practice.industries
    for course in starter.courses:
        yield from course_references(course, names)


def course_references(file: CourseFile, names: Names) -> Iterator[Reference]:
    """The references of a course and its lessons."""
    name = f"courses/{file.course.code}.toml"
    yield name, "course", "industries", names.industries, file.course.industries
    yield name, "course", "audience", names.categories, file.course.audience
    for lesson in file.lesson:
        clauses = [block.code for block in lesson.block if isinstance(block, ClauseRow)]
        cases = [block.code for block in lesson.block if isinstance(block, CaseRow)]
        yield name, lesson.code, "clause", names.clauses, clauses
        yield name, lesson.code, "case", names.cases, cases


def coded(*rows: Coded) -> tuple[Coded, ...]:
    """Rows of several tables as what they have in common."""
    return rows


def repeated(starter: Starter) -> Iterator[tuple[str, str]]:
    """(file, code) of codes that a kind of page uses twice."""
    kinds: list[list[tuple[str, str]]] = [
        [
            (f"standards/{file.standard.code}.toml", row.code)
            for file in starter.standards
            for section in file.section
            for row in coded(section, *section.clause)
        ],
        [("mindsets.toml", row.code) for row in coded(*starter.mindsets.mindset, *starter.mindsets.violation)],
        [("cards.toml", row.code) for row in starter.cards.card],
        [("cases.toml", row.code) for row in coded(*starter.cases.case, *starter.cases.practice)],
        [
            (f"courses/{file.course.code}.toml", code)
            for file in starter.courses
            for code in [file.course.code, *(lesson.code for lesson in file.lesson)]
        ],
    ]
    for kind in kinds:
        seen: set[str] = set()
        for name, code in kind:
            if code in seen:
                yield name, code
            seen.add(code)
