"""Broken files by the thousand: sound samples, mutated at random, must never bring a reader down (pure).

What is checked of every file:

1. The reader raises `UnreadableFile` or nothing at all.
2. Every question has a place of its own, texts that a database can hold, and a content that can be checked.
3. A question without any problem is whole: it can be stored and read back equal, its picture is a picture and is the
   one that the content names, its points fit.
4. No file takes longer than `MOST_SECONDS`.
"""

import copy
import io
import random
import re
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element, tostring

from defusedxml.ElementTree import fromstring

from exams.bank.bodies import body_from, stored
from exams.bank.files import UnreadableFile
from exams.bank.formats import (
    aiken,
    book,
    gift,
    gift_writing,
    moodle_xml,
    numbered,
    qti,
    qti3,
    sample_files,
    word,
)
from exams.bank.formats.drafts import digest_of
from exams.bank.formats.exchange import Reader, ReadQuestion, Writer
from exams.bank.formats.opening import opened
from exams.bank.formats.pictures import picture_facts
from exams.bank.formats.samples import sample_questions
from exams.bank.importing import picture_of
from exams.bank.problems import Problem
from exams.bank.soundness import content_problems
from exams.bank.wording import fingerprint_of

MOST_SECONDS = 20.0
MOST_POINTS = Decimal("999.99")
TOKEN = re.compile(r"(<[^<>]*>)")
VALUE = re.compile(r'="[^"<>]*"')
NUMBER = re.compile(r"\d+(?:\.\d+)?")
NASTY_BYTES = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc0\xaf", b"\x1a", b"A" * 70_000, b"<![CDATA[", b"]]>", b"&#0;", b"\r",
    b"&#xD800;", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"PK\x03\x04", b"%00", b"=\x01\x02",
)  # fmt: skip
NASTY_TEXTS = (
    "", " ", "0", "-1", "1e999", "NaN", "Infinity", "99999999999999999999", "0.000000000000000000001", "²", "o1 o1",
    "../../etc/passwd", "file:///etc/passwd", "____", "＿＿＿", "{1:SA:=}", "{1:MC:=a~b}", "%100%", "a" * 5000,
    "\u202e", "\ufeff", "true", "=cmd|' /C calc'!A0", "&lt;b&gt;", "&amp;#0;", "<br>", "::", "->", "T", "1..0",
)  # fmt: skip
NASTY_NAMES = ("../x.xml", "/etc/x", "a\\b", "C:/x", "X" * 300)


