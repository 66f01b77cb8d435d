"""Finding questions that say nearly the same (pure).

The likeness of two texts is the Dice coefficient of their sets of neighbouring characters, 2·|A∩B| / (|A|+|B|),
0–1, taken line by line. Two texts whose stems each hold a number that the other lacks are different questions,
however alike the rest (1.5% against 15%). The search is exact: it finds every pair that comparing all with all finds.

How: a set join with prefix filter (Chaudhuri et al. 2006, Bayardo et al. 2007). Pairs are put in one order, rare ones
first; two sets that are alike enough share some of their rarest. Only these are indexed, as a sparse matrix; one
sparse product counts for a whole batch how many are shared, bounds throw out nearly all, the rest is compared exactly.
Two texts with numbers are compared only when they share one, so that questions from one mould, each with its own
figures, cost little.
50,000 look-ups while adding, against 100,000 known: 10–15 s and 125 MB (tests/bench/question_bank.py).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from zlib import crc32

import numpy as np
from scipy import sparse

from exams.bank.bodies import texts_of
from exams.bank.wording import QuestionContent, normalised

ALIKE = 0.75  # a changed word in a short sentence still is; measured on the starter bank, see tests
NUMBER = re.compile(r"\d+(?:\.\d+)?")
# 1~5 must not become 15 when loose marks go.
RANGE = re.compile(r"(?<=\d)\s*[~～—–]+\s*(?=\d)")
LINE = 10  # the code of "\n"
COLUMNS = 1 << 18  # pairs are indexed by hash; a collision costs a comparison, never a find
PLAIN = 0x5851F42D  # sets columns for texts with numbers apart from those for texts without
WORDS = 8  # 64 bits each: a sketch of all pairs of a text
BUCKETS = 1 << 16
BATCH = 512
PRODUCT = 4_000_000  # shared pieces counted at once, so that memory stays bounded
TINY = 1e-9  # of rounding
GROWTH = 4  # how many times more texts make the order of pairs be measured anew


@dataclass(frozen=True, slots=True)
class Match:
    """The text found, by its label, and how much it is alike (0–1)."""

    label: str
    likeness: float


def comparable(content: QuestionContent) -> str:
    """What is compared of a question: its stem, then every text of its body in one order, a line each."""
    return text_of(content.stem, texts_of(content.body))


def text_of(stem: str, texts: Iterable[str]) -> str:
    """`comparable` of a stem and the texts of a body."""
    return "\n".join([plain(stem), *sorted(plain(text) for text in texts if text)])


def plain(text: str) -> str:
    """Without loose marks, ranges of numbers kept apart."""
    return normalised(RANGE.sub("至", text))


def pieces(text: str) -> frozenset[str]:
    """Neighbouring characters of each line; a line of one character is itself."""
    found: set[str] = set()
    for line in text.split("\n"):
        found.update(first + second for first, second in pairwise(line))
        if len(line) == 1:
            found.add(line)
    return frozenset(found)


def likeness(first: str, second: str) -> float:
    """How much two comparable texts are alike, 0–1; 0 when their stems hold different numbers."""
    if numbers_differ(first, second):
        return 0.0
    one, other = pieces(first), pieces(second)
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def numbers_differ(first: str, second: str) -> bool:
    """Whether each stem holds a number that the other lacks."""
    one, other = numbers_of(first), numbers_of(second)
    return bool(one - other and other - one)


def numbers_of(text: str) -> set[str]:
    """The numbers in the stem of a comparable text."""
    return set(NUMBER.findall(text.split("\n", 1)[0]))


@dataclass(slots=True)
class Rows:
    """Texts as the index sees them: how many pieces each has, and its rarest as a matrix row by which it is found.

    `last` is the place in the order of the last piece in the row; `rest` how many pieces come after it. `sketch` has
    a bit for every piece, so that texts differ in at least as many pieces as their sketches in bits.
    """

    matrix: Any
    sizes: Any
    last: Any
    rest: Any
    sketch: Any

    def __len__(self) -> int:
        return int(self.sizes.shape[0])


@dataclass(slots=True)
class Segment:
    """Texts of consecutive numbers from `start` on, with their index."""

    start: int
    rows: Rows
    index: Any = field(init=False)

    def __post_init__(self) -> None:
        self.index = self.rows.matrix.T.tocsr()


class SimilarTexts:
    """Texts with their labels, searched for the most alike one. `threshold`: the least likeness that counts."""

    def __init__(self, threshold: float = ALIKE) -> None:
        if not 0 < threshold <= 1:
            raise ValueError("the threshold lies between 0 and 1")
        self.threshold = threshold
        self.jaccard = threshold / (2 - threshold)
        self.labels: list[str] = []
        self.texts: list[str] = []
        self.indexed = 0
        self.measured = 0
        self.frequency = np.zeros(BUCKETS, dtype=np.int64)
        self.segments: list[Segment] = []

    def __len__(self) -> int:
        return len(self.texts)

    def add(self, label: str, text: str) -> None:
        """Take in one text; `add_many` is faster for many."""
        self.labels.append(label)
        self.texts.append(text)

    def add_many(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Take in texts with their labels (label, text)."""
        for label, text in pairs:
            self.add(label, text)

    def similar(self, text: str) -> Match | None:
        """The most alike text taken in so far, the earliest of several; some 2 ms, `similar_many` 0.2 ms each."""
        return self.similar_many([text])[0]

    def similar_many(self, texts: Sequence[str]) -> list[Match | None]:
        """For each text the most alike one taken in so far."""
        self.refresh()
        found: list[Match | None] = []
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            found += [self.best(near) for near in self.search(batch, *self.rows_of(batch), self.segments)]
        return found

    def check_many(self, pairs: Sequence[tuple[str, str]]) -> list[Match | None]:
        """For each text the most alike one among those known and those before it; all are taken in."""
        return [self.best(near) for near in self.take_in(pairs)]

    def all_many(self, pairs: Sequence[tuple[str, str]], *, most: int = 20) -> list[list[Match]]:
        """For each text the most alike ones (at most `most`) among those known and before it; all are taken in."""
        return [
            [Match(self.labels[-place], value) for value, place in sorted(near, reverse=True)[:most]]
            for near in self.take_in(pairs)
        ]

    def best(self, near: Sequence[tuple[float, int]]) -> Match | None:
        """The most alike one, the earliest of several."""
        value, place = max(near, default=(0.0, 0))
        return Match(self.labels[-place], value) if near else None

    def take_in(self, pairs: Sequence[tuple[str, str]]) -> Iterator[list[tuple[float, int]]]:
        """For each text those alike among the known and the earlier ones, as (likeness, −number)."""
        for start in range(0, len(pairs), BATCH):
            batch = pairs[start : start + BATCH]
            self.refresh()
            texts = [text for _, text in batch]
            asked, rows = self.rows_of(texts)
            own = Segment(len(self.texts), rows)
            self.add_many(batch)
            yield from self.search(texts, asked, rows, [*self.segments, own])
            self.indexed = len(self.texts)
            self.join(own)

    def search(
        self, texts: Sequence[str], asked: Any, rows: Rows, segments: Sequence[Segment]
    ) -> list[list[tuple[float, int]]]:
        """For each text what the segments hold that is alike, as (likeness, −number of the text)."""
        found: list[list[tuple[float, int]]] = [[] for _ in texts]
        for segment in segments:
            for part in portions(asked, segment):
                for place, number in candidates(asked, rows, segment, part, self.threshold):
                    value = likeness(texts[place], self.texts[number])
                    if value >= self.threshold - TINY:
                        found[place].append((value, -number))
        return found

    def refresh(self) -> None:
        """Index what was added; measure anew which pieces are rare once there are many more texts."""
        if len(self.texts) > GROWTH * self.measured:
            self.measure()
        while self.indexed < len(self.texts):
            batch = self.texts[self.indexed : self.indexed + 16 * BATCH]
            self.join(Segment(self.indexed, self.rows_of(batch)[1]))
            self.indexed += len(batch)

    def measure(self) -> None:
        """How common pieces are, by bucket, from a sample of the texts; the index is built anew."""
        step = max(1, len(self.texts) // (16 * BATCH))
        codes, _ = coded(self.texts[::step])
        self.frequency = np.bincount(bucket_of(codes, BUCKETS), minlength=BUCKETS)
        self.measured, self.indexed, self.segments = len(self.texts), 0, []

    def join(self, segment: Segment) -> None:
        """Append a segment; neighbours of like size become one, so that there are few."""
        self.segments.append(segment)
        while len(self.segments) > 1 and len(self.segments[-2].rows) < 2 * len(self.segments[-1].rows):
            later, earlier = self.segments.pop(), self.segments.pop()
            self.segments.append(Segment(earlier.start, stacked(earlier.rows, later.rows)))

    def rows_of(self, texts: Sequence[str]) -> tuple[Any, Rows]:
        """The rarest pieces of each text: as many as can hold no piece in common with a text alike enough, and one.

        Returns the matrix by which texts are asked for, and the rows by which they are found.
        """
        codes, row = coded(texts)
        order = (self.frequency[bucket_of(codes, BUCKETS)] << 42) | codes
        ranked = np.lexsort((order, row))
        codes, row, order = codes[ranked], row[ranked], order[ranked]
        sizes = np.bincount(row, minlength=len(texts))
        kept = sizes - np.ceil(self.jaccard * sizes - TINY).astype(np.int64) + (sizes > 0)
        starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
        chosen = np.arange(len(codes)) - starts[row] < kept[row]
        last = np.full(len(texts), -1, dtype=np.int64)
        last[sizes > 0] = order[(starts + kept - 1)[sizes > 0]]
        asked, found = matrices(texts, codes[chosen], row[chosen])
        sketch = np.zeros((len(texts), WORDS), dtype=np.uint64)
        bits = bucket_of(codes, WORDS * 64)
        np.bitwise_or.at(sketch, (row, bits >> 6), np.uint64(1) << (bits & 63).astype(np.uint64))
        return asked, Rows(found, sizes.astype(np.int32), last, (sizes - kept).astype(np.int32), sketch)


def matrices(texts: Sequence[str], codes: Any, row: Any) -> tuple[Any, Any]:
    """The columns by which each text is asked for, and those by which it is found, from its rarest pieces.

    Texts without numbers meet all others piece by piece. Of two texts with numbers, both sides use a column for each
    piece with each number, so that they meet as often as they share numbers: too often counted, never too rarely.
    """
    numbers = [numbers_of(text) for text in texts]
    counts = np.fromiter(map(len, numbers), dtype=np.int64, count=len(texts))
    marks = np.fromiter((crc32(number.encode()) for own in numbers for number in sorted(own)), dtype=np.int64)
    # Piece by piece, every number of its text.
    times = counts[row]
    piece = np.repeat(np.arange(len(row)), times)
    within = np.arange(len(piece)) - np.repeat(np.cumsum(times) - times, times)
    mark = marks[(np.cumsum(counts) - counts)[row[piece]] + within]
    both = (row[piece], bucket_of(codes[piece] + mark * PLAIN, COLUMNS))
    bare = times == 0
    to_bare = (row, bucket_of(codes, COLUMNS))
    to_numbered = (row[bare], bucket_of(codes[bare] + PLAIN, COLUMNS))
    of_bare = (row[bare], bucket_of(codes[bare], COLUMNS))
    of_numbered = (row[~bare], bucket_of(codes[~bare] + PLAIN, COLUMNS))
    return matrix_of(len(texts), to_bare, to_numbered, both), matrix_of(len(texts), of_bare, of_numbered, both)


def matrix_of(texts: int, *cells: tuple[Any, Any]) -> Any:
    """A matrix of counts of the cells (rows, columns)."""
    rows, columns = (np.concatenate([part[axis] for part in cells]).astype(np.int32) for axis in (0, 1))
    return sparse.csr_matrix((np.ones(len(rows), dtype=np.int16), (rows, columns)), shape=(texts, COLUMNS))


def portions(asked: Any, segment: Segment) -> Iterator[tuple[int, int]]:
    """Consecutive rows, first and past the last, few enough that their product with a segment stays small."""
    work = np.cumsum(asked @ np.diff(segment.index.indptr))
    first = 0
    while first < asked.shape[0]:
        done = work[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(work, done + PRODUCT, side="right")))
        yield first, last
        first = last


