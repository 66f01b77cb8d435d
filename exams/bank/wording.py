"""The content of a question as plain data: what makes it whole, and what makes two the same (pure)."""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from exams.bank.problems import Problem, ProblemKind

LETTERS = "ABCDEFGHIJ"
TRUE_FALSE = "true_false"
TRUE, FALSE = "true", "false"
# What a question of a type is usually worth in the trade (单选 2、多选 3、判断 1).
USUAL_POINTS = {"single": Decimal(2), "multiple": Decimal(3), TRUE_FALSE: Decimal(1)}
# Marks that two writers of the same question set differently; a point inside a number stays.
LOOSE_MARKS = frozenset(",;:?!\"'()[]<>_“”‘’。、《》〈〉【】…—·~")


@dataclass(frozen=True, slots=True)
class Option:
    """One option; `id` is stable within the version."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class QuestionContent:
    """What a version freezes. A true/false question has no written options."""

    type: str
    stem: str
    options: tuple[Option, ...]
    key: tuple[str, ...]
    explanation: str
    points: Decimal
    source: str = ""

    def options_data(self) -> list[dict[str, str]]:
        """Options in the stored form; those of a true/false question are made here."""
        if self.type == TRUE_FALSE:
            return [{"id": TRUE, "text": "对"}, {"id": FALSE, "text": "错"}]
        return [{"id": option.id, "text": option.text} for option in self.options]


def options_from(texts: Sequence[str]) -> tuple[Option, ...]:
    """Options with ids o1, o2 … from their texts; blank ones at the end are left out."""
    last = max((place for place, text in enumerate(texts, start=1) if text), default=0)
    return tuple(Option(f"o{place}", text) for place, text in enumerate(texts[:last], start=1))


def letter_of(place: int) -> str:
    """0 → A."""
    return LETTERS[place]


def content_problems(content: QuestionContent) -> list[Problem]:
    """Everything that keeps a content from being a question; empty when it is whole."""
    found: list[Problem] = []
    if not content.stem:
        found.append(Problem(ProblemKind.BLANK_STEM, "题干"))
    if content.type not in USUAL_POINTS:
        found.append(Problem(ProblemKind.UNKNOWN_TYPE, "题型", content.type))
        return found
    if content.type != TRUE_FALSE:
        found.extend(option_problems(content.options))
    if not content.key:
        found.append(Problem(ProblemKind.BLANK_ANSWER, "答案"))
    else:
        found.extend(key_problems(content))
    if not Decimal(0) < content.points <= Decimal(100):
        found.append(Problem(ProblemKind.BAD_POINTS, "分值", str(content.points)))
    return found


def option_problems(options: Sequence[Option]) -> list[Problem]:
    """Too few, with a hole, or the same text twice."""
    written = [option for option in options if option.text]
    if len(written) < 2:
        return [Problem(ProblemKind.TOO_FEW_OPTIONS, "选项")]
    found: list[Problem] = []
    for place, option in enumerate(options):
        if not option.text:
            found.append(Problem(ProblemKind.OPTION_GAP, f"选项{letter_of(place)}"))
    seen: dict[str, int] = {}
    for place, option in enumerate(options):
        plain = normalised(option.text)
        if option.text and seen.setdefault(plain, place) != place:
            found.append(Problem(ProblemKind.SAME_OPTIONS, f"选项{letter_of(place)}", option.text))
    return found


def key_problems(content: QuestionContent) -> list[Problem]:
    """The key must name existing options, one for single choice and at least two for multiple choice."""
    known = {TRUE, FALSE} if content.type == TRUE_FALSE else {option.id for option in content.options if option.text}
    past = [choice for choice in content.key if choice not in known]
    if past:
        letters = "".join(LETTERS[int(choice[1:]) - 1] for choice in past if choice[1:].isdigit()) or ",".join(past)
        return [Problem(ProblemKind.ANSWER_PAST_LAST, "答案", letters)]
    wanted = len(content.key) >= 2 if content.type == "multiple" else len(content.key) == 1
    return [] if wanted else [Problem(ProblemKind.ANSWER_COUNT, "答案", str(len(content.key)))]


def normalised(text: str) -> str:
    """Half-width, lower case, without spaces and loose punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(char for char in folded if char not in LOOSE_MARKS and not char.isspace())
    return kept.strip(".")


def fingerprint(stem: str, options: Iterable[str]) -> str:
    """SHA-256 (hex) of the normalised stem with its options in any order.

    The options belong to it because stems such as 下列说法正确的是 are common and no duplicates.
    """
    parts = [normalised(stem), *sorted(normalised(text) for text in options if text)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def fingerprint_of(content: QuestionContent) -> str:
    """The fingerprint of a content; true/false questions are told apart by their stem alone."""
    return fingerprint(content.stem, [] if content.type == TRUE_FALSE else [option.text for option in content.options])
