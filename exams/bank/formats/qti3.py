"""Writing QTI 3.0 packages: one item for each question, pictures beside them, a manifest with filing (pure).

Checked against the schemas of 1EdTech for items (imsqti_asiv3p0p1) and manifests (imsqtiv3p0_imscpv1p2).
"""

import html
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from exams.bank.bodies import CASE, HOTSPOT, Case, plain
from exams.bank.formats.archives import MOST_MEMBERS, MOST_UNPACKED
from exams.bank.formats.exchange import LeftOut, WrittenQuestion
from exams.bank.formats.filing_words import pairs_of
from exams.bank.formats.html_text import cleaned
from exams.bank.formats.pictures import ENDINGS, picture_facts
from exams.bank.formats.qti3_types import PIECES, Asked, Piece, attribute, xhtml
from exams.bank.formats.qti_body import PART
from exams.bank.formats.qti_metadata import lom_of

ITEMS = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
PACKAGE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
SCHEMAS = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd"
TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
MOST_FILES = MOST_MEMBERS - 100  # what we write, we must be able to read
MOST_BYTES = MOST_UNPACKED * 9 // 10
WHEN = (1980, 1, 1, 0, 0, 0)  # the same questions make the same file
FULL = f"一个 QTI 包最多放 {MOST_FILES} 个文件，请分批导出"


@dataclass(slots=True)
class Package:
    """A package while it is being written."""

    archive: zipfile.ZipFile
    resources: list[str] = field(default_factory=list)
    pictures: set[str] = field(default_factory=set)
    files: int = 0
    size: int = 0

    @property
    def is_full(self) -> bool:
        """Whether no question more goes in."""
        return self.files + 2 > MOST_FILES or self.size > MOST_BYTES

    def add(self, name: str, data: bytes) -> None:
        """One file."""
        member = zipfile.ZipInfo(name, WHEN)
        member.compress_type = zipfile.ZIP_DEFLATED
        member.external_attr = 0o644 << 16
        self.archive.writestr(member, data)
        self.files += 1
        self.size += len(data)


def write(questions: Iterable[WrittenQuestion], target: Path) -> list[LeftOut]:
    """Write a package; returns what had to be left out."""
    left: list[LeftOut] = []
    with zipfile.ZipFile(target, "w") as archive:
        package = Package(archive)
        for question in questions:
            if question.content.type == HOTSPOT and picture_facts(question.picture) is None:
                left.append(LeftOut(question.code, "没有图片的找隐患题", whole=True))
            elif package.is_full:
                left.append(LeftOut(question.code, FULL, whole=True))
            else:
                left.extend(LeftOut(question.code, what, whole=False) for what in add_question(package, question))
        package.add("imsmanifest.xml", manifest_of(package.resources).encode())
    return left


def add_question(package: Package, question: WrittenQuestion) -> list[str]:
    """Put the item and its picture into the package; returns details that were lost."""
    number = len(package.resources) + 1
    name = f"items/item-{number:05}.xml"
    picture = picture_name(question)
    if picture and picture not in package.pictures:
        package.add(picture, question.picture)
        package.pictures.add(picture)
    item, lost = item_of(question, f"../{picture}" if picture else "")
    package.add(name, item.encode())
    package.resources.append(resource_of(number, name, picture, question))
    return lost


def picture_name(question: WrittenQuestion) -> str:
    """Where the picture of a question lies in the package; "" for none."""
    facts = picture_facts(question.picture) if question.picture else None
    return f"images/{question.content.picture[:32]}.{ENDINGS[facts.media_type]}" if facts else ""


def resource_of(number: int, name: str, picture: str, question: WrittenQuestion) -> str:
    """The entry of an item in the manifest, with its filing."""
    pairs = pairs_of(question.names)
    if question.content.source:
        pairs.append(("source", question.content.source))
    shown = f'<file href="{picture}"/>' if picture else ""
    return (
        f'<resource identifier="item-{number:05}" type="imsqti_item_xmlv3p0" href="{name}">\n'
        f'<metadata>{lom_of(question.code, pairs)}</metadata>\n<file href="{name}"/>{shown}\n</resource>\n'
    )


