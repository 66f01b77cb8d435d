"""Aiken: a stem, options `A. …`, a line `ANSWER: B`; single choice only (pure, but for `read`)."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from exams.bank.bodies import SINGLE, Choice, options_from
from exams.bank.files import text_of
from exams.bank.formats.exchange import FilingNames, ReadQuestion
from exams.bank.problems import Problem, ProblemKind
from exams.bank.wording import LETTERS, USUAL_POINTS, QuestionContent

OPTION = re.compile(r"^([A-ZＡ-Ｚ])\s*[.)．）]\s*(.*)$")
ANSWER = re.compile(r"^ANSWER\s*[:：]\s*(.*)$", re.IGNORECASE)


def read(path: Path) -> Iterator[ReadQuestion]:
    """The questions of an Aiken file. Raises UnreadableFile."""
    return questions_in_text(text_of(path))


def questions_in_text(text: str) -> Iterator[ReadQuestion]:
    """Every question, complete or not: it ends with its ANSWER line, or where a blank line follows its options."""
    number, lines = 1, list[str]()
    for raw in [*text.splitlines(), ""]:
        line = raw.strip()
        if line:
            lines.append(line)
        ends = bool(ANSWER.match(line)) or (not line and any(OPTION.match(kept) for kept in lines))
        if ends and lines:
            yield question_of(lines, number)
            number, lines = number + 1, []
    if lines:
        yield question_of(lines, number)


def question_of(lines: list[str], number: int) -> ReadQuestion:
    """One question; what does not fit is said."""
    stem, options, answer, problems = list[str](), list[str](), "", list[Problem]()
    for line in lines:
        option, key = OPTION.match(line), ANSWER.match(line)
        if key:
            answer = unicodedata.normalize("NFKC", key[1]).strip().upper()
        elif option and unicodedata.normalize("NFKC", option[1]) == LETTERS[len(options) : len(options) + 1]:
            options.append(option[2].strip())
        elif option and options:
            problems.append(Problem(ProblemKind.UNREADABLE, "选项", line[:100]))
        elif options:
            problems.append(Problem(ProblemKind.UNREADABLE, "", line[:100]))
        else:
            stem.append(line)
    key_ids = (f"o{LETTERS.index(answer) + 1}",) if len(answer) == 1 and answer in LETTERS else ()
    if answer and not key_ids:
        problems.append(Problem(ProblemKind.ANSWER_UNREADABLE, "答案", answer[:100]))
    content = QuestionContent(
        SINGLE, "\n".join(stem), Choice(options_from(options), key_ids), "", USUAL_POINTS[SINGLE]
    )  # fmt: skip
    return ReadQuestion(number, content, FilingNames(), tuple(problems))
