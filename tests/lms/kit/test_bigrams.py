"""Chinese text as index words."""

import doctest

import pytest

from lms.kit import bigrams
from lms.kit.bigrams import index_words, query_words


def test_the_examples_in_the_module_hold() -> None:
    assert doctest.testmod(bigrams).failed == 0


def test_every_query_of_a_text_is_covered_by_its_index_words() -> None:
    text = "有限空间作业gm10-13-02，先通风、再检测；PVC管"
    indexed = set(index_words(text).split())
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            piece = text[start:end]
            if not any(letter.isascii() and letter.isalnum() for letter in piece):
                assert set(query_words(piece)) <= indexed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("动火", ["动火"]),
        ("池", ["池"]),
        ("有限 空间", ["有限", "空间"]),
        ("“动火”！", ["动火"]),
        ('a"b%c', ["a", "b", "c"]),
        ("！？", []),
        ("有限有限", ["有限", "限有"]),
    ],
)
def test_query_words(text: str, words: list[str]) -> None:
    assert query_words(text) == words
