"""Pictures that people upload: what is taken, what is refused, what is left of them."""

import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from exams.bank import pictures
from exams.bank.models import QuestionPicture
from exams.bank.pictures import Unusable, prepared, store_picture
from lms.audit.models import AuditEntry
from tests.exams.bank.posting import kept_picture, picture_bytes
from tests.factories.exams import NOW

pytestmark = pytest.mark.django_db
SCRIPT = b"<script>alert(1)</script>" + b"x" * 100
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def take(body: bytes):
    return prepared(BytesIO(body), len(body))


def frames(format_: str, **options) -> bytes:
    """Two pictures in one file."""
    buffer = BytesIO()
    first, second = Image.new("RGB", (60, 40), "red"), Image.new("RGB", (60, 40), "blue")
    first.save(buffer, format_, save_all=True, append_images=[second], **options)
    return buffer.getvalue()


def claimed_png(width: int, height: int) -> bytes:
    """A tiny file that says it holds so many pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    rows = chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + rows + chunk(b"IEND", b"")


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_the_three_formats_are_taken(format_):
    picture = take(picture_bytes(format_))
    assert (picture.width, picture.height) == (400, 300)
    assert picture.media_type == ("image/png" if format_ == "PNG" else "image/jpeg")
    assert Image.open(BytesIO(picture.body)).size == (400, 300)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (SCRIPT, pictures.NO_PICTURE),
        (SVG, pictures.NO_PICTURE),
        (b"", pictures.NO_PICTURE),
        (b"\x89PNG\r\n\x1a\n" + SCRIPT, pictures.NO_PICTURE),
        (picture_bytes("BMP"), pictures.NO_PICTURE),
        (picture_bytes("TIFF"), pictures.NO_PICTURE),
        (frames("GIF"), pictures.NO_PICTURE),
        (frames("PNG"), pictures.MOVING),
        (frames("WEBP"), pictures.MOVING),
        (claimed_png(8001, 5000), pictures.TOO_LARGE),
        (claimed_png(60_000, 60_000), pictures.TOO_LARGE),
        (claimed_png(4000, 4000), pictures.DAMAGED),
        (picture_bytes(size=(600, 600))[:-200], pictures.DAMAGED),
        (picture_bytes("PNG", size=(600, 600))[:-40], pictures.DAMAGED),
        (picture_bytes("WEBP", size=(600, 600))[:-40], pictures.NO_PICTURE),
    ],
    ids=["script", "svg", "empty", "script-in-png", "bmp", "tiff", "gif", "moving-png", "moving-webp",
         "too-many-pixels", "bomb", "claims-more-than-it-has", "cut-jpeg", "cut-png", "cut-webp"],
)  # fmt: skip
def test_anything_else_is_refused_with_its_reason(body, words):
    with pytest.raises(Unusable) as refused:
        take(body)
    assert refused.value.words == words


def test_heavy_files_are_refused_before_they_are_looked_at():
    with pytest.raises(Unusable) as refused:
        prepared(BytesIO(SCRIPT), pictures.MAX_BYTES + 1)
    assert refused.value.words == pictures.TOO_HEAVY


def test_forty_megapixels_are_taken_and_bounded():
    picture = take(picture_bytes("JPEG", size=(8000, 5000), quality=30))
    assert (picture.width, picture.height) == (2400, 1500)


def test_place_and_camera_are_gone_and_the_photo_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 15.0, 3.0), 3: "E", 4: (120.0, 9.0, 1.0)})
    raw = picture_bytes("JPEG", size=(400, 300), exif=exif.tobytes(), comment=b"SecretComment")
    assert b"SecretCamera" in raw
    assert b"SecretComment" in raw
    assert Image.open(BytesIO(raw)).getexif().get_ifd(0x8825) != {}
    picture = take(raw)
    assert (picture.width, picture.height) == (300, 400)
    left = Image.open(BytesIO(picture.body))
    assert dict(left.getexif()) == {}
    assert "exif" not in left.info
    assert b"Secret" not in picture.body


def test_text_in_a_png_does_not_survive():
    from PIL.PngImagePlugin import PngInfo

    facts = PngInfo()
    facts.add_text("Author", "SecretName")
    raw = picture_bytes("PNG", pnginfo=facts)
    assert b"SecretName" in raw
    assert b"SecretName" not in take(raw).body


def test_what_is_transparent_becomes_white():
    buffer = BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(buffer, "PNG")
    picture = take(buffer.getvalue())
    assert Image.open(BytesIO(picture.body)).convert("RGB").getpixel((25, 25)) == (255, 255, 255)


def test_the_same_picture_is_kept_once(characters):
    first, second = kept_picture(characters.editor), kept_picture(characters.reviewer)
    assert first == second
    assert QuestionPicture.objects.count() == 1
    assert AuditEntry.objects.filter(action="question.picture_stored").count() == 1
    other = store_picture(picture=take(picture_bytes(size=(80, 60))), by=characters.editor, now=NOW)
    assert (other.width, other.height, len(other.digest)) == (80, 60, 64)


def test_uploading_answers_with_the_address_of_the_picture(characters, client_of):
    client = client_of(characters.editor)
    file = SimpleUploadedFile("厂房.png", picture_bytes(), content_type="text/html")
    answer = client.post(reverse("exams:question_picture_upload"), {"picture_file": file})
    row = QuestionPicture.objects.get()
    assert answer.json() == {
        "digest": row.digest,
        "address": reverse("exams:question_picture", args=[row.digest]),
        "width": 400,
        "height": 300,
    }


@pytest.mark.parametrize("name", ["photo.png", "photo.svg"])
def test_uploading_something_else_says_why_and_keeps_nothing(characters, client_of, name):
    file = SimpleUploadedFile(name, SVG, content_type="image/png")
    answer = client_of(characters.editor).post(reverse("exams:question_picture_upload"), {"picture_file": file})
    assert (answer.status_code, answer.json()) == (422, {"error": str(pictures.NO_PICTURE)})
    assert QuestionPicture.objects.count() == 0
    nothing = client_of(characters.editor).post(reverse("exams:question_picture_upload"), {})
    assert nothing.status_code == 422


def test_a_picture_is_served_to_those_who_signed_in_and_never_as_anything_else(characters, client_of, client):
    row = kept_picture(characters.editor)
    address = reverse("exams:question_picture", args=[row.digest])
    assert client.get(address).status_code == 302
    answer = client_of(characters.own_learner).get(address)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)[:3] == b"\xff\xd8\xff"
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert client_of(characters.own_learner).post(address).status_code == 405
    for wrong in ("0" * 64, row.digest[:-1], "etc"):
        assert client_of(characters.own_learner).get(reverse("exams:question_picture", args=[wrong])).status_code == 404
