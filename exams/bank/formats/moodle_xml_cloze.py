"""Moodle's cloze questions, whose answers stand inside the text: `{1:SHORTANSWER:=通风~=换气}` (pure).

A text with blanks only is a fill-in question. Where menus are among them, each place becomes a sub-question of a case.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from exams.bank.bodies import CASE, FILL_IN, MULTIPLE, SINGLE, Case, Choice, FillIn, Part, options_from
from exams.bank.formats.drafts import Draft
from exams.bank.formats.html_text import cleaned, read_html, shortened
from exams.bank.formats.moodle_xml_types import without_wildcards
from exams.bank.formats.number_ranges import form_from, value_and_tolerance
from exams.bank.problems import ProblemKind
from exams.bank.responses import BLANK

MOST_WORK = 20_000_000  # an unclosed "{" makes the search read to the end
PLACE = re.compile(r"\{\s*(\d{0,3})\s*:\s*([A-Za-z_]{1,20})\s*:((?:\\.|[^\\}])*)\}", re.DOTALL)
ANSWER = re.compile(r"(=|%(-?\d{1,3}(?:[.,]\d{1,5})?)%)?(.*?)(?:(?<![\\&])#(.*))?", re.DOTALL)
SHORT = frozenset({"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"})
EXACT_CASE = frozenset({"SHORTANSWER_C", "SAC", "MWC"})
NUMBERS = frozenset({"NUMERICAL", "NM"})
MENUS = frozenset({"MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH", "MULTICHOICE_S", "MCS",
                   "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"})  # fmt: skip
TICKS = frozenset({"MULTIRESPONSE", "MR", "MULTIRESPONSE_H", "MRH", "MULTIRESPONSE_S", "MRS", "MULTIRESPONSE_HS",
                   "MRHS"})  # fmt: skip
SPECIAL = '\\}{~#"/=%&<>'


@dataclass(frozen=True, slots=True)
class Gap:
    """One place of a cloze text: what it weighs, its kind, its answers as raw text with their percentage."""

    weight: int
    kind: str
    answers: tuple[tuple[str, Decimal], ...]
    feedback: bool


def gaps_in(fragment: str) -> list[Gap] | None:
    """The places of a text in order; None when it would take too long to look."""
    if fragment.count("{") * len(fragment) > MOST_WORK:
        return None
    return [Gap(int(match[1] or 1), match[2].upper(), *answers_in(match[3])) for match in PLACE.finditer(fragment)]


def answers_in(text: str) -> tuple[tuple[tuple[str, Decimal], ...], bool]:
    """The alternatives of a place, and whether any has feedback."""
    found, feedback = [], False
    for piece in re.split(r"(?<!\\)~", text)[:100]:
        match = ANSWER.fullmatch(piece)
        if not match or not match[3].strip():
            continue
        percent = Decimal(100) if match[1] == "=" else Decimal((match[2] or "0").replace(",", "."))
        found.append((re.sub(r"\\([~#}])", r"\1", match[3]), percent))
        feedback |= bool(match[4])
    return tuple(found), feedback


def read_cloze(raw: str, draft: Draft, spellings: Sequence[str]) -> None:
    """Fill in a draft from the raw question text; the stem is set too."""
    gaps = gaps_in(raw)
    known = SHORT | NUMBERS | MENUS | TICKS
    if not gaps or any(gap.kind not in known for gap in gaps):
        draft.fail(ProblemKind.NOT_SUPPORTED, "题型", "cloze" if gaps else "cloze：没有空")
        draft.stem = read_html(raw).text
        return
    if any(gap.feedback for gap in gaps):
        draft.lose("逐项反馈")
    draft.points = Decimal(sum(gap.weight for gap in gaps))
    if all(gap.kind in SHORT | NUMBERS for gap in gaps):
        if len({gap.weight for gap in gaps}) > 1:
            draft.lose("各空的分值不同，按相同分值读入")
        draft.type = FILL_IN
        draft.stem = read_html(PLACE.sub(BLANK, raw)).text
        draft.body = FillIn(tuple(blank_forms(gap, draft, spellings) for gap in gaps))
        return
    draft.type = CASE
    number = iter(range(1, len(gaps) + 1))
    draft.stem = read_html(PLACE.sub(lambda _: f"（{next(number)}）", raw)).text
    draft.body = Case(tuple(part_of(n, gap, draft, spellings) for n, gap in enumerate(gaps, start=1)))


def part_of(number: int, gap: Gap, draft: Draft, spellings: Sequence[str]) -> Part:
    """A place as a sub-question; its stem is its number in the text."""
    weight = Decimal(gap.weight)
    if gap.kind in SHORT | NUMBERS:
        body = FillIn((blank_forms(gap, draft, spellings),))
        return Part(f"p{number}", FILL_IN, f"（{number}）{BLANK}", body, weight)
    return Part(f"p{number}", MULTIPLE if gap.kind in TICKS else SINGLE, f"（{number}）", menu_body(gap, draft), weight)


def menu_body(gap: Gap, draft: Draft) -> Choice:
    """A place to choose at; what earns all is right, with several ticks what earns anything."""
    options = options_from([read_html(text).text for text, _ in gap.answers])
    best = Decimal(100) if gap.kind in MENUS else Decimal("0.00001")
    right = [place for place, (_, percent) in enumerate(gap.answers) if percent >= best]
    if gap.kind in MENUS and any(0 < percent < 100 for _, percent in gap.answers):
        draft.lose("部分得分的选项")
    return Choice(options, tuple(options[place].id for place in right if place < len(options)))


def blank_forms(gap: Gap, draft: Draft, spellings: Sequence[str]) -> tuple[str, ...]:
    """The accepted forms of a place."""
    forms = []
    if gap.kind in EXACT_CASE:
        draft.lose("区分大小写")
    for raw, percent in gap.answers:
        text = cleaned(html.unescape(raw))
        if percent != 100:
            if percent > 0:
                draft.lose(f"部分得分的答案：{shortened(text)}")
            continue
        if gap.kind in SHORT:
            forms.append(without_wildcards(text, draft))
            continue
        value, _, tolerance = text.partition(":")
        form = form_from(value, tolerance, spellings)
        if form is None:
            draft.fail(ProblemKind.ANSWER_UNREADABLE, "答案", text)
        else:
            forms.append(form)
    return tuple(dict.fromkeys(forms))


def gap_of(forms: Sequence[str]) -> str:
    """A blank with its accepted forms as Moodle writes it."""
    spans = [value_and_tolerance(form) for form in forms]
    if all(spans):
        inner = "~".join(f"={span[0]}:{span[1]}" for span in spans if span)
        return f"{{1:NUMERICAL:{inner}}}"
    inner = "~".join("=" + protected(form.replace("*", "\\*")) for form in forms)
    return f"{{1:SHORTANSWER:{inner}}}"


def protected(form: str) -> str:
    """A form without the characters that mean something to Moodle; the backslash before a star is Moodle's own."""
    escaped = "".join(f"&#{ord(char)};" if char in SPECIAL else char for char in form.replace("\\*", "\0"))
    return escaped.replace("\0", "\\*")
