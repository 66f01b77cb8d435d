"""A Word document as lines and tables: numbers, underlined blanks, pictures, and what of it is lost."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

from exams.bank.formats.book import media_type_of
from exams.bank.formats.question_lines import Line
from exams.bank.formats.word_numbers import Numbering, numbering_of, value
from exams.bank.responses import BLANK

# Check marks and crosses that Word writes in the Wingdings and Symbol fonts.
SYMBOLS = {"F0FC": "√", "F0D6": "√", "F0FE": "√", "F050": "√", "F0FB": "×", "F0FD": "×", "F0B4": "×", "F04F": "×"}
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
VML = "{urn:schemas-microsoft-com:vml}imagedata"
BLANK_TEXT = re.compile(r"^[\s_＿\u3000]*$")
MOST_DEPTH = 8


@dataclass(slots=True)
class Grid:
    """A table: rows of cells, each a list of its lines; merged cells repeat what the first one says."""

    place: int
    rows: list[list[list[Line]]] = field(default_factory=list)


class WordReader:
    """Walks a document once; paragraphs are counted from 1, those in tables included."""

    def __init__(self, document: Document) -> None:
        self.document = document
        numbering = document.part.numbering_part if has_numbering(document) else None
        self.numbering: Numbering = numbering_of(numbering.element if numbering is not None else None)
        self.styles = style_lists(document)
        self.place = 0

    def blocks(self) -> Iterator[Line | Grid]:
        """Lines and tables in order."""
        yield from self.children(self.document.element.body, 0)

    def children(self, node: Any, depth: int) -> Iterator[Line | Grid]:
        """Paragraphs and tables below a node; content controls are looked into."""
        for child in node.iterchildren():
            if child.tag == qn("w:p"):
                yield from self.paragraph(child)
            elif child.tag == qn("w:tbl") and depth < MOST_DEPTH:
                yield self.table(child, depth)
            elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins")) and depth < MOST_DEPTH:
                yield from self.children(child, depth + 1)

    def paragraph(self, node: Any) -> list[Line]:
        """The lines of a paragraph (one, unless it has line breaks); number, picture and losses go with the first."""
        self.place += 1
        inside = Inside()
        self.collect(node, inside, underlined=False)
        text = re.sub("\ue001(\\s*)\ue000", r"\1", "".join(inside.texts))
        label = self.label_of(node)
        first, *rest = f"{label} {text}".split("\n") if label else text.split("\n")
        pictures, losses = self.pictures(inside.relations)
        losses += inside.losses + ["又一张图片"] * (len(pictures) - 1)
        return [
            Line(self.place, first, pictures[0] if pictures else b"", tuple(losses)),
            *(Line(self.place, line) for line in rest),
        ]

    def collect(self, node: Any, inside: "Inside", *, underlined: bool) -> None:
        """Texts of runs in order; deleted text is gone."""
        for child in node.iterchildren():
            tag = child.tag
            if tag == qn("w:r"):
                self.collect(child, inside, underlined=value(child.find(qn("w:rPr")), "w:u") not in ("", "none")
                             if child.find(qn("w:rPr")) is not None else False)  # fmt: skip
            elif tag == qn("w:t"):
                inside.text(child.text or "", underlined=underlined)
            elif tag in TEXTS:
                inside.text(TEXTS[tag], underlined=underlined)
            elif tag == qn("w:sym"):
                inside.symbol(str(child.get(qn("w:char")) or "").upper())
            elif tag in (qn("w:drawing"), qn("w:pict"), qn("w:object")):
                inside.drawing(child)
            elif tag in (MATH + "oMath", MATH + "oMathPara"):
                inside.formula(child)
            elif tag in (qn("w:footnoteReference"), qn("w:endnoteReference")):
                inside.losses.append("脚注")
            elif tag in LOOK_INTO:
                self.collect(child, inside, underlined=underlined)

    def label_of(self, paragraph: Any) -> str:
        """The automatic number of a paragraph, from itself or from its style."""
        properties = paragraph.find(qn("w:pPr"))
        own = properties.find(qn("w:numPr")) if properties is not None else None
        style = value(properties, "w:pStyle") if properties is not None else ""
        list_id, depth = self.styles.get(style, ("", 0))
        if own is not None:
            list_id = value(own, "w:numId") or list_id
            depth = int(value(own, "w:ilvl") or depth) if (value(own, "w:ilvl") or "0").isdigit() else 0
        return self.numbering.label(list_id, depth) if list_id and list_id != "0" else ""

    def pictures(self, relations: list[str]) -> tuple[list[bytes], list[str]]:
        """The pictures behind relations, and which cannot be kept."""
        found, losses = [], []
        for name in relations:
            relation = self.document.part.rels.get(name)
            if relation is None or relation.is_external:
                losses.append("链接的图片不在文件里")
                continue
            data = relation.target_part.blob
            if media_type_of(data):
                found.append(data)
            else:
                losses.append(f"图片 {relation.target_part.partname.rpartition('/')[2]} 的格式不能保留")
        return found, losses

    def table(self, node: Any, depth: int) -> Grid:
        """The cells of a table; a cell merged downwards repeats the one above it."""
        grid = Grid(self.place + 1)
        for row in node.findall(qn("w:tr")):
            cells: list[list[Line]] = []
            for cell in row.findall(qn("w:tc")):
                lines = list(self.flat(self.children(cell, depth + 1)))
                properties = cell.find(qn("w:tcPr"))
                merge = properties.find(qn("w:vMerge")) if properties is not None else None
                above = grid.rows[-1] if grid.rows else []
                if merge is not None and merge.get(qn("w:val")) != "restart" and len(above) > len(cells):
                    lines = above[len(cells)]
                span = value(properties, "w:gridSpan") if properties is not None else ""
                cells += [lines] + [[]] * (min(int(span), 60) - 1 if span.isdigit() else 0)
            grid.rows.append(cells)
        return grid

    def flat(self, blocks: Iterator[Line | Grid]) -> Iterator[Line]:
        """Lines, with those of tables inside cells among them."""
        for block in blocks:
            if isinstance(block, Line):
                yield block
            else:
                yield from (line for row in block.rows for cell in row for line in cell)


TEXTS = {
    qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-", qn("w:softHyphen"): "",
}  # fmt: skip
LOOK_INTO = {
    qn("w:hyperlink"), qn("w:ins"), qn("w:smartTag"), qn("w:sdt"), qn("w:sdtContent"), qn("w:fldSimple"),
    qn("w:moveTo"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice",
}  # fmt: skip


@dataclass(slots=True)
class Inside:
    """What a paragraph holds."""

    texts: list[str] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)

    def text(self, text: str, *, underlined: bool) -> None:
        """Text of a run; an underlined gap is a blank, underlined words are marked."""
        if underlined and text and text != "\n":
            empty = BLANK_TEXT.match(text)
            if empty and self.texts and self.texts[-1].endswith(BLANK):
                return
            self.texts.append(BLANK if empty else f"\ue000{text}\ue001")
        else:
            self.texts.append(text)

    def symbol(self, code: str) -> None:
        """A character of a symbol font."""
        if code in SYMBOLS:
            self.texts.append(SYMBOLS[code])
        else:
            self.losses.append(f"符号 {code}")

    def drawing(self, node: Any) -> None:
        """Pictures; text boxes and shapes are lost."""
        names = [blip.get(qn("r:embed")) or blip.get(qn("r:link")) for blip in node.iter(DRAWING)]
        names += [image.get(qn("r:id")) for image in node.iter(VML)]
        self.relations += [name for name in names if name]
        words = "".join(text.text or "" for text in node.iter(qn("w:t")))
        if words:
            self.losses.append(f"文本框：{words[:60]}")
        elif not names:
            self.losses.append("图形")

    def formula(self, node: Any) -> None:
        """A formula keeps its characters only."""
        words = "".join(text.text or "" for text in node.iter(MATH + "t"))
        self.texts.append(words)
        self.losses.append(f"公式只保留文字：{words[:40]}")


def has_numbering(document: Document) -> bool:
    """Whether the document has lists; asking python-docx for them would make an empty part."""
    return any(relation.reltype.endswith("/numbering") for relation in document.part.rels.values())


def style_lists(document: Document) -> dict[str, tuple[str, int]]:
    """List and depth of the paragraph styles that number their paragraphs."""
    found: dict[str, tuple[str, int]] = {}
    for style in document.styles.element.findall(qn("w:style")):
        properties = style.find(qn("w:pPr"))
        numbers = properties.find(qn("w:numPr")) if properties is not None else None
        if numbers is not None:
            depth = value(numbers, "w:ilvl")
            found[style.get(qn("w:styleId"))] = (value(numbers, "w:numId"), int(depth) if depth.isdigit() else 0)
    return found
