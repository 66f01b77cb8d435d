"""What a page shows of personal data."""

import pytest

from lms.kit.masking import mask_id, mask_name, mask_phone


@pytest.mark.parametrize(
    ("number", "shown"),
    [("990101196003150011", "990***********0011"), ("", ""), ("1234567", "*******"), ("E12345678", "E12**5678")],
)
def test_id_numbers(number: str, shown: str) -> None:
    assert mask_id(number) == shown


def test_phones() -> None:
    assert mask_phone("13812345678") == "138****5678"


@pytest.mark.parametrize(
    ("name", "shown"), [("孟庆舟", "孟*舟"), ("孟舟", "孟*"), ("孟", "孟"), ("欧阳庆舟", "欧**舟"), ("", "")]
)
def test_names(name: str, shown: str) -> None:
    assert mask_name(name) == shown
