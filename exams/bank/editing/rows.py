"""Rows of a form: any number of lines with the same columns, as typed (pure).

A row posts its token under the name of the set (`option=2`), in the order of the page, and each column under
`option-2-text`. So a script moves rows without renaming anything, and a page without script does the same with
buttons that post `act=option:up:2`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Protocol

TOKEN = re.compile(r"^\d{1,5}$")
PLACEHOLDER = "__row__"  # the token in a page's row template


class Posted(Protocol):
    """What is needed of posted data."""

    def get(self, name: str, default: str = "") -> str | None: ...

    def getlist(self, name: str) -> list[str]: ...


@dataclass(slots=True)
class Row:
    """One line; `prefix` begins the names of its fields, `errors` go by column ("" for the whole row)."""

    token: str
    prefix: str
    values: dict[str, str]
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        """Nothing typed."""
        return not any(self.values.values())

    @property
    def all_errors(self) -> list[str]:
        """What is wrong with the row, whatever the column."""
        return [words for found in self.errors.values() for words in found]

    def complain(self, words: str, column: str = "") -> None:
        """Note what is wrong, once."""
        found = self.errors.setdefault(column, [])
        if words not in found:
            found.append(words)


class Rows:
    """Lines with the same columns; `name` is the name under which they are posted.

    Line breaks inside a column become spaces unless `breaks`.
    """

    def __init__(
        self,
        name: str,
        columns: Iterable[str],
        *,
        most: int,
        usual: Mapping[str, str] | None = None,
        breaks: bool = False,
    ) -> None:
        self.name, self.columns, self.most, self.breaks = name, tuple(columns), most, breaks
        self.usual = dict(usual or {})
        self.lines: list[Row] = []
        self.too_many = False

    def __iter__(self) -> Iterator[Row]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def blank(self) -> Row:
        """The row that a script clones."""
        return self.row(PLACEHOLDER, {})

    @property
    def full(self) -> bool:
        """No room for another."""
        return len(self.lines) >= self.most

    def row(self, token: str, values: Mapping[str, str]) -> Row:
        """A row with its usual values where none are given."""
        typed = {column: values.get(column, self.usual.get(column, "")) for column in self.columns}
        return Row(token, f"{self.name}-{token}-", typed)

    def fill(self, lines: Iterable[Mapping[str, str]]) -> None:
        """Start from values."""
        self.lines = [self.row(str(number), values) for number, values in enumerate(lines, start=1)]

    def read(self, data: Posted) -> None:
        """Take what was posted, in the order of the page; tokens that are none or come twice are passed over."""
        tokens = [token for token in dict.fromkeys(data.getlist(self.name)) if TOKEN.match(token)]
        self.too_many = len(tokens) > self.most
        self.lines = [
            self.row(token, {c: self.tidy(data.get(f"{self.name}-{token}-{c}") or "") for c in self.columns})
            for token in tokens[: self.most]
        ]

    def tidy(self, text: str) -> str:
        """Without blanks around it; line breaks as they are wanted."""
        text = text.replace("\r\n", "\n").strip()
        return text if self.breaks else " ".join(text.split("\n"))

    def add(self, values: Mapping[str, str] | None = None) -> Row | None:
        """Another line at the end, None when there is no room."""
        if self.full:
            return None
        highest = max((int(row.token) for row in self.lines), default=0)
        row = self.row(str(highest + 1), values or {})
        self.lines.append(row)
        return row

    def act(self, verb: str, token: str) -> None:
        """`remove`, `up` or `down` a line; what is not there stays as it is."""
        places = [place for place, row in enumerate(self.lines) if row.token == token]
        if not places:
            return
        row = self.lines.pop(places[0])
        if verb != "remove":
            step = {"up": -1, "down": 1}.get(verb, 0)
            self.lines.insert(max(0, places[0] + step), row)

    def without_blank_end(self, *, at_least: int = 0) -> list[Row]:
        """The lines up to the last one that is not blank, but no fewer than `at_least` where there are as many."""
        last = max((place for place, row in enumerate(self.lines, start=1) if not row.is_blank), default=0)
        return self.lines[: max(last, at_least)]

    def column(self, name: str, lines: Iterable[Row] | None = None) -> list[str]:
        """The values of a column."""
        return [row.values[name] for row in (self.lines if lines is None else lines)]


def number_from(text: str) -> Decimal | None:
    """A finite number as people write it (full-width digits too), None for anything else."""
    try:
        number = Decimal(text.strip().removesuffix("%").removesuffix("％"))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 100_000 else None
