"""Aiken."""

from exams.bank.bodies import Choice, options_from
from exams.bank.files import AIKEN, kind_of
from exams.bank.formats.aiken import questions_in_text, read
from exams.bank.problems import ProblemKind as K
from exams.bank.soundness import content_problems

GOOD = "第一步做什么？\nA. 先下人\nB) 先通风\nANSWER: B\n"


def test_question_with_its_options(tmp_path):
    path = tmp_path / "aiken.unknown"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert kind_of(path) == AIKEN
    [question] = read(path)
    assert question.content.body == Choice(options_from(["先下人", "先通风"]), ("o2",))
    assert (question.content.type, question.content.stem) == ("single", "第一步做什么？")


def test_stem_of_several_lines_and_questions_without_blank_lines():
    first, second = questions_in_text("案情。\n第一步？\nA. 甲\nB. 乙\nANSWER: A\n第二步？\nA. 甲\nB. 乙\nANSWER: b")
    assert first.content.stem == "案情。\n第一步？"
    assert (second.place, second.content.body.key) == (2, ("o2",))


def test_everything_that_is_wrong_stays_with_its_question():
    blocks = [
        "没有答案\nA. 甲\nB. 乙", "答案过多\nA. 甲\nB. 乙\nANSWER: AB", "跳号\nA. 甲\nC. 丙\nANSWER: A", "只有题干",
    ]  # fmt: skip
    told = [
        [problem.kind for problem in (*question.problems, *content_problems(question.content))]
        for question in questions_in_text("\n\n".join(blocks))
    ]
    assert told == [
        [K.BLANK_ANSWER],
        [K.ANSWER_UNREADABLE, K.BLANK_ANSWER],
        [K.UNREADABLE, K.TOO_FEW_OPTIONS],
        [K.TOO_FEW_OPTIONS, K.BLANK_ANSWER],
    ]


def test_answer_past_the_last_option_is_found_later():
    [question] = questions_in_text("问？\nA. 甲\nB. 乙\nANSWER: D")
    assert [problem.kind for problem in content_problems(question.content)] == [K.ANSWER_PAST_LAST]
