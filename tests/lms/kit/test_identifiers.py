"""Check digits against the samples of the standards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kit.identifiers import id_check_digit, id_number_error, is_mobile, is_uscc, uscc_check_digit
from tests.factories.lms import invented_id, invented_uscc


def test_sample_of_gb_11643() -> None:
    assert id_check_digit("11010519491231002") == "X"
    assert id_number_error("11010519491231002X") is None


def test_sample_of_gb_32100() -> None:
    assert uscc_check_digit("91350100M000100Y4") == "3"
    assert is_uscc("91350100M000100Y43")


@pytest.mark.parametrize(
    ("number", "error"),
    [
        ("110105194912310021", "check"),
        ("11010519490230002X", "birthday"),
        ("1101051949123100", "form"),
        ("11010519491231002x", "form"),
        ("", "form"),
        ("11010519491331002X", "birthday"),
    ],
)
def test_id_numbers_that_are_none(number: str, error: str) -> None:
    assert id_number_error(number) == error


@given(st.integers(0, 399_999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number: int, place: int, shift: int) -> None:
    right = invented_id(number)
    digit = str((int(right[place]) + shift) % 10)
    assert id_number_error(right[:place] + digit + right[place + 1 :]) is not None


@given(st.integers(0, 9_999_999), st.integers(0, 16))
def test_two_neighbours_of_a_credit_code_swapped_are_found(number: int, place: int) -> None:
    right = invented_uscc(number)
    swapped = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    assert is_uscc(swapped) == (swapped == right)


@pytest.mark.parametrize("code", ["", "91350100M000100Y4I", "91350100M000100Y42", "91350100m000100y43"])
def test_credit_codes_that_are_none(code: str) -> None:
    assert not is_uscc(code)


@pytest.mark.parametrize(("number", "right"), [("13800000000", True), ("12800000000", False), ("1380000000", False)])
def test_mobile_numbers(number: str, right: bool) -> None:
    assert is_mobile(number) == right