@dataclass(frozen=True, slots=True)
class Sampled:
    """A reader with sound files of its format."""

    reader: Reader
    samples: Callable[[], Sequence[bytes]]
    suffix: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that broke a rule: what happened, and the file."""

    name: str
    number: int
    what: str
    data: bytes


def written_by(writer: Writer, suffix: str) -> Callable[[], Sequence[bytes]]:
    """Sound files of a format from its own writer: all types together, and alone each that it can hold."""

    @cache
    def samples() -> Sequence[bytes]:
        questions = sample_questions()
        with tempfile.TemporaryDirectory() as folder:
            made = []
            for number, some in enumerate([questions, *([question] for question in questions)]):
                path = Path(folder) / f"{number}{suffix}"
                left = writer(some, path)
                if number == 0 or not any(one.whole for one in left):
                    made.append(path.read_bytes())
        return made

    return samples


def single_items() -> Sequence[bytes]:
    """The items of our packages alone, once more with the names of QTI 2.x."""
    items = []
    for question in sample_questions():
        text = qti3.item_of(question, "")[0]
        items += [text.encode(), re.sub(r"(</?)qti-([a-z-]+)", as_before, text).encode()]
    return items


def as_before(match: re.Match[str]) -> str:
    """The name of an element in QTI 2.x."""
    first, *rest = match[2].split("-")
    return match[1] + first + "".join(map(str.title, rest))


def as_uploaded(path: Path) -> Iterator[ReadQuestion]:
    """The questions of a file as an import reads them: recognised by its content first, pictures looked at last."""
    with opened(path, topics=frozenset()) as file:
        for question in () if file.missing else file.questions():
            problems: list[Problem] = []
            shown = question.content if picture_of(question, problems) else replace(question.content, picture="")
            kept = question.picture if shown.picture else b""
            yield replace(question, content=shown, picture=kept, problems=(*question.problems, *problems))


FORMATS: dict[str, Sampled] = {
    "moodle": Sampled(moodle_xml.read, written_by(moodle_xml.write, ".xml"), ".xml"),
    "qti": Sampled(qti.read, written_by(qti3.write, ".zip"), ".zip"),
    "qti-item": Sampled(qti.read, single_items, ".xml"),
    "gift": Sampled(gift.read, written_by(gift_writing.write, ".txt"), ".txt"),
    "sheet": Sampled(as_uploaded, written_by(book.write_book, ".xlsx"), ".xlsx"),
    "word": Sampled(word.read, sample_files.documents, ".docx"),
    "text": Sampled(numbered.read, sample_files.texts, ".txt"),
    "aiken": Sampled(aiken.read, sample_files.aiken, ".txt"),
}


def faults_of(name: str, chance: random.Random, number: int, folder: Path) -> tuple[Fault | None, float]:
    """Make one broken file, read it; what went wrong, and the seconds it took."""
    sampled = FORMATS[name]
    data = mutated(chance.choice(sampled.samples()), chance, sampled.samples())
    path = folder / f"fuzz{sampled.suffix}"
    path.write_bytes(data)
    started = time.monotonic()
    try:
        what = next(wrongs_in(sampled.reader, path), "")
    except Exception as error:  # the very thing that is looked for
        what = f"{type(error).__name__}: {error}"
    seconds = time.monotonic() - started
    if not what and seconds > MOST_SECONDS:
        what = f"{seconds:.0f} s"
    return (Fault(name, number, what, data) if what else None), seconds


def wrongs_in(reader: Reader, path: Path) -> Iterator[str]:
    """What is wrong with the questions that a reader makes of a file."""
    places: set[int] = set()
    try:
        for question in reader(path):
            if question.place in places or question.place < 1:
                yield f"place {question.place} twice or below 1"
            places.add(question.place)
            yield from wrongs_of(question)
    except UnreadableFile as error:
        if not re.fullmatch(r"[a-z_]{2,20}", error.reason):
            yield f"reason {error.reason!r}"


def wrongs_of(question: ReadQuestion) -> Iterator[str]:
    """What is wrong with one question."""
    content = question.content
    problems = [*question.problems, *content_problems(content)]
    said = "".join(strings_in([content, question.names, question.losses, problems, question.cells]))
    if re.search("[\x00\ud800-\udfff]", said):
        yield "a text that no database holds"
        return
    if content.picture != (digest_of(question.picture) if question.picture else ""):
        yield "picture and its name differ"
    if question.picture and picture_facts(question.picture) is None:
        yield "a picture that is none"
    fingerprint_of(content)
    options, key = stored(content.body)
    if problems:
        return
    if body_from(content.type, options, key) != content.body:
        yield "stored, the body reads back as another"
    if not Decimal(0) < content.points <= MOST_POINTS or content.points != content.points.quantize(Decimal("0.01")):
        yield f"points {content.points}"


def strings_in(value: object) -> Iterator[str]:
    """Every text inside plain data."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings_in(getattr(value, field.name))
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from strings_in(item)


