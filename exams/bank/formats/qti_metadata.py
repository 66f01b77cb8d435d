"""What the manifest of a QTI package says of an item: learning object metadata (LOM) and our filing in it (pure).

Filing is written as LOM classification, one taxon path for each value: source `sanzhen:clause`, taxon `gm10-13-02`.
"""

import html
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from exams.bank.formats.html_text import UNWANTED, cleaned, shortened
from exams.bank.formats.qti_vocabulary import local

OURS = "sanzhen:"
LOM = "http://ltsc.ieee.org/xsd/LOM"
DIFFICULTY = {"very easy": "1", "easy": "2", "medium": "3", "difficult": "4", "very difficult": "5"}
WORD_OF = {number: word for word, number in DIFFICULTY.items()}


def words_in(element: Element) -> str:
    """All text below an element."""
    return cleaned("".join(element.itertext()))


def below(element: Element, name: str) -> Iterator[Element]:
    """Elements of that name at any depth, whatever their namespace."""
    return (one for one in element.iter() if local(one.tag).lower() == name.lower())


def filing_in(metadata: Element) -> tuple[list[tuple[str, str]], list[str]]:
    """Fields and values that we wrote (or that LOM has too), and what else stands there, as losses."""
    pairs: list[tuple[str, str]] = []
    losses: list[str] = []
    for path in list(below(metadata, "taxonPath"))[:200]:
        source = next((words_in(one) for one in below(path, "source")), "")
        values = [words_in(entry) for taxon in below(path, "taxon") for entry in below(taxon, "entry")]
        if source.startswith(OURS):
            pairs += [(source.removeprefix(OURS), value) for value in values if value]
        elif values:
            losses.append(f"分类 {shortened(source)}：{shortened('、'.join(values), 80)}")
    if not any(field == "difficulty" for field, _ in pairs):
        for element in below(metadata, "difficulty"):
            word = next((words_in(value).lower() for value in below(element, "value")), "")
            pairs += [("difficulty", DIFFICULTY[word])] if word in DIFFICULTY else []
    keywords = [words_in(one) for one in below(metadata, "keyword")]
    if any(keywords):
        losses.append(f"关键词：{shortened('、'.join(filter(None, keywords)), 80)}")
    return pairs, losses


def lom_of(code: str, pairs: Iterable[tuple[str, str]]) -> str:
    """The <lom> of an item."""
    pairs = list(pairs)
    entry = escaped(code)
    lines = [
        f'<lom xmlns="{LOM}">',
        f"<general><identifier><catalog>sanzhen</catalog><entry>{entry}</entry></identifier></general>",
    ]
    level = next((WORD_OF[value] for field, value in pairs if field == "difficulty" and value in WORD_OF), "")
    if level:
        lines.append(
            f"<educational><difficulty><source>LOMv1.0</source><value>{level}</value></difficulty></educational>"
        )
    if pairs:
        lines.append("<classification><purpose><source>LOMv1.0</source><value>discipline</value></purpose>")
        lines.extend(
            f"<taxonPath><source><string>{OURS}{field}</string></source>"
            f"<taxon><entry><string>{escaped(value)}</string></entry></taxon></taxonPath>"
            for field, value in pairs
        )
        lines.append("</classification>")
    return "\n".join([*lines, "</lom>"])


def escaped(text: str) -> str:
    """Text for XML."""
    return html.escape(UNWANTED.sub("", text), quote=False)
