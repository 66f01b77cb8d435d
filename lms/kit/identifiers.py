"""Check digits of Chinese identifiers (pure).

GB 11643 (citizen ID number), GB 32100 (unified social credit code), mobile numbers.
"""

import re
from datetime import date

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECK = "10X98765432"
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
MOBILE = re.compile(r"1[3-9]\d{9}")


def id_check_digit(first17: str) -> str:
    """Check character of an 18-character ID number from its first 17 digits (GB 11643)."""
    return ID_CHECK[sum(int(digit) * weight for digit, weight in zip(first17, ID_WEIGHTS, strict=True)) % 11]


def id_number_error(number: str) -> str | None:
    """Why this is no citizen ID number (or 港澳台居住证, same form), or None."""
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return "form"
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "birthday"
    return None if number[17] == id_check_digit(number[:17]) else "check"


def uscc_check_digit(first17: str) -> str:
    """Check character of a unified social credit code from its first 17 characters (GB 32100)."""
    total = sum(USCC_ALPHABET.index(char) * pow(3, position, 31) for position, char in enumerate(first17))
    return USCC_ALPHABET[(31 - total % 31) % 31]


def is_uscc(code: str) -> bool:
    """Whether form and check character of a unified social credit code are right."""
    if len(code) != 18 or any(char not in USCC_ALPHABET for char in code):
        return False
    return code[17] == uscc_check_digit(code[:17])


def is_mobile(number: str) -> bool:
    """Whether this looks like a mainland mobile number."""
    return MOBILE.fullmatch(number) is not None
