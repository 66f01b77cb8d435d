"""A question while it is being read, from whatever format (pure)."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import unquote

from exams.bank.bodies import Body, Choice
from exams.bank.formats.exchange import ReadQuestion
from exams.bank.formats.filing_words import names_from
from exams.bank.formats.html_text import Extract, Picture, shortened
from exams.bank.formats.pictures import MOST_BYTES, PictureFacts, picture_facts
from exams.bank.problems import Problem, ProblemKind
from exams.bank.wording import QuestionContent

AMOUNT = re.compile(r"\s*(\d{1,6}(?:\.\d{1,10})?)\s*")
CENT = Decimal("0.01")
INLINE_IMAGE = re.compile(r"data:image/[a-z+]{2,10};base64,([A-Za-z0-9+/=%\s]+)")


@dataclass(slots=True)
class Draft:
    """What has been read of a question so far."""

    place: int
    kind: str
    type: str = ""
    body: Body = field(default_factory=lambda: Choice((), ()))
    stem: str = ""
    explanation: str = ""
    points: Decimal = Decimal(1)
    picture: bytes = b""
    facts: PictureFacts | None = None
    alt: str = ""
    own: dict[str, str] = field(default_factory=dict)  # what our tags say beside the filing
    tags: tuple[tuple[str, str], ...] = ()
    problems: list[Problem] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)

    def lose(self, what: str) -> None:
        """Note a loss once; a hostile file cannot make a novel of it."""
        if what not in self.losses and len(self.losses) < 30:
            self.losses.append(what)

    def fail(self, kind: ProblemKind, column: str, value: str = "") -> None:
        """Note a problem once."""
        problem = Problem(kind, column, shortened(value, 60))
        if problem not in self.problems and len(self.problems) < 30:
            self.problems.append(problem)

    def text(self, extract: Extract, where: str) -> str:
        """The text of an extract; its losses become the draft's, its pictures are lost."""
        for loss in extract.losses:
            self.lose(loss)
        for picture in extract.pictures:
            self.lose(f"{where}里的图片 {shortened(unquote(picture.address.rpartition('/')[2]))}")
        return extract.text

    def take_picture(self, picture: Picture, name: str, data: bytes) -> None:
        """Make an image the picture of the question, if it is whole and the first; `data`: its bytes."""
        facts = picture_facts(data)
        if facts is None:
            self.lose(f"打不开的图片 {shortened(name)}")
        elif self.picture:
            self.lose(f"第二张图片 {shortened(name)}")
        else:
            self.picture, self.facts, self.alt = data, facts, picture.alt

    def finished(self) -> ReadQuestion:
        """The question as read."""
        names, self.own = names_from(self.tags)
        content = QuestionContent(
            self.type, self.stem, self.body, self.explanation, self.points, self.own.get("source", ""),
            digest_of(self.picture) if self.picture else "", self.alt if self.picture else "",
        )  # fmt: skip
        return ReadQuestion(self.place, content, names, tuple(self.problems), tuple(self.losses), self.picture)


def digest_of(picture: bytes) -> str:
    """The name of a picture: SHA-256 of its bytes, hex."""
    return hashlib.sha256(picture).hexdigest()


def points_from(text: str, draft: Draft) -> Decimal:
    """Points in hundredths; a problem when they are no number."""
    match = AMOUNT.fullmatch(text)
    if not match:
        draft.fail(ProblemKind.BAD_POINTS, "分值", text)
        return Decimal(0)
    exact = Decimal(match[1])
    points = exact.quantize(CENT)
    if points != exact:
        draft.lose(f"分值 {exact:f} 按 {points} 读入")
    return points


def decoded(text: str) -> bytes:
    """The bytes that base64 stands for; b"" when it does not or when they are too many."""
    if len(text) > MOST_BYTES * 3 // 2:
        return b""
    try:
        return base64.b64decode(unquote(text))
    except (binascii.Error, ValueError):
        return b""
