"""HTML fragments of question files to plain lines and back (pure).

Only text comes out: no tag, no attribute, no address survives, so nothing has to be cleaned. Paragraphs, list items
and rows become lines; bold and colour say nothing that an exam needs and go silently; what carries meaning and is
lost is named.
"""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

# A tag that never closes makes the parser read to the end from each "<": this much work is allowed for a fragment.
MOST_WORK = 20_000_000
MOST_LENGTH = 100_000  # characters of one text; a question is not a book
TOO_LONG = "文字太长，没有读入"
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html",
    "legend", "li", "main", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead",
    "tr", "ul",
})  # fmt: skip
HIDDEN = frozenset(["head", "noscript", "script", "style", "svg", "template", "title"])
NAMED_LOSSES = {
    "table": "表格变成了文字", "math": "公式变成了文字", "svg": "矢量图", "video": "视频", "audio": "音频",
    "iframe": "嵌入的网页", "embed": "嵌入的内容", "canvas": "画布", "script": "脚本",
}  # fmt: skip
RAISED = dict(
    zip("0123456789+-−=()niabcdefghjklmoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True)
)
LOWERED = dict(zip("0123456789+-−=()aeoxhklmnpst", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜ", strict=True))
SPACES = re.compile(r"[ \t\n\r\f\v]+")
# Control characters, invisible marks, and halves of characters that no text may hold.
UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
# Marks of our own in the lines: never characters of a text, UNWANTED takes them out.
ITEM, CELL, INSIDE = "\ufdd0", "\ufdd1", "\ufdd2"
MARKS = ITEM + CELL + INSIDE


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that a fragment shows."""

    address: str
    alt: str


@dataclass(frozen=True, slots=True)
class Extract:
    """What a fragment says: its lines, its list items and the lines outside lists, its pictures, what was lost."""

    text: str
    items: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    losses: tuple[str, ...] = ()


@dataclass(slots=True)
class TextBuilder:
    """Gathers text from a walk over tags, whoever does the walking. Tags are lower case, without a prefix."""

    lines: list[list[str]] = field(default_factory=lambda: [[]])
    pictures: list[Picture] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    hidden: int = 0
    kept: int = 0  # inside <pre>
    listed: int = 0  # inside <li>
    script: list[str] = field(default_factory=list)

    def start(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        """A tag opens."""
        if tag in NAMED_LOSSES:
            self.lose(NAMED_LOSSES[tag])
        if tag in HIDDEN:
            self.hidden += 1
        elif tag in BLOCKS:
            self.break_line()
            self.kept += tag == "pre"
            if tag == "li":
                self.listed += 1
                self.lines[-1].append(ITEM)
        elif tag == "br":
            self.new_line()
        elif tag in ("td", "th"):
            self.lines[-1].append(CELL)
        elif tag in ("sup", "sub"):
            self.script.append(tag)
        elif tag == "img":
            self.pictures.append(Picture(attributes.get("src") or "", cleaned(attributes.get("alt") or "")))
        elif tag == "a" and (attributes.get("href") or "").startswith(("http", "//")):
            self.lose(f"链接 {shortened(attributes['href'] or '')}")

    def end(self, tag: str) -> None:
        """A tag closes."""
        if tag in HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag in BLOCKS:
            if tag == "li":
                self.listed = max(0, self.listed - 1)
            self.break_line()
            self.kept = max(0, self.kept - (tag == "pre"))
        elif tag in ("sup", "sub") and tag in self.script:
            self.script.remove(tag)

    def data(self, text: str) -> None:
        """Text between tags."""
        if self.hidden:
            return
        text = UNWANTED.sub("", text)
        if self.script and text.strip():
            text = self.moved(text)
        if not self.kept:
            self.lines[-1].append(text)
            return
        first, *rest = text.replace("\r\n", "\n").split("\n")
        self.lines[-1].append(first)
        for line in rest:
            self.new_line()
            self.lines[-1].append(line)

    def moved(self, text: str) -> str:
        """Text above or below the line, in characters that stand there by themselves where there are such."""
        table, mark = (RAISED, "^") if self.script[-1] == "sup" else (LOWERED, "_")
        plain = text.strip()
        if all(char in table for char in plain):
            return "".join(table[char] for char in plain)
        self.lose(f"上下标 {shortened(plain)}")
        return f"{mark}{plain}" if len(plain) == 1 else f"{mark}({plain})"

    def break_line(self) -> None:
        """Begin a new line unless the present one is empty."""
        if any(piece.strip().strip(MARKS) for piece in self.lines[-1]):
            self.new_line()
        elif not self.listed:
            self.lines[-1] = [piece for piece in self.lines[-1] if piece not in (ITEM, INSIDE)]

    def new_line(self) -> None:
        """Begin a new line; inside a list item it belongs to it."""
        self.lines.append([INSIDE] if self.listed else [])

    def lose(self, what: str) -> None:
        """Note something that text cannot hold, once."""
        if what not in self.losses and len(self.losses) < 20:
            self.losses.append(what)

    def finished(self) -> Extract:
        """What was gathered."""
        if sum(len(piece) for pieces in self.lines for piece in pieces) > MOST_LENGTH:
            return Extract("", (), tuple(self.pictures), (*self.losses, TOO_LONG))
        items: list[str] = []
        lines: list[str] = []
        for pieces in self.lines:
            line = line_of(pieces)
            lines.append(line)
            if INSIDE in pieces and ITEM not in pieces and items:
                items[-1] = f"{items[-1]}\n{line}".strip()
            else:
                items.append(line)
        return Extract("\n".join(lines).strip(), tuple(filter(None, items)), tuple(self.pictures), tuple(self.losses))


def line_of(pieces: Iterable[str]) -> str:
    """One line: white space collapsed as browsers do, hard spaces made plain, cells parted."""
    line = SPACES.sub(" ", "".join(pieces)).replace(ITEM, "").replace(INSIDE, "").replace("\xa0", " ")
    cells = [cell.strip() for cell in line.split(CELL)]
    return " | ".join(filter(None, cells)) if len(cells) > 1 else cells[0]


class Walker(HTMLParser):
    """Feeds a builder from HTML text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = TextBuilder()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens."""
        self.builder.start(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        """A tag closes."""
        self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        """Text."""
        self.builder.data(data)


def read_html(fragment: str) -> Extract:
    """The text of an HTML fragment; a fragment that would take too long to read comes with a loss saying so."""
    fragment = without_comments(fragment)
    if "<" not in fragment and "&" not in fragment:
        return read_flowing(fragment)
    if fragment.count("<") * len(fragment) > MOST_WORK:
        return Extract("", losses=(TOO_LONG,))
    walker = Walker()
    try:
        walker.feed(fragment)
        walker.close()
    except (AssertionError, ValueError):  # what html.parser says of broken declarations
        return Extract("", losses=("文字的标记已损坏，没有读入",))
    return walker.builder.finished()


def read_flowing(text: str) -> Extract:
    """Text in a field for HTML that has no tags at all."""
    builder = TextBuilder()
    builder.data(text)
    return builder.finished()


def read_plain(text: str) -> Extract:
    """Text in a field for plain text: its line breaks count."""
    if len(text) > MOST_LENGTH:
        return Extract("", losses=(TOO_LONG,))
    lines = [line_of([line]) for line in UNWANTED.sub("", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    whole = "\n".join(lines).strip()
    return Extract(whole, tuple(line for line in lines if line))


def without_comments(fragment: str) -> str:
    """The fragment without comments and declarations, on which html.parser may spend the square of the length."""
    pieces, place = [], 0
    while (start := fragment.find("<!--", place)) >= 0:
        pieces.append(fragment[place:start])
        end = fragment.find("-->", start + 4)
        place = len(fragment) if end < 0 else end + 3
    pieces.append(fragment[place:])
    return "".join(pieces).replace("<!", "&lt;!").replace("<?", "&lt;?")


def cleaned(text: str) -> str:
    """One line of plain text from an attribute or a name."""
    return line_of([UNWANTED.sub("", text)])


def shortened(text: str, most: int = 40) -> str:
    """The beginning of a text, for messages."""
    line = cleaned(text)
    return line if len(line) <= most else f"{line[: most - 1]}…"


def html_of(text: str) -> str:
    """Plain lines as HTML that `read_html` turns back into the same lines."""
    lines = UNWANTED.sub("", text).replace("\r\n", "\n").split("\n")
    return "<br>".join(hard_spaces(html.escape(line, quote=False)) for line in lines)


def hard_spaces(line: str) -> str:
    """Every space after a space is made hard, or browsers would swallow it."""
    return line.replace("  ", " &#160;")
