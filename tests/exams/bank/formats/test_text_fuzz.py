"""Whatever stands in a text or in a packed file: readers give questions or refuse, they never fall over."""

import io
import random

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exams.bank.bodies import TYPES
from exams.bank.files import UnreadableFile
from exams.bank.formats import aiken, gift, numbered
from exams.bank.formats.answer_cells import read_body
from exams.bank.formats.opening import opened
from exams.bank.formats.question_lines import Line
from exams.bank.importing import Catalogue, check_questions
from tests.exams.bank.formats.test_messy_sheets import HEAD, ROW, book
from tests.exams.bank.formats.test_sheet_round_trip import png

CATALOGUE = Catalogue(topics={"有限空间作业": 1}, industries={}, clauses={}, default_topic=1)
WORDS = [
    "答案：", "解析：", "【答案】", "一、单选题", "案例题", "1.", "2、", "（1）", "①", "A.", "B、", "(C)", "A", "对",
    "√", "（ B ）", "=", "~", "{", "}", "#", "####", "->", "=>", "%50%", "%-1%", "::", "//", "[html]", "<p>", "____",
    "$CATEGORY: a/b", "ANSWER: A", "\n", "\n\n", " ", "\t", "\\", "；", "|", "矩形(1,2,3,4)", "容差(9999)", "(999)",
    "..", "±", "\ue000", "\ue001", "要点：", "分值：", "小题·单选题", "T", "F", "3:2", "1..5",
]  # fmt: skip
messy = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=4)), max_size=30).map("".join)
quick = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@quick
@given(messy)
def test_any_text_is_read_by_every_text_reader(text):
    for questions in (
        gift.questions_in_text(text),
        aiken.questions_in_text(text),
        numbered.questions_in_lines(Line(n, line) for n, line in enumerate(text.split("\n"), start=1)),
    ):
        assert all(row.draft is not None or row.problems for row in check_questions(questions, CATALOGUE))


@quick
@given(st.sampled_from([*TYPES, ""]), st.lists(messy, max_size=4), messy, messy)
def test_any_cells_make_a_body_or_problems(type_, options, answer, stem):
    read_body(type_, options, answer, stem)


@pytest.mark.parametrize("kind", ["book", "document"])
def test_packed_files_with_broken_bytes_are_read_or_refused(tmp_path, kind):
    if kind == "book":
        data = book(tmp_path / "b.xlsx", ("题", [HEAD, ROW], [(1, 0, 2, 0)])).read_bytes()
    else:
        document = Document()
        document.add_paragraph("1. 一？", style="List Number")
        document.add_paragraph("").add_run().add_picture(io.BytesIO(png()))
        document.add_table(rows=2, cols=2)
        document.save(str(tmp_path / "d.docx"))
        data = (tmp_path / "d.docx").read_bytes()
    chance = random.Random(7)
    refused = 0
    for _ in range(120):
        broken = bytearray(data)
        for _ in range(chance.randrange(1, 6)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        path = tmp_path / "broken"
        path.write_bytes(
            broken[: chance.randrange(len(broken) // 2, len(broken) + 1)] if chance.random() < 0.3 else broken
        )
        try:
            with opened(path, topics=frozenset(CATALOGUE.topics)) as file:
                list(check_questions(file.questions(), CATALOGUE))
        except UnreadableFile:
            refused += 1
    assert refused > 30
