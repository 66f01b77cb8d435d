"""Text of authors."""

from content.library.prose import lines, paragraphs, prose, without_marks


def test_lines_drop_what_is_empty() -> None:
    assert lines(" 甲 \n\n乙\n") == ["甲", "乙"]


def test_paragraphs_are_parted_by_blank_lines() -> None:
    assert paragraphs("甲\n乙\n \n丙\n") == ["甲\n乙", "丙"]


def test_bold_is_the_only_markup() -> None:
    assert prose("**先**通风 <b>x</b>\n\n*再*") == ("<p><strong>先</strong>通风 &lt;b&gt;x&lt;/b&gt;</p><p>*再*</p>")


def test_marks_are_not_read_aloud() -> None:
    assert without_marks("**先**通风") == "先通风"
