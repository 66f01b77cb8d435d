"""A bank of any size: sentences of the starter bank put together anew, with invented words in a Zipf-like mix."""

import csv
import random
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

STARTER = Path(__file__).resolve().parents[2] / "exams" / "starter" / "questions"
WORDS = 30_000


@lru_cache
def parts() -> tuple[list[str], list[str]]:
    """Clauses of stems, and options, of the starter bank."""
    clauses: list[str] = []
    options: list[str] = []
    for path in sorted(STARTER.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as handle:
            for row in csv.DictReader(handle):
                clauses += [part for part in re.split("[，。：；？“”]", row["题干"]) if len(part) > 2]
                options += [row[f"选项{letter}"] for letter in "ABCDEF" if row[f"选项{letter}"]]
    return clauses, options


@lru_cache
def words() -> list[str]:
    """Invented words of two to four characters."""
    chance = random.Random(11)
    return ["".join(chr(0x4E00 + chance.randrange(3000)) for _ in range(chance.randint(2, 4))) for _ in range(WORDS)]


def word(chance: random.Random) -> str:
    """One of them; the first are common, the last rare."""
    return words()[int(WORDS ** chance.random()) - 1]


def contents(count: int, seed: int = 1) -> Iterator[Any]:
    """Whole questions: six in ten with four options, the others true or false."""
    from exams.bank.bodies import Choice, Truth, options_from
    from exams.bank.wording import QuestionContent

    clauses, options = parts()
    chance = random.Random(seed)
    for _ in range(count):
        pieces = [chance.choice(clauses)[:24], *(word(chance) for _ in range(4)), chance.choice(clauses)[:24]]
        chance.shuffle(pieces)
        stem = "，".join(("".join(pieces[:3]), "".join(pieces[3:])))
        if chance.random() < 0.6:
            texts = [text[:20] + word(chance) for text in chance.sample(options, 4)]
            body: Any = Choice(options_from(texts), (f"o{chance.randint(1, 4)}",))
            kind = "single"
        else:
            body, kind = Truth("true"), "true_false"
        yield QuestionContent(kind, stem, body, f"依据：{chance.choice(clauses)}", Decimal(2))


def edited(content: Any, chance: random.Random) -> Any:
    """The same question with a word changed."""
    from dataclasses import replace

    place = chance.randrange(len(content.stem) - 2)
    return replace(content, stem=content.stem[:place] + "严禁" + content.stem[place + 2 :])


def fill_bank(count: int) -> None:
    """So many questions through the importer's own writing, with topics, industries, clauses, all statuses."""
    from exams.bank.formats.exchange import FilingNames, ReadQuestion
    from exams.bank.import_actions import BATCH
    from exams.bank.import_writing import write_questions
    from exams.bank.importing import CheckedRow, QuestionDraft
    from exams.bank.models import Question, QuestionStatus, Topic
    from exams.bank.wording import fingerprint_of
    from lms.kit.clock import current_time
    from lms.organisations.models import Industry
    from tests.factories.exams import clause

    chance = random.Random(5)
    topics = [Topic.objects.get_or_create(name=f"知识点 {n}", defaults={"position": n})[0].pk for n in range(40)]
    industries = list(Industry.objects.values_list("pk", flat=True))
    tested = [clause(f"gm10-{n // 10 + 1:02}-{n % 10 + 1:02}").pk for n in range(120)]
    rows: list[CheckedRow] = []
    statuses = [QuestionStatus.PUBLISHED] * 17 + [QuestionStatus.REVIEW, QuestionStatus.DRAFT, QuestionStatus.RETIRED]

    def flush() -> None:
        write_questions(
            rows=rows, source=None, status=chance.choice(statuses), origin="bench", by=None, now=current_time()
        )

    for number, content in enumerate(contents(count), start=1):
        draft = QuestionDraft(
            content, fingerprint_of(content), chance.choice(topics), chance.randint(1, 5), "understand",
            industry_ids=tuple(chance.sample(industries, 2)) if industries and chance.random() < 0.5 else (),
            clause_ids=(chance.choice(tested),) if chance.random() < 0.4 else (),
        )  # fmt: skip
        rows.append(CheckedRow(number, draft, (), ReadQuestion(number, content, FilingNames())))
        if len(rows) == BATCH:
            flush()
            rows = []
    if rows:
        flush()
    assert Question.objects.count() == count
