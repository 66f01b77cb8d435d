"""Files that were made to do harm: refused with a reason, within bounded memory, nothing written outside."""

import io
import zipfile

import pytest
import xlsxwriter

from exams.bank.files import UnreadableFile, kind_of
from exams.bank.formats import tables
from exams.bank.formats.opening import opened
from exams.bank.importing import Catalogue, check_questions
from exams.bank.problems import ProblemKind as K
from tests.exams.bank.formats.test_messy_sheets import HEAD, ROW, book
from tests.exams.bank.formats.test_sheet_round_trip import PICTURE
from tests.lms.kit.test_sheets import CORNERS, workbook_with

CATALOGUE = Catalogue(topics={"有限空间作业": 1}, industries={}, clauses={})


def reason(path):
    """Why a file is refused."""
    with pytest.raises(UnreadableFile) as refused, opened(path, topics=frozenset()) as file:
        list(file.questions())
    return refused.value.reason


def checked(path):
    with opened(path, topics=frozenset()) as file:
        return list(check_questions(file.questions(), CATALOGUE))


def repacked(source, target, change):
    """A copy of a zip with its members changed: `change(name, data)` gives the new data."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target


def bundle(path, cell, members, rows=None):
    """A zip with questions.xlsx whose row names a picture, and further members."""
    sheet = rows or [[*HEAD, "图片"], [*ROW, cell]]
    made = book(path.with_name("inner.xlsx"), ("题", sheet, []))
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(made, "questions.xlsx")
        for name, data in members:
            archive.writestr(name, data)
    return path


def test_two_cells_in_opposite_corners_do_not_fill_the_memory(tmp_path):
    made = xlsxwriter.Workbook(str(tmp_path / "far.xlsx"))
    sheet = made.add_worksheet()
    sheet.write(0, 0, "题干")
    sheet.write(1_048_575, 16_383, "答案")
    made.close()
    assert reason(tmp_path / "far.xlsx") == "rows"


@pytest.mark.parametrize("reference", [b'r = "XFD1048576"', b"r='ZZZ9'", b'r="xfd1048576"', b'r="A99999999"'])
def test_far_cells_are_found_however_they_are_written(tmp_path, reference):
    good = book(tmp_path / "good.xlsx", ("题", [HEAD, ROW], []))
    far = repacked(good, tmp_path / "far.xlsx", lambda name, data: data.replace(b'r="G2"', reference))
    assert reason(far) == "rows"


def test_references_written_with_entities_are_refused(tmp_path):
    good = book(tmp_path / "good.xlsx", ("题", [HEAD, ROW], []))
    odd = repacked(good, tmp_path / "odd.xlsx", lambda name, data: data.replace(b'r="G2"', b'r="&#88;FD1048576"'))
    assert reason(odd) == "broken"


def test_far_cell_across_two_pieces_is_found(tmp_path, monkeypatch):
    good = book(tmp_path / "good.xlsx", ("题", [HEAD, ROW], []))
    far = repacked(good, tmp_path / "far.xlsx", lambda name, data: data.replace(b'r="G2"', b'r="XFD1048576"'))
    monkeypatch.setattr(tables, "PIECE", 7)
    assert reason(far) == "rows"


def test_workbook_that_unpacks_without_measure_is_refused(tmp_path):
    good = book(tmp_path / "good.xlsx", ("题", [HEAD, ROW], []))
    bomb = repacked(
        good, tmp_path / "bomb.xlsx", lambda name, data: b" " * 30_000_000 if "sharedStrings" in name else data
    )
    assert reason(bomb) == "size"


def test_workbook_whose_parts_are_longer_than_declared_is_refused(tmp_path):
    good = book(tmp_path / "good.xlsx", ("题", [HEAD, ROW], []))
    data = bytearray(good.read_bytes())
    with zipfile.ZipFile(good) as archive:
        member = archive.getinfo("xl/worksheets/sheet1.xml")
    size = member.file_size.to_bytes(4, "little")
    for place in [n for n in range(len(data) - 4) if data[n : n + 4] == size]:
        data[place : place + 4] = (100).to_bytes(4, "little")
    (tmp_path / "liar.xlsx").write_bytes(data)
    assert reason(tmp_path / "liar.xlsx") == "broken"


def test_document_with_ten_thousand_members_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "many.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
        for number in range(10_000):
            archive.writestr(f"word/media/{number}.png", b"")
    assert reason(tmp_path / "many.docx") == "many"


def test_document_with_entities_is_refused_or_read_without_them(tmp_path):
    from docx import Document

    document = Document()
    document.add_paragraph("1. 第一步？")
    document.save(str(tmp_path / "good.docx"))
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    evil = repacked(
        tmp_path / "good.docx",
        tmp_path / "evil.docx",
        lambda name, data: (
            laughs + data.split(b"?>", 1)[1].replace("第一步？".encode(), b"&b;&c;")
            if name == "word/document.xml"
            else data
        ),
    )
    try:
        with opened(evil, topics=frozenset()) as file:
            found = "".join(question.content.stem for question in file.questions())
    except UnreadableFile:
        return
    assert "root" not in found
    assert "hahaha" not in found


@pytest.mark.parametrize("name", ["../../evil.png", "/etc/evil.png", "C:\\evil.png", "a/../../evil.png"])
def test_names_that_lead_outside_are_refused(tmp_path, name):
    path = tmp_path / "b.zip"
    made = bundle(path, name, [("x" * len(name), PICTURE)])
    path.write_bytes(made.read_bytes().replace(b"x" * len(name), name.encode()))
    assert reason(path) == "unsafe"
    assert [one.name for one in tmp_path.iterdir() if "evil" in one.name] == []


def test_cell_that_names_a_file_outside_the_zip_finds_nothing(tmp_path):
    [row] = checked(bundle(tmp_path / "b.zip", "../../../etc/passwd", []))
    assert (row.draft.picture, [problem.kind for problem in row.problems]) == (b"", [K.LOST_DETAIL])


@pytest.mark.parametrize(
    "data",
    [b"MZ\x90\x00" + b"\x00" * 200, b"<svg xmlns='http://www.w3.org/2000/svg'/>", PICTURE[:30], b"\x89PNG\r\n\x1a\n"],
)
def test_what_is_no_picture_inside_keeps_the_question_out(tmp_path, data):
    [row] = checked(bundle(tmp_path / "b.zip", "现场.png", [("现场.png", data)]))
    assert [problem.kind for problem in row.problems] == [K.NO_PICTURE]


def test_picture_of_too_many_pixels_is_refused_before_it_is_decoded(tmp_path):
    header = bytearray(PICTURE)
    header[16:24] = (60_000).to_bytes(4, "big") * 2
    import zlib

    header[29:33] = zlib.crc32(bytes(header[12:29])).to_bytes(4, "big")
    [row] = checked(bundle(tmp_path / "b.zip", "大.png", [("大.png", bytes(header))]))
    assert [problem.kind for problem in row.problems] == [K.NO_PICTURE]


def test_encrypted_archive_is_refused(tmp_path):
    path = bundle(tmp_path / "b.zip", "a.png", [("a.png", PICTURE)])
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(mark, place + 4)
    path.write_bytes(data)
    assert reason(path) == "encrypted"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old"),
        (b"{\\rtf1 \\ansi}", "old"),
        (b"%PDF-1.7\n\x00\x01", "kind"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "kind"),
        (b"MZ\x00\x01", "kind"),
        (b"", "kind"),
        (b"   \n\n", "kind"),
        (b"PK\x03\x04 broken", "broken"),
        (b"<html><body>\xe9\xa2\x98</body></html>", "kind"),
        ("题干,答案\n".encode() * 9000 + b"\x00", "kind"),
        (b"\x81\xff\x81\xff,\xff\xff\n", "encoding"),
    ],
)
def test_files_that_are_no_question_files_say_why(tmp_path, data, why):
    path = tmp_path / "questions.xlsx"
    path.write_bytes(data)
    with pytest.raises(UnreadableFile) as refused:
        kind_of(path)
    assert refused.value.reason == why


def test_zip_of_something_else_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as archive:
        archive.writestr("a.txt", "a")
    assert reason(tmp_path / "x.xlsx") == "kind"


def test_workbook_named_csv_is_read_as_a_workbook(tmp_path):
    made = book(tmp_path / "b.xlsx", ("题", [HEAD, ROW], []))
    made.rename(tmp_path / "b.csv")
    assert len(checked(tmp_path / "b.csv")) == 1


def test_formulas_are_read_as_their_values_and_never_run(tmp_path):
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer)
    sheet = made.add_worksheet()
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ROW)
    sheet.write_formula(1, 1, '=HYPERLINK("http://evil","点我")', None, "点我做什么？")
    made.close()
    (tmp_path / "f.xlsx").write_bytes(buffer.getvalue())
    assert checked(tmp_path / "f.xlsx")[0].draft.content.stem == "点我做什么？"


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/other/sheet1.xml"])
def test_a_sheet_with_corners_far_apart_is_refused_whatever_its_part_is_called(tmp_path, part):
    path = tmp_path / "far.xlsx"
    path.write_bytes(workbook_with(CORNERS.format(far="XFD1048576"), part).read())
    assert reason(path) == "rows"