def candidates(
    asked: Any, rows: Rows, segment: Segment, part: tuple[int, int], threshold: float
) -> Iterator[tuple[int, int]]:
    """Pairs of a row of the part and the number of a text in the segment that no bound keeps apart."""
    first, last = part
    shared = asked[first:last] @ segment.index
    own = np.repeat(np.arange(first, last, dtype=np.int32), np.diff(shared.indptr))
    theirs = shared.indices
    sizes = rows.sizes[own] + segment.rows.sizes[theirs]
    needed = np.ceil(threshold / 2 * sizes - TINY)
    # All shared pieces up to where the first of the two rows ends are counted; of the rest at most all agree.
    ends_first = rows.last[own] <= segment.rows.last[theirs]
    near = shared.data + np.where(ends_first, rows.rest[own], segment.rows.rest[theirs]) >= needed
    if segment.rows is rows:
        near &= theirs < own
    own, theirs = own[near], theirs[near]
    differing = np.bitwise_count(rows.sketch[own] ^ segment.rows.sketch[theirs]).sum(axis=1, dtype=np.int32)
    close = sizes[near] - differing >= 2 * needed[near]
    return zip(own[close].tolist(), (theirs[close] + segment.start).tolist(), strict=True)


def coded(texts: Sequence[str]) -> tuple[Any, Any]:
    """The pieces of texts as numbers below 2^42, and the place of the text of each; every piece once per text."""
    letters = np.frombuffer("\n".join(["", *texts, ""]).encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    lengths = np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=len(texts))
    row = np.repeat(np.arange(len(texts)), lengths)
    before, here, after = letters[:-2], letters[1:-1], letters[2:]
    row = np.concatenate((row, row[-1:]))[: len(here)]
    double = (here != LINE) & (after != LINE)
    single = (before == LINE) & (here != LINE) & (after == LINE)
    codes = np.concatenate(((here << 21 | after)[double], here[single]))
    places = np.concatenate((row[double], row[single]))
    ranked = np.lexsort((codes, places))
    codes, places = codes[ranked], places[ranked]
    fresh = np.ones(len(codes), dtype=bool)
    fresh[1:] = (codes[1:] != codes[:-1]) | (places[1:] != places[:-1])
    return codes[fresh], places[fresh]


def bucket_of(codes: Any, buckets: int) -> Any:
    """A well-mixed bucket of each code (Fibonacci hashing)."""
    mixed = codes.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed >> np.uint64(64 - (buckets.bit_length() - 1))).astype(np.int64)


def stacked(first: Rows, second: Rows) -> Rows:
    """Both one after the other."""
    return Rows(
        sparse.vstack([first.matrix, second.matrix], format="csr"),
        np.concatenate((first.sizes, second.sizes)),
        np.concatenate((first.last, second.last)),
        np.concatenate((first.rest, second.rest)),
        np.concatenate((first.sketch, second.sketch)),
    )
