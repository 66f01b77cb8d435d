"""Hostile XML and pictures: refused with a reason or read as a question with problems; never anything else."""

import base64
import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest

from exams.bank.bodies import Choice, options_from
from exams.bank.files import UnreadableFile
from exams.bank.formats import moodle_xml, qti, qti3
from exams.bank.formats.html_text import read_html
from exams.bank.formats.pictures import MOST_BYTES, picture_facts
from exams.bank.formats.samples import sample_picture, sample_questions
from exams.bank.formats.xml_safe import document
from exams.bank.soundness import content_problems

MIB = 1024 * 1024
ITEM = (
    '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="t" adaptive="false" '
    'timeDependent="false"><responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">'
    "<correctResponse><value>A</value></correctResponse></responseDeclaration><itemBody>"
    '<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>{}</prompt>'
    '<simpleChoice identifier="A">甲</simpleChoice><simpleChoice identifier="B">乙</simpleChoice></choiceInteraction>'
    "</itemBody></assessmentItem>"
)
QUIZ = (
    '<quiz><question type="multichoice"><questiontext format="html"><text>{}</text></questiontext><single>true</single>'
    '<answer fraction="100"><text>甲</text></answer><answer fraction="0"><text>乙</text></answer></question></quiz>'
)
FORMATS = [(moodle_xml.read, QUIZ), (qti.read, ITEM)]
both = pytest.mark.parametrize(("read", "frame"), FORMATS, ids=["moodle", "qti"])


def reading(tmp_path, read, data):
    path = tmp_path / "file.xml"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(read(path))


def reason_of(tmp_path, read, data):
    with pytest.raises(UnreadableFile) as caught:
        reading(tmp_path, read, data)
    return caught.value.reason


def laughs(levels=10):
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels))
    return f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{entities}]>', f"&l{levels - 1};"


