"""The body of a QTI item as blocks: texts (with blanks to fill) and interactions, in reading order (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from exams.bank.formats.html_text import Extract, TextBuilder
from exams.bank.formats.qti_vocabulary import BLOCK, ENTRY, NOT_OURS
from exams.bank.responses import BLANK

PART = "sanzhen-part"  # class of the <div> around a sub-question of a case that we wrote
SKIPPED = frozenset({"stylesheet", "catalogInfo", "prompt", "simpleChoice", "simpleMatchSet", "hotspotChoice"})
NAMED = {"feedbackInline": "行内反馈", "feedbackBlock": "反馈段落", "templateInline": "模板内容",
         "templateBlock": "模板内容", "infoControl": "提示"}  # fmt: skip


@dataclass(slots=True)
class Text:
    """A block of text; `entries`: response identifiers of its blanks, in order."""

    builder: TextBuilder = field(default_factory=TextBuilder)
    entries: list[Element] = field(default_factory=list)

    @property
    def extract(self) -> Extract:
        """What the block says."""
        return self.builder.finished()


@dataclass(slots=True)
class Body:
    """Blocks in order, rubric for scorers, kinds that the bank has not, notes for others."""

    blocks: list[Text | Element] = field(default_factory=list)
    rubrics: dict[str, list[str]] = field(default_factory=dict)  # by id, "" for none
    foreign: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)

    @property
    def rubric(self) -> list[str]:
        """All that scorers are told, line by line."""
        return [line for lines in self.rubrics.values() for line in lines]

    @property
    def interactions(self) -> list[Element]:
        """Interactions that stand on their own."""
        return [block for block in self.blocks if isinstance(block, Element)]

    @property
    def texts(self) -> list[Text]:
        """Texts, with and without blanks."""
        return [block for block in self.blocks if isinstance(block, Text)]


def body_of(element: Element | None, *, parts: bool = True) -> Body:
    """The blocks below an element; `parts`: leave out the sub-questions that we marked."""
    body = Body()
    if element is not None:
        add_children(element, body, parts=parts)
    return body


def marked_parts(element: Element | None) -> list[Element]:
    """The sub-questions that we marked as such."""
    found = element.iter("div") if element is not None else ()
    return [div for div in found if PART in div.get("class", "").split()]


def add_children(element: Element, body: Body, *, parts: bool) -> None:
    """The blocks of a container: what holds interactions is opened, everything else is one text each."""
    add_loose(element.text, body)
    for child in element:
        if child.tag in BLOCK:
            body.blocks.append(child)
        elif child.tag == "rubricBlock":
            add_rubric(child, body)
        elif parts and child.tag == "div" and PART in child.get("class", "").split():
            pass
        elif any(inner.tag in BLOCK or inner.tag == "rubricBlock" for inner in child.iter() if inner is not child):
            add_children(child, body, parts=parts)
        elif child.tag not in SKIPPED:
            text = Text()
            walk(child, text, body)
            body.blocks.append(text)
        add_loose(child.tail, body)


def add_loose(text: str | None, body: Body) -> None:
    """Text between blocks."""
    if text and text.strip():
        block = Text()
        block.builder.data(text)
        body.blocks.append(block)


def add_rubric(element: Element, body: Body) -> None:
    """A rubric for candidates belongs to the text, one for scorers says what is expected, others are lost."""
    views = element.get("view", "candidate").split()
    text = Text()
    for child in content_of(element):
        walk(child, text, body)
    if "candidate" in views:
        body.blocks.append(text)
    elif "scorer" in views:
        body.rubrics.setdefault(element.get("id", ""), []).extend(text.extract.items)
    elif text.extract.text:
        body.losses.append(f"给{'、'.join(views)}的说明：{text.extract.text[:40]}")


def content_of(element: Element) -> Iterator[Element]:
    """What an element shows; QTI 3 wraps it once more. Loose text comes as a paragraph."""
    inner = element.find("contentBody")
    source = element if inner is None else inner
    if source.text and source.text.strip():
        paragraph = Element("p")
        paragraph.text = source.text
        yield paragraph
    yield from source


def walk(element: Element, text: Text, body: Body) -> None:
    """Feed an element with all inside to a text."""
    tag = element.tag
    if tag == ENTRY:
        text.builder.data(BLANK)
        text.entries.append(element)
    elif tag in NOT_OURS:
        body.foreign.append(tag)
    elif tag in NAMED:
        if any(piece.strip() for piece in element.itertext()):
            body.losses.append(NAMED[tag])
    elif tag == "object":
        text.builder.start("img", {"src": element.get("data"), "alt": "".join(element.itertext())})
    elif tag not in SKIPPED:
        text.builder.start(tag, element.attrib)
        text.builder.data(element.text or "")
        for child in element:
            walk(child, text, body)
        text.builder.end(tag)
    text.builder.data(element.tail or "")


def said_in(element: Element | None) -> Extract:
    """The text inside an element, such as a choice or a prompt."""
    text, body = Text(), Body()
    if element is not None:
        text.builder.data(element.text or "")
        for child in element:
            walk(child, text, body)
    for loss in body.losses:
        text.builder.lose(loss)
    return text.extract
