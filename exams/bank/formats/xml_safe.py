"""XML from strangers: no DTD, no entities, nothing from outside, bounded in size, depth and number (pure).

`document` parses a small document whole; `children_of` hands out the children of the root one by one and forgets
them, so that a file of 50,000 questions needs the memory of a few.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from exams.bank.files import UnreadableFile

MIB = 1024 * 1024
FEED = 64 * 1024
# Expat reads an unfinished tag again with every feed; without this bound an attribute of 100 MB takes hours.
MOST_SILENT = MIB
DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
# What expat does not know but our trade writes; it is turned into UTF-8 before parsing.
CHINESE = frozenset({"gb2312", "gbk", "gb18030", "cp936", "ms936", "big5", "hz", "hz-gb-2312", "euc-cn", "x-gbk"})
READABLE = frozenset({"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii", "iso-8859-1", "latin-1"})


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a document may have at most: bytes, levels, elements and characters (in each child, when streamed)."""

    size: int = 16 * MIB
    depth: int = 60
    elements: int = 20_000
    text: int = 24 * MIB
    children: int = 100_000


DOCUMENT = Bounds()
STREAM = Bounds(size=250 * MIB)


class BoundedTree:
    """Target of the parser: builds elements, counts, and lets go of finished children of the root."""

    def __init__(self, bounds: Bounds, *, streamed: bool) -> None:
        self.bounds, self.streamed = bounds, streamed
        self.inner = TreeBuilder()
        self.depth = self.elements = self.text = self.children = self.calls = 0
        self.root: Element | None = None
        self.finished: list[Element] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """One element more, one level deeper."""
        self.depth += 1
        self.elements += 1
        self.calls += 1
        self.text += sum(map(len, attributes.values()))
        if self.depth > self.bounds.depth or self.elements > self.bounds.elements:
            raise UnreadableFile("size")
        element = self.inner.start(tag, attributes)
        if self.root is None:
            self.root = element

    def end(self, tag: str) -> None:
        """An element is whole; a child of the root is handed out when streamed."""
        self.calls += 1
        self.depth -= 1
        self.check_text()
        element = self.inner.end(tag)
        if self.depth != 1 or not self.streamed or self.root is None:
            return
        self.children += 1
        if self.children > self.bounds.children:
            raise UnreadableFile("rows")
        element.tail = None
        self.finished.append(element)
        self.root.clear()
        self.elements = self.text = 0

    def data(self, text: str) -> None:
        """Text; between the children of a streamed root there is nothing to keep."""
        self.calls += 1
        if self.streamed and self.depth < 2:
            return
        self.text += len(text)
        self.check_text()
        self.inner.data(text)

    def check_text(self) -> None:
        """Refuse more characters than the bound."""
        if self.text > self.bounds.text:
            raise UnreadableFile("size")

    def comment(self, text: str) -> None:
        """Comments say nothing, but they are not silence."""
        self.calls += 1

    def pi(self, target: str, text: str | None = None) -> None:
        """Neither do processing instructions."""
        self.calls += 1

    def close(self) -> Element | None:
        """The root, when the document is over."""
        return self.root


def children_of(path: Path, root: str, bounds: Bounds = STREAM) -> Iterator[Element]:
    """The children of the root in order; text between them is passed over.

    Raises UnreadableFile (size, rows, unsafe, encoding, broken; kind when the root is another), possibly after some.
    """
    if path.stat().st_size > bounds.size:
        raise UnreadableFile("size")
    tree = BoundedTree(bounds, streamed=True)
    with path.open("rb") as file:
        for _ in steps(file, tree):
            finished, tree.finished = tree.finished, []
            if tree.root is not None and tree.root.tag != root:
                raise UnreadableFile("kind")
            yield from finished


def document(path_or_data: Path | bytes, bounds: Bounds = DOCUMENT) -> Element:
    """The root of a whole document; raises UnreadableFile (size, unsafe, encoding, broken)."""
    data = path_or_data if isinstance(path_or_data, bytes) else read_whole(path_or_data, bounds.size)
    if len(data) > bounds.size:
        raise UnreadableFile("size")
    tree = BoundedTree(bounds, streamed=False)
    for _ in steps(BytesPieces(data), tree):
        pass
    if tree.root is None:
        raise UnreadableFile("broken")
    return tree.root


def read_whole(path: Path, most: int) -> bytes:
    """The bytes of a file, refused beyond `most`."""
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise UnreadableFile("size")
    return data


class BytesPieces:
    """Bytes that are read piece by piece, as a file is."""

    def __init__(self, data: bytes) -> None:
        self.data, self.place = data, 0

    def read(self, size: int) -> bytes:
        """The next `size` bytes."""
        piece = self.data[self.place : self.place + size]
        self.place += size
        return piece


def steps(file: BinaryIO | BytesPieces, tree: BoundedTree) -> Iterator[None]:
    """Feed the file to a defused parser; stops after each piece, so that the caller can take what is finished."""
    head = file.read(FEED)
    decoder = decoder_for(head)
    parser = DefusedXMLParser(target=tree, encoding="utf-8" if decoder else None, forbid_dtd=True)
    silent = 0
    try:
        piece = head
        while piece:
            before = tree.calls
            parser.feed(decoder.decode(piece).encode() if decoder else piece)
            silent = 0 if tree.calls > before else silent + len(piece)
            if silent > MOST_SILENT:
                raise UnreadableFile("size")
            yield
            piece = file.read(FEED)
        if decoder:
            decoder.decode(b"", final=True)
        parser.close()
    except UnreadableFile:
        raise
    except DefusedXmlException as error:
        raise UnreadableFile("unsafe") from error
    except ParseError as error:
        raise UnreadableFile("broken") from error
    except (ValueError, LookupError) as error:  # what pyexpat says of encodings it cannot read
        raise UnreadableFile("encoding") from error
    yield


def decoder_for(head: bytes) -> codecs.IncrementalDecoder | None:
    """How to turn a file in a Chinese encoding into text; None where the parser can read it by itself."""
    declared = DECLARED.match(head)
    if not declared:
        return None
    name = declared[1].decode("ascii").lower()
    if name in READABLE:
        return None
    if name not in CHINESE:
        raise UnreadableFile("encoding")
    return codecs.getincrementaldecoder("big5" if name == "big5" else "hz" if name.startswith("hz") else "gb18030")()
