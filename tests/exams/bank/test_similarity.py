"""Near-duplicates: exactly those that comparing all with all finds, and what counts as alike."""

import csv
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exams.bank.bodies import Choice, Truth, options_from
from exams.bank.similarity import ALIKE, Match, SimilarTexts, comparable, likeness
from exams.bank.starter import starter_files
from exams.bank.wording import USUAL_POINTS, QuestionContent


def question(stem, *options):
    body = Choice(options_from(options), ("o1",)) if options else Truth("true")
    kind = "single" if options else "true_false"
    return QuestionContent(type=kind, stem=stem, body=body, explanation="", points=USUAL_POINTS[kind])


def starter():
    """The questions that come with the product."""
    found = []
    for path in starter_files():
        if path.is_dir():
            continue
        with path.open(encoding="utf-8-sig", newline="") as handle:
            for row in csv.DictReader(handle):
                found.append(question(row["题干"], *(row[f"选项{c}"] for c in "ABCDEF" if row[f"选项{c}"])))
    return found


def changed_word(content, chance):
    place = chance.randrange(len(content.stem) - 1)
    return replace(content, stem=content.stem[:place] + "某某" + content.stem[place + 2 :])


def swapped(content, chance):
    if not isinstance(content.body, Choice):
        return content
    texts = [option.text for option in content.body.options]
    chance.shuffle(texts)
    return replace(content, body=Choice(options_from(texts), content.body.key))


def punctuated(content, chance):
    place = chance.randrange(len(content.stem))
    return replace(content, stem=f"（{content.stem[:place]}，{content.stem[place:]}）")


def forbidden(content, chance):
    return replace(content, stem=content.stem.replace("不得", "严禁").replace("应当", "必须"))


def brute_force(texts, known, earlier=()):
    """The most alike of all, the first of several."""
    found = []
    for place, text in enumerate(texts):
        rivals = [*known, *(texts[:place] if earlier else ())]
        best = max(((likeness(text, other), -n) for n, other in enumerate(rivals)), default=(0.0, 0))
        found.append(Match(str(-best[1]), best[0]) if best[0] >= ALIKE else None)
    return found


@pytest.mark.parametrize("edit", [swapped, punctuated, forbidden])
def test_edits_that_change_no_meaning_are_found_in_every_question_of_the_starter_bank(edit):
    chance = random.Random(3)
    contents = starter()
    texts = SimilarTexts()
    texts.add_many((str(n), comparable(content)) for n, content in enumerate(contents))
    found = texts.similar_many([comparable(edit(content, chance)) for content in contents])
    assert [match.label if match else None for match in found] == [str(n) for n in range(len(contents))]


def test_a_changed_word_is_found_in_all_but_the_shortest_questions():
    chance = random.Random(4)
    contents = starter()
    texts = SimilarTexts()
    texts.add_many((str(n), comparable(content)) for n, content in enumerate(contents))
    found = texts.similar_many([comparable(changed_word(content, chance)) for content in contents])
    missed = [n for n, match in enumerate(found) if match is None or match.label != str(n)]
    # Missed are those whose only number was hit: such questions count as different.
    assert len(missed) <= 0.02 * len(contents)


def test_search_finds_exactly_what_comparing_all_with_all_finds():
    chance = random.Random(5)
    contents = starter()
    known = [comparable(content) for content in contents]
    asked = [comparable(changed_word(changed_word(content, chance), chance)) for content in contents[::3]]
    texts = SimilarTexts()
    texts.add_many((str(n), text) for n, text in enumerate(known))
    assert texts.similar_many(asked) == brute_force(asked, known)
    assert [texts.similar(text) for text in asked[:20]] == brute_force(asked[:20], known)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.text("安全生产通风1.5\n", max_size=14), max_size=25),
    st.sampled_from([0.3, 0.5, ALIKE, 0.9, 1.0]),
)
def test_search_is_exact_for_any_texts_and_threshold(known, threshold):
    texts = SimilarTexts(threshold)
    found = texts.check_many([(str(n), text) for n, text in enumerate(known)])
    for place, match in enumerate(found):
        best = max(((likeness(known[place], other), -n) for n, other in enumerate(known[:place])), default=(0.0, 0))
        expected = Match(str(-best[1]), best[0]) if best[0] >= threshold else None
        assert match == expected


def test_texts_added_one_by_one_between_look_ups_are_found_at_once():
    texts = SimilarTexts()
    contents = starter()[:40]
    for number, content in enumerate(contents):
        text = comparable(content)
        texts.add(str(number), text)
        assert texts.similar(text) == Match(str(number), 1.0)
    assert len(texts) == 40


def test_batches_find_earlier_texts_of_the_same_batch_and_of_batches_before():
    texts = SimilarTexts()
    first = texts.check_many([("a", "进入污水池前先通风"), ("b", "进入污水池前要先通风"), ("c", "砂轮机的防护罩")])
    assert [match.label if match else None for match in first] == [None, "a", None]
    second = texts.check_many([("d", "砂轮机的防护罩子"), ("e", "每天开一次晨会")])
    assert [match.label if match else None for match in second] == ["c", None]


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("作业场所可燃气体浓度超过1.5%时应当停止作业", "作业场所可燃气体浓度超过15%时应当停止作业", False),
        ("每班作业人员为1~5人时应当设监护人", "每班作业人员为15人时应当设监护人", False),
        ("作业现场应设置警示标志并安排专人监护", "作业现场不应设置警示标志并安排专人监护", True),
        ("按照《安全生产法》应当建立责任制", "按照《安全生产法》（2021年）应当建立责任制", True),
        ("受限空间内不得使用明火照明", "受限空间内严禁使用明火照明", True),
        ("Ｐ级区域应当定期检测", "p级区域, 应当定期检测。", True),
        ("下列说法正确的是", "砂轮机使用前应当检查防护罩", False),
    ],
)
def test_what_counts_as_alike(first, second, alike):
    one, other = comparable(question(first)), comparable(question(second))
    assert (likeness(one, other) >= ALIKE) is alike


def test_common_stem_with_other_options_is_another_question():
    stem = "下列说法正确的是？"
    one = question(stem, "进入前先通风再检测", "可以用氧气吹扫", "一个人就能下去", "不用监护")
    other = question(stem, "砂轮机要有防护罩", "可以戴手套操作", "托架间隙不限", "砂轮受潮也能用")
    assert likeness(comparable(one), comparable(other)) < ALIKE


def test_an_empty_bank_and_empty_texts_match_nothing():
    texts = SimilarTexts()
    assert texts.similar("进入前先通风") is None
    assert texts.check_many([]) == []
    texts.add("a", "")
    assert texts.similar("") is None


@pytest.mark.parametrize("threshold", [0, -1, 1.01])
def test_a_threshold_outside_of_0_to_1_is_refused(threshold):
    with pytest.raises(ValueError, match="between 0 and 1"):
        SimilarTexts(threshold)
