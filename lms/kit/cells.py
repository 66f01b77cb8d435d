"""How far the cells of a sheet reach, measured in its XML before a library makes room for all of them.

calamine makes room for every cell between the first and the last one: two cells in opposite corners ask for hundreds
of gigabytes and end the process. The references that make a sheet large are long, so only those are looked at.
"""

import re

MAX_CELLS = 6_000_000
OVERLAP = 64  # bytes of the piece before that may hold the beginning of a reference
# Cell references with at least two letters or five digits.
FAR_CELL = re.compile(rb"""\br\s*=\s*["'](?:([A-Za-z]{2,})(\d+)|([A-Za-z]?)(\d{5,}))["']""")
ODD_REFERENCE = re.compile(rb"""\br\s*=\s*["'][^"'<>]*&""")


class FarApart(ValueError):
    """The corners of a sheet lie further apart than any honest sheet's."""


class OddReference(ValueError):
    """A cell names its place in a way that hides it."""


class Extent:
    """Measures one part of a workbook, piece by piece."""

    def __init__(self) -> None:
        self.wide, self.high, self.tail = 26, 10_000, b""

    def take(self, piece: bytes) -> None:
        """Look at the next piece; raises FarApart, OddReference."""
        window = self.tail + piece
        if ODD_REFERENCE.search(window):
            raise OddReference
        for match in FAR_CELL.finditer(window):
            self.wide = max(self.wide, column_number(match[1] or match[3]))
            self.high = max(self.high, int(match[2] or match[4]))
        if self.wide * self.high > MAX_CELLS:
            raise FarApart
        self.tail = window[-OVERLAP:]


def column_number(letters: bytes) -> int:
    """A → 1, AA → 27; none → 1."""
    number = 0
    for letter in letters.upper():
        number = min(number * 26 + letter - 64, 10**6)
    return max(1, number)
