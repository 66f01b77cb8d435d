"""Checking the questions of a file against the bank's catalogue, whatever the format (pure).

Questions come in one by one and leave as `CheckedRow`: either a draft that can be written or every problem at once.
What is kept between them is one fingerprint per question, and the index of similar texts where one is given.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from exams.bank.formats import escapes
from exams.bank.formats.exchange import FilingNames, ReadQuestion
from exams.bank.formats.pictures import PictureFacts, picture_facts
from exams.bank.formats.sheet import NAME_MARKS
from exams.bank.formats.words import COGNITIVE, COGNITIVE_NAMES
from exams.bank.problems import WARNINGS, Problem, ProblemKind
from exams.bank.soundness import content_problems
from exams.bank.wording import QuestionContent, fingerprint_of

DIFFICULTIES = {
    "易": 1, "容易": 1, "简单": 1, "较易": 2, "中": 3, "中等": 3, "适中": 3, "一般": 3, "较难": 4, "难": 5, "困难": 5,
}  # fmt: skip
EVERY_INDUSTRY = frozenset({"通用", "全部", "不限", "所有行业", "全行业"})
EVERYBODY = frozenset({"全部", "不限", "所有人", "全员", "通用"})
DAY = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ]00:00(?::00)?)?$")
MOST_CHARACTERS = {"题干": 20_000, "解析": 20_000, "来源": 200, "图片说明": 300, "互斥组": 40}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the questions may refer to, by name or code, and the fingerprints already in the bank.

    `default_topic`: where questions go that name no topic, or none of the bank's.
    """

    topics: Mapping[str, int]
    industries: Mapping[str, int]
    clauses: Mapping[str, int]
    categories: Mapping[str, int] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)
    default_topic: int | None = None


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """A question that can be written."""

    content: QuestionContent
    fingerprint: str
    topic_id: int
    difficulty: int
    cognitive: str
    industry_ids: tuple[int, ...] = ()
    category_ids: tuple[int, ...] = ()
    clause_ids: tuple[int, ...] = ()
    enemy_group: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    picture: bytes = b""
    picture_facts: PictureFacts | None = None


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A question with the verdict: `number` as the file counts, `draft` None when problems keep it out.

    `problems` holds warnings as well (`problems.WARNINGS`): they keep nothing out.
    """

    number: int
    draft: QuestionDraft | None
    problems: tuple[Problem, ...]
    question: ReadQuestion

    @property
    def stem(self) -> str:
        """The beginning of the stem."""
        return self.question.content.stem[:80]


def check_questions(questions: Iterable[ReadQuestion], catalogue: Catalogue) -> Iterator[CheckedRow]:
    """Check every question; near duplicates are looked for afterwards (`exams.bank.likeness`)."""
    seen: dict[str, int] = {}
    for question in questions:
        yield check_question(question, catalogue, seen)


def check_question(question: ReadQuestion, catalogue: Catalogue, seen: dict[str, int]) -> CheckedRow:
    """One question; notes its fingerprint in `seen`."""
    content = question.content
    problems = [*question.problems, *untold(question), *too_long(question)]
    facts = picture_of(question, problems)
    filing = Filed(catalogue, question.names, problems)
    mark = fingerprint_of(content)
    if content.stem:
        problems += duplicates(mark, question.place, seen, catalogue)
    problems += [Problem(ProblemKind.LOST_DETAIL, "", loss) for loss in question.losses]
    draft = None
    if filing.topic_id is not None and all(problem.kind in WARNINGS for problem in problems):
        draft = QuestionDraft(
            content, mark, filing.topic_id, filing.difficulty, filing.cognitive, filing.industries, filing.categories,
            filing.clauses, question.names.enemy_group, filing.first_day, filing.last_day, question.picture, facts,
        )  # fmt: skip
    return CheckedRow(question.place, draft, tuple(problems), question)


def untold(question: ReadQuestion) -> list[Problem]:
    """What keeps the content from being a question and was not said by the reader."""
    # The reader of sheets looks for itself, because it knows what stands in the cells.
    if question.cells:
        return []
    if any(problem.kind in (ProblemKind.NOT_SUPPORTED, ProblemKind.UNREADABLE) for problem in question.problems):
        return []
    told = {(problem.kind, problem.column) for problem in question.problems}
    unreadable = {column for kind, column in told if kind == ProblemKind.ANSWER_UNREADABLE}
    return [
        problem
        for problem in content_problems(question.content)
        if (problem.kind, problem.column) not in told
        and not (problem.kind == ProblemKind.BLANK_ANSWER and problem.column in unreadable)
    ]


def too_long(question: ReadQuestion) -> list[Problem]:
    """Texts that the bank's columns cannot hold."""
    content = question.content
    texts = {
        "题干": content.stem, "解析": content.explanation, "来源": content.source, "图片说明": content.picture_alt,
        "互斥组": question.names.enemy_group,
    }  # fmt: skip
    return [
        Problem(ProblemKind.TOO_MANY, column, f"{len(text)} > {MOST_CHARACTERS[column]}")
        for column, text in texts.items()
        if len(text) > MOST_CHARACTERS[column]
    ]


