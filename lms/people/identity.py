"""What is wrong with an identity number, in words (pure apart from translation)."""

import re
from datetime import date

from django.utils.translation import gettext as _

from lms.kit.identifiers import id_number_error
from lms.people.models import IdType

RESIDENCE_PREFIXES = ("81", "82", "83")


def tidy_number(text: str) -> str:
    """Without spaces, full-width characters made plain, upper case."""
    table: dict[int, int | str] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    table[ord("　")] = " "
    return re.sub(r"\s", "", text.translate(table)).upper()


def identity_error(id_type: str, number: str, *, today: date | None = None) -> str:
    """Why this number cannot be of this type, or the empty string."""
    if id_type == IdType.PASSPORT:
        return "" if re.fullmatch(r"[A-Z0-9]{5,17}", number) else _("护照号是 5 到 17 位字母和数字。")
    if id_type == IdType.FOREIGNER and re.fullmatch(r"[A-Z]{3}\d{12}", number):
        return ""  # the card of before 2017
    if id_type == IdType.RESIDENCE and not number.startswith(RESIDENCE_PREFIXES):
        return _("港澳台居民居住证以 81、82 或 83 开头。")
    if id_type == IdType.FOREIGNER and not number.startswith("9"):
        return _("外国人永久居留身份证以 9 开头。")
    return eighteen_digits_error(number, today=today)


def eighteen_digits_error(number: str, *, today: date | None) -> str:
    """Length, birthday, check digit (GB 11643), in this order."""
    if len(number) != 18:
        return _("要 18 位，现在是 %(n)d 位。") % {"n": len(number)}
    problem = id_number_error(number)
    if problem == "form":
        return _("前 17 位只能是数字，末位是数字或 X。")
    if problem == "birthday":
        return _("里面的出生日期 %(day)s 不存在。") % {"day": f"{number[6:10]}-{number[10:12]}-{number[12:14]}"}
    if problem == "check":
        return _("校验码不对，多半是抄错了一位。")
    if today and date(int(number[6:10]), int(number[10:12]), int(number[12:14])) > today:
        return _("里面的出生日期晚于今天。")
    return ""
