"""Archives: what no honest program writes is refused before it is unpacked, and headers are not believed."""

import io
import stat
import struct
import zipfile

import pytest

from exams.bank.files import UnreadableFile
from exams.bank.formats import archives, qti
from exams.bank.formats.archives import SafeArchive


def packed(tmp_path, members, name="a.zip", how=zipfile.ZIP_DEFLATED):
    path = tmp_path / name
    with zipfile.ZipFile(path, "w", how) as archive:
        for member, data in members:
            archive.writestr(member, data)
    return path


def opened(path, read):
    with SafeArchive(path) as archive:
        return [archive.read(name) for name in read]


def reason_of(path, read=()):
    with pytest.raises(UnreadableFile) as caught:
        opened(path, read)
    return caught.value.reason


def patched(path, signature, place, data):
    """Overwrite bytes in every header that begins with the signature."""
    raw = bytearray(path.read_bytes())
    start = raw.find(signature)
    while start >= 0:
        raw[start + place : start + place + len(data)] = data
        start = raw.find(signature, start + 4)
    path.write_bytes(raw)


def test_members_are_read_by_name_in_the_order_of_the_archive(tmp_path):
    path = packed(tmp_path, [("b/一.xml", "甲"), ("a.png", b"\x89PNG"), ("folder/", "")])
    with SafeArchive(path) as archive:
        assert archive.names == ["b/一.xml", "a.png"]
        assert archive.read("b/一.xml").decode() == "甲"
        assert "folder/" not in archive
        with pytest.raises(KeyError):
            archive.read("nothing")


@pytest.mark.parametrize(
    "name",
    ["../evil.xml", "a/../../evil.xml", "/etc/passwd", "C:/windows/x", "C:\\x", "a\\..\\b", "a//b", "./a", "a/./b",
     "a\nb", "a:b", "con|x"],
)  # fmt: skip
def test_names_that_lead_outside_are_refused(tmp_path, name):
    assert reason_of(packed(tmp_path, [("ok.xml", "1"), (name, "2")])) == "unsafe"


def test_a_name_cut_by_a_zero_byte_is_refused(tmp_path):
    path = packed(tmp_path, [("good.xml_evil", "1")])
    path.write_bytes(path.read_bytes().replace(b"good.xml_evil", b"good.xml\0evil"))
    assert reason_of(path) == "unsafe"


def test_links_and_devices_are_refused(tmp_path):
    for kind in (stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO):
        member = zipfile.ZipInfo("link.xml")
        member.external_attr = (kind | 0o777) << 16
        assert reason_of(packed(tmp_path, [(member, "/etc/passwd")])) == "unsafe"


def test_passwords_are_refused_with_a_reason_of_their_own(tmp_path):
    path = packed(tmp_path, [("a.xml", "1")])
    patched(path, b"PK\x01\x02", 8, struct.pack("<H", 1))
    assert reason_of(path) == "encrypted"


