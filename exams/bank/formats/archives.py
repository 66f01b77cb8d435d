"""Packed folders (zip) from strangers: what they declare is checked first, what they unpack to is counted (pure)."""

import stat
import struct
import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import Self

from exams.bank.files import UnreadableFile

MIB = 1024 * 1024
MOST_MEMBERS = 5_000
MOST_PACKED = 300 * MIB
MOST_UNPACKED = 400 * MIB  # all members together, as declared and as read
MOST_MEMBER = 32 * MIB  # one member, unless the caller says less
MOST_RATIO = 200  # XML packs 10–30 times; a bomb packs 1,000 times and more
RATIO_COUNTS_FROM = MIB  # small members may pack as well as they like
MOST_DIRECTORY = 4 * MIB  # the list of 5,000 members needs about 0.7 MiB
READ_AT_ONCE = 64 * 1024
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
END, END_SIZE, END64 = b"PK\x05\x06", 22, b"PK\x06\x07"
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError, RuntimeError,
          ValueError, OverflowError)  # fmt: skip


class SafeArchive:
    """A zip archive whose members can be read by name, within bounds.

    Opening refuses (`UnreadableFile`) what no honest program writes: names that lead outside, links, passwords, the
    same name twice, too many members, too much when unpacked. Archives inside the archive are members like any
    other: nothing opens them. Use it in a `with` statement.
    """

    def __init__(self, path: Path) -> None:
        if path.stat().st_size > MOST_PACKED:
            raise UnreadableFile("size")
        check_directory(path)
        try:
            self.archive = zipfile.ZipFile(path)
        except BROKEN as error:
            raise UnreadableFile("broken") from error
        try:
            self.members = checked_members(self.archive.infolist())
        except BaseException:
            self.archive.close()
            raise
        self.unpacked = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.archive.close()

    def __contains__(self, name: str) -> bool:
        return name in self.members

    @property
    def names(self) -> list[str]:
        """The names of all files, in the order of the archive."""
        return list(self.members)

    def read(self, name: str, most: int = MOST_MEMBER) -> bytes:
        """The bytes of a member; raises KeyError when there is none, UnreadableFile past `most` bytes or a bound."""
        member = self.members[name]
        if member.file_size > most:
            raise UnreadableFile("size")
        data = bytearray()
        try:
            with self.archive.open(member) as file:
                while piece := file.read(READ_AT_ONCE):
                    data += piece
                    self.unpacked += len(piece)
                    self.check_growth(member, len(data), most)
        except UnreadableFile:
            raise
        except BROKEN as error:
            raise UnreadableFile("broken") from error
        return bytes(data)

    def check_growth(self, member: zipfile.ZipInfo, size: int, most: int) -> None:
        """Count what really comes out: headers may lie."""
        swollen = size > RATIO_COUNTS_FROM and size > MOST_RATIO * max(1, member.compress_size)
        if size > most or swollen or self.unpacked > MOST_UNPACKED:
            raise UnreadableFile("size")


def check_directory(path: Path) -> None:
    """Refuse an archive whose list of members is itself too large to load, before `zipfile` loads it."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - END_SIZE - 0xFFFF - 20))
        tail = file.read()
    place = len(tail) - END_SIZE
    if place < 0:
        raise UnreadableFile("broken")
    # The same search as in zipfile: the plain end first, then the last signature before a comment.
    if not (tail.startswith(END, place) and tail.endswith(b"\0\0")):
        place = tail.rfind(END)
    if place < 0 or place + END_SIZE > len(tail):
        raise UnreadableFile("broken")
    directory = int.from_bytes(tail[place + 12 : place + 16], "little")
    # 5,000 members need no 64-bit directory, whose size would be said elsewhere.
    if directory > MOST_DIRECTORY or tail[max(0, place - 20) : place].startswith(END64):
        raise UnreadableFile("many")


def checked_members(members: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Files by name; raises UnreadableFile for anything that an honest package does not hold."""
    if len(members) > MOST_MEMBERS:
        raise UnreadableFile("many")
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise UnreadableFile("size")
    found: dict[str, zipfile.ZipInfo] = {}
    for member in members:
        check_member(member)
        if member.filename in found:
            raise UnreadableFile("unsafe")
        found[member.filename] = member
    return {name: member for name, member in found.items() if not member.is_dir()}


def check_member(member: zipfile.ZipInfo) -> None:
    """Refuse names that lead outside, links and other special files, passwords, odd packings, declared bombs."""
    if member.flag_bits & 0x1:
        raise UnreadableFile("encrypted")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or member.compress_type not in PACKINGS:
        raise UnreadableFile("unsafe")
    if not is_inside(member.orig_filename) or not is_inside(member.filename):
        raise UnreadableFile("unsafe")
    packed = max(1, member.compress_size)
    if member.file_size > RATIO_COUNTS_FROM and member.file_size > MOST_RATIO * packed:
        raise UnreadableFile("size")


def is_inside(name: str) -> bool:
    """Whether a name stays below the folder it is unpacked into, on every system."""
    if not name or any(char < " " or char in '\\:*?"<>|' for char in name):
        return False
    steps = name.removesuffix("/").split("/")
    return all(step not in ("", ".", "..") for step in steps)
