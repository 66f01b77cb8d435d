"""What makes a question whole, and what makes two the same."""

from dataclasses import replace
from decimal import Decimal

from exams.bank.bodies import Choice, Truth, options_from
from exams.bank.problems import ProblemKind
from exams.bank.soundness import content_problems
from exams.bank.wording import QuestionContent, fingerprint, fingerprint_of

SINGLE = QuestionContent(
    type="single",
    stem="进入污水池清淤前，第一步做什么？",
    body=Choice(options_from(["先下人看", "先通风", "先吃饭"]), ("o2",)),
    explanation="先通风、再检测、后作业。",
    points=Decimal(2),
)
TRUTH = replace(SINGLE, type="true_false", stem="短租户不用检查。", body=Truth("false"))
OPTIONS = SINGLE.body.options


def with_key(content, *key):
    return replace(content, body=replace(content.body, key=key))


def kinds(content):
    return [problem.kind for problem in content_problems(content)]


def test_whole_questions_have_no_problems():
    assert kinds(SINGLE) == kinds(TRUTH) == kinds(replace(with_key(SINGLE, "o1", "o2"), type="multiple")) == []


def test_every_problem_is_named_at_once():
    broken = replace(SINGLE, stem="", body=Choice(options_from(["甲", "", "甲"]), ("o7",)), points=Decimal(0))
    assert kinds(broken) == [
        ProblemKind.BLANK_STEM,
        ProblemKind.OPTION_GAP,
        ProblemKind.SAME_OPTIONS,
        ProblemKind.ANSWER_PAST_LAST,
        ProblemKind.BAD_POINTS,
    ]


def test_key_count_fits_the_type():
    assert kinds(with_key(SINGLE, "o1", "o2")) == [ProblemKind.ANSWER_COUNT]
    assert kinds(replace(with_key(SINGLE, "o1"), type="multiple")) == [ProblemKind.ANSWER_COUNT]
    assert kinds(with_key(SINGLE)) == [ProblemKind.BLANK_ANSWER]


def test_blank_options_at_the_end_do_not_count():
    assert [option.text for option in options_from(["甲", "乙", "", ""])] == ["甲", "乙"]


def test_same_question_typed_differently_has_one_fingerprint():
    one = fingerprint("进入污水池清淤前，第一步做什么？", ["先通风", "先下人看"])
    assert one == fingerprint("进入污水池清淤前,第一步 做什么?", ["先下人看。", "先通风"])
    assert one == fingerprint("进入污水池清淤前，第一步做什么（　　）", ["先通风", "先下人看"])


def test_common_stem_with_other_options_is_another_question():
    assert fingerprint("下列说法正确的是", ["甲", "乙"]) != fingerprint("下列说法正确的是", ["甲", "丙"])


def test_numbers_keep_their_point():
    assert fingerprint("浓度不低于1.5%", []) != fingerprint("浓度不低于15%", [])


def test_true_false_is_told_apart_by_stem_alone():
    assert fingerprint_of(TRUTH) == fingerprint(TRUTH.stem, [])