def manifest_of(resources: Iterable[str]) -> str:
    """imsmanifest.xml."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest xmlns="{PACKAGE}" xmlns:xsi="{INSTANCE}" '
        f'xsi:schemaLocation="{PACKAGE} {SCHEMAS}/imsqtiv3p0_imscpv1p2_v1p0.xsd" identifier="sanzhen-questions">\n'
        "<metadata><schema>QTI Package</schema><schemaversion>3.0.0</schemaversion></metadata>\n<organizations/>\n"
        f"<resources>\n{''.join(resources)}</resources>\n</manifest>\n"
    )


def item_of(question: WrittenQuestion, picture: str) -> tuple[str, list[str]]:
    """The XML of an item, and details that were lost."""
    content = question.content
    asked, body = asked_in(question, picture)
    pieces = [PIECES[one.type](one) for one in asked]
    shown = f'<p><img src="{picture}" alt="{attribute(content.picture_alt)}"/></p>\n'
    body = (shown if picture and content.type != HOTSPOT else "") + body
    for one, piece in zip(asked, pieces, strict=True):
        inner = f'<div class="{PART}" id="{one.suffix[1:]}">\n{piece.body}</div>\n' if one.suffix else piece.body
        body += inner + piece.rubric
    code = re.sub(r"[^A-Za-z0-9_.-]", "_", question.code)
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<qti-assessment-item xmlns="{ITEMS}" xmlns:xsi="{INSTANCE}" '
        f'xsi:schemaLocation="{ITEMS} {SCHEMAS}/imsqti_asiv3p0p1_v1p0.xsd" identifier="item-{code}" '
        f'title="{title_of(question)}" adaptive="false" time-dependent="false" xml:lang="zh-CN">\n'
        f"{''.join(piece.declarations for piece in pieces)}{outcomes_of(question, asked, pieces)}"
        f"<qti-item-body>\n{body}</qti-item-body>\n{processing_of(pieces)}{feedback_of(content.explanation)}"
        "</qti-assessment-item>\n"
    )
    return text, [what for piece in pieces for what in piece.left]


def title_of(question: WrittenQuestion) -> str:
    """What lists of items show."""
    return html.escape(f"{question.code} {cleaned(question.content.stem)[:40]}".strip())


def asked_in(question: WrittenQuestion, picture: str) -> tuple[list[Asked], str]:
    """What is asked, and the situation that comes before it in a case."""
    content = question.content
    if isinstance(content.body, Case):
        parts = [Asked(one.type, one.stem, one.body, one.points, f"_{one.id}") for one in content.body.parts]
        return parts, f"<p>{xhtml(content.stem)}</p>\n"
    facts = picture_facts(question.picture) if content.type == HOTSPOT else None
    one = Asked(content.type, content.stem, content.body, content.points, "", picture, content.picture_alt, facts)
    return [one], ""


def outcomes_of(question: WrittenQuestion, asked: Iterable[Asked], pieces: Iterable[Piece]) -> str:
    """SCORE and its maximum, the points of each sub-question, and the variable that shows the explanation."""
    content = question.content
    human = ' external-scored="human"' if any(piece.by_people for piece in pieces) else ""
    score = (
        '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float" normal-minimum="0" '
        f'normal-maximum="{plain(content.points)}"{human}>{default_of("0")}</qti-outcome-declaration>\n'
    )
    lines = [score, maximum("MAXSCORE", content.points)]
    if content.type == CASE:
        lines += [maximum(f"MAXSCORE{one.suffix}", one.points) for one in asked]
    if content.explanation:
        lines.append(
            '<qti-outcome-declaration identifier="FEEDBACK" cardinality="single" base-type="identifier">'
            f"{default_of('explanation')}</qti-outcome-declaration>\n"
        )
    return "".join(lines)


def default_of(value: str) -> str:
    """The value that a variable begins with."""
    return f"<qti-default-value><qti-value>{value}</qti-value></qti-default-value>"


def maximum(name: str, points: Decimal) -> str:
    """A variable that holds points."""
    return (
        f'<qti-outcome-declaration identifier="{name}" cardinality="single" base-type="float">'
        f"{default_of(plain(points))}</qti-outcome-declaration>\n"
    )


def processing_of(pieces: list[Piece]) -> str:
    """A standard template where it says the same, otherwise the rules one by one; nothing for what people mark."""
    if len(pieces) == 1 and pieces[0].template:
        return f'<qti-response-processing template="{TEMPLATES}/{pieces[0].template}.xml"/>\n'
    rules = "".join(piece.rules for piece in pieces)
    return f"<qti-response-processing>\n{rules}</qti-response-processing>\n" if rules else ""


def feedback_of(explanation: str) -> str:
    """The explanation, shown after the answer whatever it was."""
    if not explanation:
        return ""
    return (
        '<qti-modal-feedback outcome-identifier="FEEDBACK" identifier="explanation" show-hide="show">'
        f"<qti-content-body><p>{xhtml(explanation)}</p></qti-content-body></qti-modal-feedback>\n"
    )
