"""What the bank writes into the sheet of the trade comes back equal, whatever the texts hold."""

import hashlib
import io
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from exams.bank.bodies import Choice, FillIn, Matching, RubricPoint, ShortAnswer, options_from, stored
from exams.bank.formats.book import WRITTEN, write_book
from exams.bank.formats.exchange import FilingNames, WrittenQuestion
from exams.bank.formats.opening import opened
from exams.bank.formats.sheet import SheetRow, questions_in, rows_of_question
from exams.bank.sheet import cell_text, guarded
from exams.bank.wording import QuestionContent
from tests.exams.bank.contents import contents, texts


def png(shade: int = 0) -> bytes:
    """A small picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (8, 6), (shade, 10, 20)).save(buffer, "PNG")
    return buffer.getvalue()


PICTURE = png()
DIGEST = hashlib.sha256(PICTURE).hexdigest()


@st.composite
def names(draw) -> FilingNames:
    """Filing with names of any text."""
    several = st.lists(texts(), max_size=3, unique=True).map(tuple)
    return FilingNames(
        topic=draw(texts()),
        difficulty=draw(st.sampled_from("12345")),
        industries=draw(several),
        categories=draw(several),
        clauses=draw(several),
        cognitive=draw(st.sampled_from(["remember", "understand", "apply", "analyse"])),
        enemy_group=draw(st.one_of(st.just(""), texts())),
        effective_from=draw(st.sampled_from(["", "2026-01-02"])),
        effective_to=draw(st.sampled_from(["", "2026-12-31"])),
    )


@st.composite
def written(draw) -> WrittenQuestion:
    """A whole question with filing, source and (a hotspot) its picture."""
    content = draw(contents())
    content = replace(content, source=draw(st.one_of(st.just(""), texts())))
    if content.type == "hotspot":
        content = replace(content, picture=DIGEST)
        return WrittenQuestion("Q000001", content, draw(names()), PICTURE, "image/png")
    return WrittenQuestion("Q000001", content, draw(names()))


def facts(content: QuestionContent) -> tuple:
    """What must not change."""
    return (
        content.type, content.stem, stored(content.body), content.explanation, content.points, content.source,
        content.picture, content.picture_alt,
    )  # fmt: skip


def back_through_cells(question: WrittenQuestion) -> list:
    """Written into cells and read again, without a file."""
    name = "pictures/a.png" if question.picture else ""
    rows = [
        SheetRow(place, {column: cell_text(guarded(text)) for column, text in row.items() if text}, ())
        for place, row in enumerate(rows_of_question(question, name), start=2)
    ]
    return list(questions_in(rows, pictures=lambda asked: question.picture if asked == name else b""))


def simple(stem: str, body, type_: str = "single", explanation: str = "") -> WrittenQuestion:
    from decimal import Decimal

    return WrittenQuestion("Q1", QuestionContent(type_, stem, body, explanation, Decimal(2)), FilingNames(topic="a"))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(written())
@example(simple("s", Choice(options_from(["A. 甲", "B. 乙"]), ("o1",))))
@example(simple("=1+1", Choice(options_from(["'=1", "-1", "''+2"]), ("o1",))))
@example(
    simple(
        "a____b____",
        FillIn(
            (("a；b", "c|d\\"), ("｜", "\\;")),
        ),
        "fill_in",
    )
)
@example(simple("第一行\n第二行", ShortAnswer((RubricPoint("1. 甲\n乙"), RubricPoint("2. 丙(3)"))), "short_answer"))
@example(simple("s", Matching((("a=>b", "=>c"), ("A. x", "\\=>")), ("A. y",)), "matching"))
@example(simple("s", Matching((("A. x", "1"), ("B. y", "2")), ("C. z",)), "matching"))
def test_every_question_comes_back_equal(question):
    [again] = back_through_cells(question)
    assert facts(again.content) == facts(question.content)
    assert again.names == question.names
    assert (again.problems, again.losses, again.picture) == ((), (), question.picture)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(written(), min_size=1, max_size=6))
def test_a_file_of_questions_comes_back_equal(tmp_path_factory, questions):
    target = tmp_path_factory.mktemp("book") / "bank"
    assert write_book(questions, target) == []
    with opened(target, topics=frozenset()) as file:
        again = list(file.questions())
    assert [facts(one.content) for one in again] == [facts(one.content) for one in questions]
    assert [one.names for one in again] == [one.names for one in questions]
    assert [one.problems for one in again] == [()] * len(questions)
    assert file.kind == ("bundle" if any(one.picture for one in questions) else "xlsx")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "'=1", "''-1", "a", "'a", ""])
def test_guard_makes_every_formula_text_and_is_taken_away_exactly(text):
    assert not guarded(text).startswith(("=", "+", "-", "@"))
    assert cell_text(guarded(text)) == text


def test_eleventh_line_of_a_matching_goes_into_the_answer_column():
    pairs = tuple((f"左{n}", f"右{n}") for n in range(10))
    question = simple("配对", Matching(pairs, ("多余",)), "matching")
    [row] = rows_of_question(question)
    assert (row["选项J"], row["答案"]) == ("左9=>右9", "=>多余")
    [again] = back_through_cells(question)
    assert again.content.body == question.content.body


def test_question_longer_than_a_cell_is_left_out_and_said(tmp_path):
    left = write_book([simple("长" * 40_000, Choice(options_from(["甲", "乙"]), ("o1",)))], tmp_path / "b")
    assert [(one.code, one.whole) for one in left] == [("Q1", True)]


def test_columns_are_those_of_the_trade_and_more():
    assert WRITTEN[:3] == ("题号", "题型", "题干")
    assert WRITTEN[-3:] == ("来源", "图片", "图片说明")
