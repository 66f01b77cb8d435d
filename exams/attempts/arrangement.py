"""Order of questions and options, from the attempt's seed alone (pure).

Positions and option ids stay those of the paper; only what the eye sees is shuffled. The order is a sort by
SHA-256, so it can be repeated years later in any language and does not hang on a random generator's version.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import TypeVar

T = TypeVar("T")


def shuffled(rows: Iterable[T], *, seed: int, label: str, name: Callable[[T], object]) -> list[T]:
    """The rows in the order that `seed` gives them; `name` must be unique among them."""
    return sorted(rows, key=lambda row: hashlib.sha256(f"{seed}:{label}:{name(row)}".encode()).digest())


def question_order(rows: Sequence[T], *, seed: int, position: Callable[[T], int], kind: Callable[[T], str]) -> list[T]:
    """Shuffle the questions inside each run of one type: 单选, 多选 and 判断 stay together as on the paper."""
    return [
        row
        for _, run in groupby(rows, key=kind)
        for row in shuffled(list(run), seed=seed, label="question", name=position)
    ]


def option_order(rows: Sequence[T], *, seed: int, place: object, name: Callable[[T], str], fixed: bool) -> list[T]:
    """Shuffle the options of one question; true/false stays 正确, 错误 (`fixed`).

    `place`: the question's position, in a case with its sub-question's id (`7.p2`).
    """
    return list(rows) if fixed else shuffled(rows, seed=seed, label=f"option{place}", name=name)