DECLARATIONS = {
    "billion laughs": laughs(),
    "quadratic blow-up": (f'<!DOCTYPE q [<!ENTITY a "{"a" * 50_000}">]>', "&a;" * 5_000),
    "external file": ('<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;"),
    "external address": ('<!DOCTYPE q [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>', "&x;"),
    "parameter entity": ('<!DOCTYPE q [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>', "x"),
    "external subset": ('<!DOCTYPE q SYSTEM "file:///etc/passwd">', "x"),
    "unparsed entity": ('<!DOCTYPE q [<!NOTATION n SYSTEM "n"><!ENTITY u SYSTEM "u" NDATA n>]>', "x"),
    "attribute defaults": ('<!DOCTYPE q [<!ATTLIST text format CDATA "html">]>', "x"),
    "harmless declaration": ("<!DOCTYPE quiz>", "x"),
}


@both
@pytest.mark.parametrize("attack", DECLARATIONS)
def test_no_document_type_gets_in(tmp_path, read, frame, attack):
    head, body = DECLARATIONS[attack]
    assert reason_of(tmp_path, read, head + frame.format(body)) == "unsafe"


@both
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_document_type_in_another_encoding_does_not_either(tmp_path, read, frame, encoding):
    head, body = laughs()
    data = ('<?xml version="1.0" encoding="utf-16"?>' + head + frame.format(body)).encode(encoding)
    assert reason_of(tmp_path, read, data) in ("unsafe", "broken")


@both
def test_undeclared_entities_are_no_text(tmp_path, read, frame):
    assert reason_of(tmp_path, read, frame.format("&xxe;")) == "broken"


@both
def test_inclusions_are_elements_like_any_other(tmp_path, read, frame):
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>题'
    [question] = reading(tmp_path, read, frame.format(include))
    assert question.content.stem == "题"


@both
def test_utf_16_is_read_as_what_it_is(tmp_path, read, frame):
    data = ('<?xml version="1.0" encoding="utf-16"?>' + frame.format("氧含量")).encode("utf-16")
    [question] = reading(tmp_path, read, data)
    assert question.content.stem == "氧含量"


@both
@pytest.mark.parametrize("name", ["GBK", "gb2312", "GB18030"])
def test_chinese_encodings_are_read(tmp_path, read, frame, name):
    data = (f'<?xml version="1.0" encoding="{name}"?>' + frame.format("受限空间")).encode(name)
    [question] = reading(tmp_path, read, data)
    assert (question.content.stem, question.content.body) == ("受限空间", Choice(options_from(["甲", "乙"]), ("o1",)))


@both
@pytest.mark.parametrize("name", ["utf-7", "rot13", "zip", "idna", "punycode", "utf-32", "nonsense", "x" * 39])
def test_tricks_with_encodings_are_refused(tmp_path, read, frame, name):
    data = f'<?xml version="1.0" encoding="{name}"?>' + frame.format("+ADw-script+AD4-")
    assert reason_of(tmp_path, read, data) == "encoding"


@both
def test_wrong_bytes_are_refused(tmp_path, read, frame):
    whole = frame.format("题干题干")
    for data in (b"", b"\x00", b"\x00" * 70_000, b"\xff\xfe\x00", whole.encode("gbk"), whole.encode()[:-20]):
        assert reason_of(tmp_path, read, data) in ("broken", "kind")
    assert reason_of(tmp_path, read, whole.replace("题", "\x00")) == "broken"
    assert reason_of(tmp_path, read, whole.replace("题", "&#0;")) == "broken"
    assert reason_of(tmp_path, read, whole.replace("题", "&#xD800;")) == "broken"


@both
def test_every_cut_of_a_file_is_refused(tmp_path, read, frame):
    whole = frame.format("题").encode()
    assert {reason_of(tmp_path, read, whole[:cut]) for cut in range(0, len(whole) - 1, 7)} <= {"broken", "kind"}


@both
def test_a_thousand_levels_are_refused(tmp_path, read, frame):
    assert reason_of(tmp_path, read, frame.format("<b>" * 1000 + "</b>" * 1000)) == "size"


@both
def test_a_million_elements_are_refused(tmp_path, read, frame):
    tracemalloc.start()
    try:
        assert reason_of(tmp_path, read, frame.format("<b/>" * 1_000_000)) == "size"
        assert tracemalloc.get_traced_memory()[1] < 40 * MIB
    finally:
        tracemalloc.stop()


def test_a_million_questions_are_refused(tmp_path):
    with pytest.raises(UnreadableFile) as caught:
        reading(tmp_path, moodle_xml.read, "<quiz>" + '<question type="category"/>' * 101_000 + "</quiz>")
    assert caught.value.reason == "rows"


@both
def test_an_endless_attribute_or_comment_is_refused_long_before_its_end(tmp_path, read, frame):
    for junk in (f'<b c="{"x" * 3 * MIB}"/>', f"<!--{'x' * 3 * MIB}-->", f"<?p {'x' * 3 * MIB}?>"):
        assert reason_of(tmp_path, read, frame.format(junk)) == "size"


@both
def test_a_hundred_thousand_attributes_are_refused_or_read(tmp_path, read, frame):
    many = " ".join(f'a{n}="{n}"' for n in range(40_000))
    [question] = reading(tmp_path, read, frame.format(f"<b {many}/>题"))
    assert question.content.stem == "题"


def test_a_file_beyond_the_bound_is_not_even_opened(tmp_path):
    path = tmp_path / "large.xml"
    with path.open("wb") as file:
        file.truncate(300 * MIB)
    for read in (moodle_xml.read, qti.read):
        with pytest.raises(UnreadableFile) as caught:
            list(read(path))
        assert caught.value.reason == "size"


def test_the_memory_of_reading_does_not_grow_with_the_file(tmp_path):
    peaks = []
    one = QUIZ.removeprefix("<quiz>").removesuffix("</quiz>")
    for count in (150, 1_500):
        path = tmp_path / f"{count}.xml"
        path.write_text("<quiz>" + one.format("题干" * 200) * count + "</quiz>", encoding="utf-8")
        tracemalloc.start()
        try:
            assert sum(1 for _ in moodle_xml.read(path)) == count
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5


@pytest.mark.parametrize("other", ["<html/>", "<quizz/>", '<questestinterop xmlns="x"/>', "[1, 2]", "题型,题干"])
def test_other_files_are_refused_by_kind_or_as_broken(tmp_path, other):
    for read, _ in FORMATS:
        assert reason_of(tmp_path, read, other) in ("kind", "broken")


@pytest.mark.parametrize("junk", ["<!--", "<!", "<a", "</", "<b>", "<a b='", "&#", "<?", "{1:SA:"])
def test_markup_that_never_ends_is_cut_short(junk):
    found = read_html(junk * 200_000)
    assert len(found.text) <= len(junk) * 200_000


@both
def test_a_text_as_long_as_a_book_is_not_read(tmp_path, read, frame):
    [question] = reading(tmp_path, read, frame.format("字" * 100_001))
    assert (question.content.stem, question.losses) == ("", ("文字太长，没有读入",))
    [question] = reading(tmp_path, read, frame.format("字" * 100_000))
    assert (len(question.content.stem), question.losses) == (100_000, ())


# Pictures


def png(width, height, data=b""):
    """A PNG whose header says what we like."""

    def chunk(kind, inner):
        return struct.pack(">I", len(inner)) + kind + inner + struct.pack(">I", zlib.crc32(kind + inner))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


BAD_PICTURES = {
    "program": b"MZ\x90\x00" + bytes(500),
    "script": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "lying header": png(100, 100, b"\x00" * 50),
    "huge": png(60_000, 60_000, b"\x00" * 100),
    "beyond 40 megapixels": png(8_000, 5_001, b"\x00" * 100),
    "no size": png(0, 10),
    "cut off": sample_picture()[:-30],
    "nothing": b"",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "too heavy": sample_picture() + bytes(MOST_BYTES),
}


@pytest.mark.parametrize("name", BAD_PICTURES)
def test_what_is_no_picture_is_not_kept(name):
    assert picture_facts(BAD_PICTURES[name]) is None


@pytest.mark.parametrize("name", BAD_PICTURES)
def test_a_question_with_a_bad_picture_says_so(tmp_path, name):
    stem = '&lt;img src="@@PLUGINFILE@@/a.png"&gt;题</text><file name="a.png" encoding="base64">'
    data = base64.b64encode(BAD_PICTURES[name]).decode()
    quiz = QUIZ.replace("<text>{}</text>", "<text>{}</file>").format(stem + data)
    [question] = reading(tmp_path, moodle_xml.read, quiz)
    assert (question.picture, question.content.picture) == (b"", "")
    assert question.losses == ("打不开的图片 a.png",)


def test_a_hotspot_whose_picture_is_a_program_is_a_question_with_problems(tmp_path):
    [hotspot] = [one for one in sample_questions() if one.content.type == "hotspot"]
    path = tmp_path / "bank.xml"
    moodle_xml.write([hotspot], path)
    whole = base64.b64encode(hotspot.picture).decode()
    path.write_text(path.read_text().replace(whole, base64.b64encode(BAD_PICTURES["program"]).decode()))
    [question] = moodle_xml.read(path)
    assert {problem.kind for problem in content_problems(question.content)} == {"no_picture", "blank_answer"}


def test_base64_that_is_none_is_no_picture(tmp_path):
    stem = '&lt;img src="@@PLUGINFILE@@/a.png"&gt;题</text><file name="a.png" encoding="base64">abc=d==='
    [question] = reading(tmp_path, moodle_xml.read, QUIZ.replace("<text>{}</text>", "<text>{}</file>").format(stem))
    assert question.losses == ("打不开的图片 a.png",)


# Packages


def package(tmp_path, items, files=()):
    path = tmp_path / "package.zip"
    resources = "".join(f'<resource type="imsqti_item_xmlv2p1" href="{name}"/>' for name, _ in items)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("imsmanifest.xml", f"<manifest><resources>{resources}</resources></manifest>")
        for name, data in (*items, *files):
            if data is not None:
                archive.writestr(name, data)
    return path


def test_one_broken_item_does_not_take_the_others_with_it(tmp_path):
    head, body = laughs()
    items = [
        ("good.xml", ITEM.format("一")), ("bomb.xml", head + ITEM.format(body)), ("cut.xml", ITEM.format("二")[:-9]),
        ("other.xml", "<html/>"), ("gone.xml", None), ("deep.xml", ITEM.format("<b>" * 500 + "</b>" * 500)),
        ("last.xml", ITEM.format("三")),
    ]  # fmt: skip
    found = list(qti.read(package(tmp_path, items)))
    assert [question.place for question in found] == [1, 2, 3, 4, 5, 6, 7]
    assert [question.content.stem for question in found] == ["一", "", "", "", "", "", "三"]
    assert [[problem.kind for problem in question.problems] for question in found] == [
        [], *[["unreadable"]] * 5, [],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "..%2f..%2fetc/passwd", "", "http://127.0.0.1:9/x",
     "\\\\host\\share", "a/../../b"],
)  # fmt: skip
def test_addresses_that_lead_out_of_a_package_lead_nowhere(tmp_path, address):
    item = ITEM.format(f'题<img src="{address}" alt="x"/>')
    path = package(tmp_path, [("item.xml", item)])
    [question] = qti.read(path)
    assert (question.content.stem, question.picture) == ("题", b"")
    assert len(question.losses) == 1
    path = tmp_path / "manifest.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "imsmanifest.xml",
            f'<manifest><resources><resource type="imsqti_item_xmlv2p1" href="{address}"/></resources></manifest>',
        )
    [question] = qti.read(path)
    assert [problem.kind for problem in question.problems] == ["unreadable"]


