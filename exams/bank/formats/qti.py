"""Reading QTI 2.1, 2.2 and 3.0: a single item, or a package with its manifest (pure)."""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from exams.bank.files import UnreadableFile
from exams.bank.formats.archives import SafeArchive
from exams.bank.formats.drafts import INLINE_IMAGE, Draft, decoded
from exams.bank.formats.exchange import ReadQuestion
from exams.bank.formats.html_text import shortened
from exams.bank.formats.pictures import MOST_BYTES
from exams.bank.formats.qti_items import Item
from exams.bank.formats.qti_metadata import filing_in
from exams.bank.formats.qti_vocabulary import is_item, local, plain_names
from exams.bank.formats.xml_safe import Bounds, document
from exams.bank.problems import ProblemKind

MIB = 1024 * 1024
MANIFEST = "imsmanifest.xml"
MANIFEST_BOUNDS = Bounds(size=32 * MIB, elements=1_000_000, depth=60, text=32 * MIB)
ITEM_BOUNDS = Bounds(size=4 * MIB, elements=20_000, depth=60, text=4 * MIB)
UNREADABLE = {
    "unsafe": "不安全的 XML（DTD 或实体）", "size": "太大或嵌套太深", "encoding": "编码认不出来",
    "broken": "XML 已损坏", "kind": "不是 QTI 2.1、2.2 或 3.0 的题", "missing": "包里没有这个文件",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resource:
    """An item as the manifest lists it: its file and what is said about it."""

    address: str
    metadata: Element | None


def read(path: Path) -> Iterator[ReadQuestion]:
    """The questions of an item file or a package; raises UnreadableFile when it is broken as a whole."""
    if zipfile.is_zipfile(path):
        with SafeArchive(path) as archive:
            yield from read_package(archive)
        return
    root = document(path, ITEM_BOUNDS)
    if not is_item(root.tag):
        raise UnreadableFile("kind")
    draft = Draft(1, "item")
    read_item(root, draft, Assets(None, ""))
    yield draft.finished()


def read_package(archive: SafeArchive) -> Iterator[ReadQuestion]:
    """The items that the manifest lists, in its order."""
    manifests = [name for name in archive.names if posixpath.basename(name).lower() == MANIFEST]
    if not manifests:
        raise UnreadableFile("kind")
    manifest = min(manifests, key=lambda name: (name.count("/"), name))
    items, others = resources_in(document(archive.read(manifest), MANIFEST_BOUNDS))
    if not items:
        raise UnreadableFile("kind")
    for place, resource in enumerate(items, start=1):
        draft = Draft(place, "item")
        if place == 1 and others:
            draft.lose(f"没有导入的部分：{shortened('、'.join(others), 120)}")
        read_resource(archive, posixpath.dirname(manifest), resource, draft)
        yield draft.finished()


def resources_in(manifest: Element) -> tuple[list[Resource], list[str]]:
    """Items, and the kinds of what else the manifest lists beside files (tests, sections …)."""
    if local(manifest.tag) != "manifest":
        raise UnreadableFile("kind")
    items: list[Resource] = []
    others: list[str] = []
    for element in manifest.iter():
        kind = element.get("type", "") if local(element.tag) == "resource" else ""
        if kind.startswith("imsqti_item_"):
            metadata = next((child for child in element if local(child.tag) == "metadata"), None)
            items.append(Resource(address_in(element), metadata))
        elif kind.startswith("imsqti_") and kind not in others:
            others.append(kind)
    return items, others


def address_in(resource: Element) -> str:
    """The href of a resource, or that of its first file."""
    files = [child.get("href", "") for child in resource if local(child.tag) == "file"]
    base = next((value for name, value in resource.attrib.items() if local(name) == "base"), "")
    return base + (resource.get("href") or next(iter(files), ""))


def read_resource(archive: SafeArchive, folder: str, resource: Resource, draft: Draft) -> None:
    """One item of a package; a broken item is a question with a problem, the others go on."""
    if resource.metadata is not None:
        pairs, losses = filing_in(resource.metadata)
        draft.tags = tuple(pairs)
        for loss in losses:
            draft.lose(loss)
    name = name_in(folder, resource.address)
    try:
        if name not in archive:
            raise UnreadableFile("missing")
        root = document(archive.read(name, ITEM_BOUNDS.size), ITEM_BOUNDS)
        if not is_item(root.tag):
            raise UnreadableFile("kind")
    except UnreadableFile as error:
        words = UNREADABLE.get(error.reason, error.reason)
        draft.fail(ProblemKind.UNREADABLE, "题干", f"{resource.address[-30:]}：{words}")
        return
    read_item(root, draft, Assets(archive, posixpath.dirname(name)))


def read_item(root: Element, draft: Draft, assets: "Assets") -> None:
    """Fill in the draft from an item."""
    Item(plain_names(root), draft, assets.read).read()


def name_in(folder: str, address: str) -> str:
    """The member that an address means; "" when it leads out of the package."""
    path = unquote(address.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0])
    if not path or path.startswith(("/", "\\")) or ":" in path:
        return ""
    name = posixpath.normpath(posixpath.join(folder, path))
    return "" if name.startswith("..") else name


@dataclass(frozen=True, slots=True)
class Assets:
    """Pictures beside an item in a package, or inside its addresses."""

    archive: SafeArchive | None
    folder: str

    def read(self, address: str) -> bytes:
        """The bytes behind an address; b"" when the package does not hold them."""
        if inline := INLINE_IMAGE.fullmatch(address):
            return decoded(inline[1])
        name = name_in(self.folder, address)
        if self.archive is None or name not in self.archive:
            return b""
        try:
            return self.archive.read(name, MOST_BYTES)
        except UnreadableFile:
            return b""