def test_the_same_name_twice_is_refused(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        path = packed(tmp_path, [("a.xml", "1"), ("a.xml", "2")])
    assert reason_of(path) == "unsafe"


def test_odd_packings_are_refused(tmp_path):
    assert reason_of(packed(tmp_path, [("a.xml", "1" * 500)], how=zipfile.ZIP_LZMA)) == "unsafe"


def test_ten_thousand_members_are_refused_and_five_thousand_are_not(tmp_path):
    assert reason_of(packed(tmp_path, [(f"{n}.xml", "") for n in range(10_000)])) == "many"
    with SafeArchive(packed(tmp_path, [(f"{n}.xml", "") for n in range(5_000)])) as archive:
        assert len(archive.names) == 5_000


def test_a_list_of_members_too_large_to_load_is_refused_unloaded(tmp_path, monkeypatch):
    path = packed(tmp_path, [(f"{n:05}{'x' * 60_000}", "") for n in range(80)])
    monkeypatch.setattr(archives.zipfile, "ZipFile", None)  # loading it would fail
    assert reason_of(path) == "many"


def test_a_64_bit_directory_is_refused_unloaded(tmp_path, monkeypatch):
    path = packed(tmp_path, [("a.xml", "1")])
    raw = path.read_bytes()
    end = raw.rfind(b"PK\x05\x06")
    path.write_bytes(raw[:end] + b"PK\x06\x07" + bytes(16) + raw[end:])
    monkeypatch.setattr(archives.zipfile, "ZipFile", None)
    assert reason_of(path) == "many"


def test_a_declared_bomb_is_refused_on_opening(tmp_path):
    path = packed(tmp_path, [("bomb.xml", bytes(60 * 1024 * 1024))])
    assert path.stat().st_size < 100_000
    assert reason_of(path) == "size"


def test_many_members_that_share_one_content_are_refused_by_their_sum(tmp_path):
    path = packed(tmp_path, [("a.xml", bytes(100))])
    raw = path.read_bytes()
    start, end = raw.find(b"PK\x01\x02"), raw.rfind(b"PK\x05\x06")
    entry = bytearray(raw[start:end])
    entry[20:28] = struct.pack("<II", 5_000_000, 90_000_000)
    entries = b"".join(bytes(entry).replace(b"a.xml", f"{n}.xml".encode()) for n in range(9))
    tail = bytearray(raw[end:])
    tail[8:16] = struct.pack("<HHI", 9, 9, len(entries))
    path.write_bytes(raw[:start] + entries + tail)
    assert reason_of(path) == "size"


def test_a_header_that_promises_little_gets_no_more_through(tmp_path):
    path = packed(tmp_path, [("bomb.xml", bytes(60 * 1024 * 1024))])
    for signature, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        patched(path, signature, place, struct.pack("<I", 1000))
    assert reason_of(path, ["bomb.xml"]) == "broken"


def test_the_count_alone_stops_a_bomb(tmp_path, monkeypatch):
    path = packed(tmp_path, [("bomb.xml", bytes(60 * 1024 * 1024))])
    monkeypatch.setattr(archives, "check_member", lambda member: None)  # as if nothing had been declared
    with SafeArchive(path) as archive:
        with pytest.raises(UnreadableFile) as caught:
            archive.read("bomb.xml", most=100 * 1024 * 1024)
        assert caught.value.reason == "size"
        assert archive.unpacked < 20 * 1024 * 1024


def test_a_member_beyond_the_bound_of_the_caller_is_refused(tmp_path):
    path = packed(tmp_path, [("a.xml", b"x" * 2000)])
    with SafeArchive(path) as archive:
        assert len(archive.read("a.xml", most=2000)) == 2000
        with pytest.raises(UnreadableFile):
            archive.read("a.xml", most=1999)


def test_all_members_together_are_bounded(tmp_path, monkeypatch):
    path = packed(tmp_path, [(f"{n}.xml", b"x" * 1000) for n in range(5)])
    with SafeArchive(path) as archive:
        monkeypatch.setattr(archives, "MOST_UNPACKED", 3500)
        assert [len(archive.read(f"{n}.xml")) for n in range(3)] == [1000] * 3
        with pytest.raises(UnreadableFile):
            archive.read("3.xml")


@pytest.mark.parametrize("cut", [1, 10, 25, 60, 120])
def test_a_file_cut_off_is_broken(tmp_path, cut):
    path = packed(tmp_path, [("a.xml", "1" * 50), ("b.xml", "2" * 50)])
    path.write_bytes(path.read_bytes()[:-cut])
    assert reason_of(path, ["a.xml", "b.xml"]) in ("broken", "many")


def test_content_that_was_altered_is_broken(tmp_path):
    path = packed(tmp_path, [("a.xml", "hello hello")], how=zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"hello hello", b"hello jello"))
    assert reason_of(path, ["a.xml"]) == "broken"


def test_an_archive_inside_the_archive_is_not_opened(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("imsmanifest.xml", "<manifest/>")
    manifest = '<manifest><resources><resource type="imsqti_item_xmlv3p0" href="inner.zip"/></resources></manifest>'
    path = packed(tmp_path, [("imsmanifest.xml", manifest), ("inner.zip", inner.getvalue())])
    [question] = qti.read(path)
    assert [problem.kind for problem in question.problems] == ["unreadable"]
