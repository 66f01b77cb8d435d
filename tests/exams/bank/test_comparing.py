"""What changed between two versions, word by word."""

from hypothesis import given
from hypothesis import strategies as st

from exams.bank.comparing import ADDED, REMOVED, SAME, Section, changes

words = st.lists(st.text("安全生产ab1。 ", max_size=12), max_size=5).map(tuple)


def runs(old, new):
    """The runs of one section."""
    found = changes([Section("题干", old)], [Section("题干", new)])
    return [[(run.kind, run.text) for run in line] for change in found for line in change.lines]


def test_same_texts_have_no_changes():
    assert runs(("一", "二"), ("一", "二")) == []


def test_a_number_changes_as_a_whole():
    assert runs(("氧含量 19.5%",), ("氧含量 20.9%",)) == [
        [(SAME, "氧含量 "), (REMOVED, "19.5"), (ADDED, "20.9"), (SAME, "%")]
    ]


def test_an_option_put_in_front_leaves_the_others_alone():
    assert runs(("先通风", "先下人"), ("先检测", "先通风", "先下人")) == [[(ADDED, "先检测")]]


def test_lines_with_nothing_in_common_are_told_as_one_gone_and_one_new():
    assert runs(("先通风再检测",), ("系安全绳下池",)) == [[(REMOVED, "先通风再检测")], [(ADDED, "系安全绳下池")]]


def test_a_section_that_went_is_told():
    found = changes([Section("图片", ("图片 abc",))], [Section("题干", ())])
    assert [(change.name, [[run.kind for run in line] for line in change.lines]) for change in found] == [
        ("图片", [[REMOVED]])
    ]


@given(words, words)
def test_what_stayed_and_came_is_the_new_text_and_what_stayed_and_went_the_old(old, new):
    lines = [line for change in changes([Section("x", old)], [Section("x", new)]) for line in change.lines]
    for kinds, texts in (((SAME, ADDED), new), ((SAME, REMOVED), old)):
        told = [line for line in ("".join(run.text for run in line if run.kind in kinds) for line in lines) if line]
        assert [line for line in told if line not in texts] == []
        assert sum(map(len, told)) <= sum(map(len, texts))