def mutated(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """A sample with one to four mutations: mostly such as keep the form and break the meaning, or anything."""
    wild = chance.random() < 0.4
    for _ in range(chance.randint(1, 4)):
        if data.startswith(b"PK") and chance.random() < (0.8 if wild else 1):
            data = with_member_mutated(data, chance, wild=wild)
        elif not wild:
            data = with_form_kept(data, chance)
        elif chance.random() < 0.6:
            data = with_text_mutated(data, chance)
        else:
            data = with_bytes_mutated(data, chance, others)
    return data


def with_form_kept(data: bytes, chance: random.Random) -> bytes:
    """A mutation that leaves XML well-formed; text of another kind is mutated as text."""
    if not data.lstrip().startswith(b"<"):
        return with_text_mutated(data, chance)
    try:
        root = fromstring(data)
    except Exception:  # mutated before: it may be no XML any more
        return with_text_mutated(data, chance)
    holders = [element for element in root.iter() if len(element)]
    if holders:
        change_element(chance.choice(holders), holders, chance)
    return tostring(root, "utf-8", xml_declaration=True)


def change_element(holder: Element, holders: Sequence[Element], chance: random.Random) -> None:
    """Drop, repeat, move, rename or rewrite one child of an element."""
    place = chance.randrange(len(holder))
    child = holder[place]
    kind = chance.randrange(8)
    if kind == 0:
        del holder[place]
    elif kind == 1:
        for _ in range(chance.choice((1, 2, 30))):
            holder.insert(place, copy.deepcopy(child))
    elif kind == 2:
        chance.choice(holders).append(copy.deepcopy(child))
    elif kind == 3:
        child.tag = chance.choice(chance.choice(holders)).tag
    elif kind in (4, 5) and child.attrib:
        child.set(chance.choice(list(child.attrib)), changed(chance.choice(list(child.attrib.values())), chance))
    else:
        child.text = changed(child.text or "", chance)


def changed(text: str, chance: random.Random) -> str:
    """Another text: a nasty one alone, inside, or in place of a number."""
    nasty = chance.choice(NASTY_TEXTS).replace("\x00", "")
    kind = chance.randrange(3)
    if kind == 0:
        return replaced(NUMBER, text, chance, lambda: nasty)
    middle = chance.randrange(len(text) + 1)
    return nasty if kind == 1 else text[:middle] + nasty + text[middle:]


def with_bytes_mutated(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Flip, cut, double, insert, truncate or splice, without regard to what the bytes mean."""
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + chance.choice((1, 1, 2, 8, 100, 5000)))
    kind = chance.randrange(6)
    if kind == 0:
        return data[:start] + bytes(byte ^ (1 << chance.randrange(8)) for byte in data[start:end]) + data[end:]
    if kind == 1:
        return data[:start] + data[end:]
    if kind == 2:
        return data[:end] + data[start:]
    if kind == 3:
        return data[:start] + chance.choice(NASTY_BYTES) + data[start:]
    if kind == 4:
        return data[:start]
    other = chance.choice(others)
    return data[:start] + other[chance.randrange(len(other)) :]


def with_text_mutated(data: bytes, chance: random.Random) -> bytes:
    """Change what stands between or inside tags, in lines, or in numbers."""
    text = data.decode("utf-8", "replace")
    kind = chance.randrange(6)
    if kind == 0:
        return replaced(VALUE, text, chance, lambda: f'="{chance.choice(NASTY_TEXTS)}"').encode("utf-8", "replace")
    if kind == 1:
        return replaced(NUMBER, text, chance, lambda: chance.choice(NASTY_TEXTS)).encode("utf-8", "replace")
    pieces = TOKEN.split(text) if "<" in text else text.splitlines(keepends=True)
    if len(pieces) < 3:
        return data
    place, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
    if kind == 2:
        pieces[place] = chance.choice(NASTY_TEXTS)
    elif kind == 3:
        pieces[place], pieces[other] = pieces[other], pieces[place]
    elif kind == 4:
        pieces[place:place] = pieces[min(place, other) : max(place, other)][:200] * chance.choice((1, 1, 2, 50))
    else:
        del pieces[min(place, other) : max(place, other)]
    return "".join(pieces).encode("utf-8", "replace")


def replaced(pattern: re.Pattern[str], text: str, chance: random.Random, make: Callable[[], str]) -> str:
    """The text with one match of a pattern replaced."""
    found = list(pattern.finditer(text))
    if not found:
        return text
    match = chance.choice(found)
    return text[: match.start()] + make() + text[match.end() :]


def with_member_mutated(data: bytes, chance: random.Random, *, wild: bool) -> bytes:
    """A package in which one file is mutated, renamed or left out; packed again."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(member.filename, archive.read(member)) for member in archive.infolist()[:50]]
    except Exception:  # mutated before: it may be no package any more
        return with_bytes_mutated(data, chance, [data])
    if not members:
        return data
    place = chance.randrange(len(members))
    name, inner = members[place]
    kind = chance.randrange(8)
    if not wild and name.endswith(".xml") and kind:
        members[place] = (name, with_form_kept(inner, chance))
    elif kind == 0:
        members[place] = (
            chance.choice(("../x.xml", "/etc/x", "a\\b", "C:/x", name.upper(), "x" * 300, "")) or name,
            inner,
        )
    elif kind == 1:
        del members[place]
    else:
        change = with_text_mutated if kind < 6 else lambda raw, by: with_bytes_mutated(raw, by, [raw])
        members[place] = (name, change(inner, chance))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inner in dict(members).items():
            archive.writestr(name, inner)
    return buffer.getvalue()
