"""Writing GIFT: what the bank knows beyond it goes into comments, what it cannot hold is left out and listed."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from exams.bank.bodies import TRUE, Choice, FillIn, Matching, ShortAnswer, Truth, plain
from exams.bank.formats import escapes
from exams.bank.formats.answer_cells import rubric_cell
from exams.bank.formats.exchange import LeftOut, WrittenQuestion
from exams.bank.formats.filing_words import pairs_of
from exams.bank.formats.gift_text import WEIGHT, escaped, written
from exams.bank.formats.words import TYPE_NAMES
from exams.bank.responses import BLANK, BLANK_RUN

ARROW = "->"
NUMBER = r"[+-]?\d+(?:\.\d+)?"
SPAN = re.compile(rf"^{NUMBER}(\.\.|±){NUMBER}$", re.ASCII)
ONE = re.compile(rf"^{NUMBER}$", re.ASCII)


class CannotHold(ValueError):
    """GIFT has no form for this question; the text says why."""


def write(questions: Iterable[WrittenQuestion], target: Path) -> list[LeftOut]:
    """Write a GIFT file; returns what it does not hold."""
    left: list[LeftOut] = []
    with target.open("w", encoding="utf-8", newline="\n") as file:
        for question in questions:
            try:
                lines = lines_of(question)
            except CannotHold as error:
                left.append(LeftOut(question.code, str(error), whole=True))
                continue
            if question.content.picture:
                left.append(LeftOut(question.code, "图片", whole=False))
            file.write("\n".join(lines) + "\n\n")
    return left


def lines_of(question: WrittenQuestion) -> Iterator[str]:
    """Comments, then the question in one line."""
    content = question.content
    comments = [*pairs_of(question.names), ("points", plain(content.points))]
    comments += [("source", content.source)] if content.source else []
    if isinstance(content.body, ShortAnswer):
        comments.append(("rubric", rubric_cell(content.body)))
    explanation = f"####{written(content.explanation)}" if content.explanation else ""
    before, answers, after = halves(question)
    text = f"::{escaped(question.code)}::{before}{{{answers}{explanation}}}{after}"
    return iter([*(f"// [{key}:{escapes.escaped(value, '')}]" for key, value in comments), text])


def halves(question: WrittenQuestion) -> tuple[str, str, str]:
    """Stem before the braces, answers, stem after them. Raises CannotHold."""
    content = question.content
    stem, body = "[plain]" + escaped(content.stem), content.body
    if isinstance(body, Choice):
        return stem, options_text(body), ""
    if isinstance(body, Truth):
        return stem, "T" if body.key == TRUE else "F", ""
    if isinstance(body, Matching):
        return stem, pairs_text(body), ""
    if isinstance(body, ShortAnswer):
        return stem, "", ""
    if isinstance(body, FillIn):
        return fill_in_text(content.stem, body)
    raise CannotHold(f"GIFT 没有{TYPE_NAMES[content.type]}")


def options_text(body: Choice) -> str:
    """The options: = and ~ for one right one, weights for several."""
    share = f"%{100 / len(body.key):.5f}".rstrip("0").rstrip(".") + "%" if body.key else ""
    several = len(body.key) > 1
    lines = []
    for option in body.options:
        right = option.id in body.key
        weight = (share if right else "%-100%") if several else ""
        lines.append(
            f"{'=' if right and not several else '~'}{weight or guard(option.text, right=right)}{written(option.text)}"
        )
    return " ".join(lines)


def guard(text: str, *, right: bool) -> str:
    """An explicit weight in front of a text that begins like one."""
    return ("%100%" if right else "%0%") if WEIGHT.match(text) else ""


def pairs_text(body: Matching) -> str:
    """The pairs; a target that belongs to none stands alone on the right."""
    if any(ARROW in left for left, _ in body.pairs):
        raise CannotHold("匹配题左边的 -> 会被 GIFT 当成分隔")
    lines = [f"={written(left)} {ARROW} {written(right)}" for left, right in body.pairs]
    return " ".join([*lines, *(f"= {ARROW} {written(lure)}" for lure in body.lures)])


def fill_in_text(stem: str, body: FillIn) -> tuple[str, str, str]:
    """One blank between the halves of the stem, with its accepted forms."""
    if len(body.blanks) != 1:
        raise CannotHold("GIFT 一题只能有一个空")
    runs = BLANK_RUN.findall(stem)
    if runs != [BLANK]:
        raise CannotHold(f"GIFT 不能保留这样的空：{'、'.join(runs)}")
    before, _, after = stem.partition(BLANK)
    forms = body.blanks[0]
    if any(SPAN.match(form) for form in forms) and all(SPAN.match(form) or ONE.match(form) for form in forms):
        return (
            "[plain]" + escaped(before),
            "#" + " ".join(f"={form.replace('±', ':')}" for form in forms),
            escaped(after),
        )
    return (
        "[plain]" + escaped(before),
        " ".join(f"={guard(form, right=True)}{written(form)}" for form in forms),
        escaped(after),
    )