def picture_of(question: ReadQuestion, problems: list[Problem]) -> PictureFacts | None:
    """What the picture is; one that cannot be shown is a problem."""
    if not question.picture:
        return None
    facts = picture_facts(question.picture)
    if facts is None:
        problems.append(Problem(ProblemKind.NO_PICTURE, "图片", "不是 PNG、JPEG、WebP 或 GIF，或者太大、已损坏"))
    return facts


class Filed:
    """The names of a question looked up in the catalogue; what is not found is added to `problems`."""

    def __init__(self, catalogue: Catalogue, names: FilingNames, problems: list[Problem]) -> None:
        self.problems = problems
        self.topic_id = catalogue.topics.get(names.topic, catalogue.default_topic)
        if self.topic_id is None:
            problems.append(Problem(ProblemKind.UNKNOWN_TOPIC, "知识点", names.topic))
        elif names.topic and names.topic not in catalogue.topics:
            problems.append(Problem(ProblemKind.LOST_DETAIL, "知识点", names.topic))
        self.industries = self.found(
            names.industries, catalogue.industries, EVERY_INDUSTRY, ProblemKind.UNKNOWN_INDUSTRY, "行业"
        )
        self.categories = self.found(
            names.categories, catalogue.categories, EVERYBODY, ProblemKind.UNKNOWN_CATEGORY, "人员类别"
        )
        codes = tuple(unicodedata.normalize("NFKC", code).lower() for code in names.clauses)
        self.clauses = self.found(codes, catalogue.clauses, frozenset(), ProblemKind.UNKNOWN_CLAUSE, "判定标准编号")
        self.difficulty = self.read_difficulty(names.difficulty)
        self.cognitive = self.read_level(names.cognitive)
        self.first_day = self.read_day(names.effective_from, "启用日期")
        self.last_day = self.read_day(names.effective_to, "停用日期")
        if self.first_day and self.last_day and self.last_day < self.first_day:
            problems.append(Problem(ProblemKind.BAD_DATE, "停用日期", f"{names.effective_to} < {names.effective_from}"))

    def found(
        self, names: Iterable[str], rows: Mapping[str, int], every: frozenset[str], kind: ProblemKind, column: str
    ) -> tuple[int, ...]:
        """Ids in the order named, each once; words for everything limit nothing."""
        ids: list[int] = []
        for written in names:
            # A name may hold a mark at which others separate names.
            for name in [written] if written in rows else escapes.plain_pieces(written, NAME_MARKS):
                if name in rows:
                    ids.append(rows[name])
                elif name not in every:
                    self.problems.append(Problem(kind, column, name))
        return tuple(dict.fromkeys(ids))

    def read_difficulty(self, text: str) -> int:
        """1–5 from a number or a word; 3 when blank."""
        plain = unicodedata.normalize("NFKC", text)
        if plain in DIFFICULTIES:
            return DIFFICULTIES[plain]
        if plain in {"1", "2", "3", "4", "5"}:
            return int(plain)
        if plain:
            self.problems.append(Problem(ProblemKind.BAD_DIFFICULTY, "难度", text))
        return 3

    def read_level(self, text: str) -> str:
        """A cognitive level from its value or its word; the usual one when blank."""
        if text and text not in COGNITIVE and text not in COGNITIVE_NAMES:
            self.problems.append(Problem(ProblemKind.UNKNOWN_LEVEL, "认知层次", text))
        return COGNITIVE.get(text) or (text if text in COGNITIVE_NAMES else COGNITIVE["理解"])

    def read_day(self, text: str, column: str) -> date | None:
        """A day as 2026-11-24, 2026/11/24, 2026.11.24 or 2026年11月24日."""
        match = DAY.match(unicodedata.normalize("NFKC", text).strip())
        try:
            if match:
                return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            pass
        if text:
            self.problems.append(Problem(ProblemKind.BAD_DATE, column, text))
        return None


def duplicates(mark: str, place: int, seen: dict[str, int], catalogue: Catalogue) -> list[Problem]:
    """Whether the same question stood earlier in the file or is in the bank."""
    found: list[Problem] = []
    first = seen.setdefault(mark, place)
    if first != place:
        found.append(Problem(ProblemKind.DUPLICATE_IN_FILE, "题干", str(first)))
    if mark in catalogue.known:
        found.append(Problem(ProblemKind.DUPLICATE_IN_BANK, "题干", catalogue.known[mark]))
    return found
