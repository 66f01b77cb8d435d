"""Invented people, numbers and firms (pure). Check digits are right, area codes are unassigned (99…)."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from lms.kit.identifiers import id_check_digit, uscc_check_digit

STARTER = Path(__file__).resolve().parent / "starter"
PHONES = 10**8
PHONE_STEP = 61_803_399  # has no factor in common with PHONES: every number comes once
AREA_SIZE = 450


@lru_cache(maxsize=8)
def starter(name: str) -> dict[str, Any]:
    """One of the town's starter files."""
    return tomllib.loads((STARTER / f"{name}.toml").read_text(encoding="utf-8"))


def person_name(chance: Random, *, female: bool) -> str:
    """Two or three characters."""
    parts = starter("names")
    sex = "female" if female else "male"
    given = chance.choice(parts[f"{sex}_second"])
    if chance.random() < 0.82:
        given = chance.choice(parts[f"{sex}_first"]) + given
    return str(chance.choice(parts["surnames"]) + given)


def citizen_id(number: int, born: date, *, female: bool) -> str:
    """The ID number of person `number` (0 … 4,499,999); unique by construction."""
    area, place = divmod(number, AREA_SIZE)
    serial = 100 + 2 * place + (0 if female else 1)
    first17 = f"99{area:04d}{born:%Y%m%d}{serial:03d}"
    return first17 + id_check_digit(first17)


def phone(number: int) -> str:
    """The mobile number of person `number`; unique, scattered, nobody's."""
    return f"199{number * PHONE_STEP % PHONES:08d}"


def credit_code(number: int) -> str:
    """The social credit code of enterprise `number`."""
    first17 = f"91990101MA{number:07d}"
    return first17 + uscc_check_digit(first17)


@dataclass(frozen=True, slots=True)
class Firm:
    """An invented enterprise of a larger town."""

    name: str
    short: str
    plant: str
    industry: str
    special: tuple[str, ...]


def firms(chance: Random) -> Iterator[Firm]:
    """Invented enterprises without end, each name once."""
    parts = starter("names")
    taken: set[str] = set()
    index = 0
    while True:
        plant, industry, suffix, special = parts["trades"][index % len(parts["trades"])]
        brand = chance.choice(parts["brand_first"]) + chance.choice(parts["brand_second"])
        while f"{brand}{suffix}" in taken:
            brand = chance.choice(parts["brand_first"]) + chance.choice(parts["brand_second"]) + str(len(taken) % 10)
        taken.add(f"{brand}{suffix}")
        index += 1
        short = brand + suffix.removesuffix("有限公司")
        yield Firm(f"柏岭{brand}{suffix}", short, plant, industry, (special,) if special else ())