def test_a_package_without_a_manifest_or_with_a_hostile_one_is_refused(tmp_path):
    path = tmp_path / "a.zip"
    for members, reason in [
        ([("item.xml", ITEM)], "kind"),
        ([("imsmanifest.xml", "<manifest/>")], "kind"),
        ([("imsmanifest.xml", "<other/>")], "kind"),
        ([("imsmanifest.xml", '<!DOCTYPE m [<!ENTITY a "b">]><manifest>&a;</manifest>')], "unsafe"),
        ([("imsmanifest.xml", "<manifest>" + "<a>" * 900 + "</a>" * 900 + "</manifest>")], "size"),
        ([("imsmanifest.xml", "\0\0\0")], "broken"),
    ]:
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in members:
                archive.writestr(name, data)
        with pytest.raises(UnreadableFile) as caught:
            list(qti.read(path))
        assert caught.value.reason == reason


def test_a_picture_larger_than_the_bound_in_a_package_is_not_unpacked(tmp_path):
    item = ITEM.format('题<img src="a.png" alt="x"/>')
    [question] = qti.read(package(tmp_path, [("i.xml", item)], [("a.png", sample_picture() + bytes(MOST_BYTES))]))
    assert question.losses == ("包里没有的图片 a.png",)


def test_our_own_package_names_nothing_outside(tmp_path):
    path = tmp_path / "bank.zip"
    qti3.write(sample_questions(), path)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        manifest = document(io.BytesIO(archive.read("imsmanifest.xml")).getvalue())
    listed = [one.get("href") for one in manifest.iter() if one.tag.endswith("}file")]
    assert sorted({*listed, "imsmanifest.xml"}) == sorted(names)
