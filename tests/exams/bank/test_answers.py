"""The answer column as people write it."""

import pytest

from exams.bank.answers import UnreadableAnswer, parse_answer

FOUR = ["甲", "乙", "丙", "丁"]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("B", ("o2",)),
        ("b", ("o2",)),
        ("Ｂ", ("o2",)),
        (" B ", ("o2",)),
        ("AB", ("o1", "o2")),
        ("A,B", ("o1", "o2")),
        ("A，B", ("o1", "o2")),
        ("A、B", ("o1", "o2")),
        ("Ａ、Ｂ", ("o1", "o2")),
        ("A B", ("o1", "o2")),
        ("A;B；C", ("o1", "o2", "o3")),
        ("A/B|C", ("o1", "o2", "o3")),
        ("DCA", ("o1", "o3", "o4")),
        ("", ()),
        ("   ", ()),
    ],
)
def test_letters_are_read_in_every_usual_form(written, key):
    assert parse_answer(written, question_type="multiple", options=FOUR) == key


@pytest.mark.parametrize("written", ["甲甲", "1", "A1", "AAB", "A和B", "正确", "K", "甲、乙"])
def test_what_is_no_letter_is_unreadable(written):
    with pytest.raises(UnreadableAnswer):
        parse_answer(written, question_type="single", options=FOUR)


@pytest.mark.parametrize("written", ["对", "正确", "√", "✓", "T", "t", "True", "TRUE", "Ｔ", "Y", "yes", "是", "对。"])
def test_words_and_signs_for_true(written):
    assert parse_answer(written, question_type="true_false", options=[]) == ("true",)


@pytest.mark.parametrize("written", ["错", "错误", "×", "✗", "x", "F", "false", "Ｆ", "N", "否", "不正确"])
def test_words_and_signs_for_false(written):
    assert parse_answer(written, question_type="true_false", options=[]) == ("false",)


def test_letter_of_a_true_false_question_is_read_through_its_options():
    assert parse_answer("A", question_type="true_false", options=["正确", "错误"]) == ("true",)
    assert parse_answer("B", question_type="true_false", options=["正确", "错误"]) == ("false",)
    assert parse_answer("A", question_type="true_false", options=["错", "对"]) == ("false",)


def test_letter_of_a_true_false_question_without_options_is_unreadable():
    with pytest.raises(UnreadableAnswer):
        parse_answer("A", question_type="true_false", options=[])
