"""Passages that answer a query."""

from content.search.snippets import Piece, snippet


def test_hits_are_marked_and_the_rest_is_not() -> None:
    assert snippet("先通风再检测", "通风") == [Piece("先", False), Piece("通风", True), Piece("再检测", False)]


def test_a_long_text_is_cut_around_the_first_hit() -> None:
    pieces = snippet("甲" * 100 + "通风" + "乙" * 100, "通风", width=30)
    assert pieces[0] == pieces[-1] == Piece("…", False)
    assert Piece("通风", True) in pieces
    assert len("".join(piece.text for piece in pieces)) == 32


def test_without_a_hit_the_text_begins_at_its_beginning() -> None:
    assert snippet("先通风再检测", "硫化氢", width=3) == [Piece("先通风", False), Piece("…", False)]


def test_letters_are_matched_whatever_their_case() -> None:
    assert Piece("PVC", True) in snippet("一根PVC管", "pvc")
