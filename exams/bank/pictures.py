"""Pictures of questions: what is taken in, how it is made harmless, where it is kept.

A picture is judged by its content, never by its name. It is decoded and encoded afresh, so that nothing of the
uploaded file survives but its pixels: no metadata, no place where the photo was taken, no script.
"""

import hashlib
import struct
import zlib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from exams.bank.formats.pictures import strict_decoding
from exams.bank.models import QuestionPicture
from lms.audit.actions import record
from lms.people.models import User

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 40_000_000  # what is decoded at most: 120 MB of memory
MAX_SIDE = 2400  # pixels that are kept
KEPT_AS_PNG = 1_500_000  # bytes: drawings stay sharp, photos become JPEG
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP")
ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}
# What Pillow raises for files that are broken or made to break it.
BROKEN = (OSError, SyntaxError, ValueError, TypeError, OverflowError, EOFError, IndexError, struct.error, zlib.error)


class Unusable(Exception):
    """The file is no picture that a question can show; `words` tells the person why and what to do."""

    def __init__(self, words: Promise) -> None:
        super().__init__(str(words))
        self.words = words


TOO_HEAVY = _("图片超过 8 MB，请压缩后再传。")
NO_PICTURE = _("这个文件不是完整的 JPEG、PNG 或 WebP 图片，没有保存。")
TOO_LARGE = _("图片超过 4000 万像素，请缩小后再传。")
MOVING = _("这是动图，请换一张静止的图片。")
DAMAGED = _("图片打不开，可能没有传完整。请重新导出后再传。")


@dataclass(frozen=True, slots=True)
class PreparedPicture:
    """A picture as it will be kept; `digest` is the SHA-256 (hex) of `body`, sizes are pixels."""

    body: bytes
    media_type: str
    width: int
    height: int

    @property
    def digest(self) -> str:
        """What names it."""
        return hashlib.sha256(self.body).hexdigest()


def prepared(file: BinaryIO, size: int) -> PreparedPicture:
    """Decode, turn upright, bound and encode afresh; raises Unusable. `size`: bytes of the file."""
    if size > MAX_BYTES:
        raise Unusable(TOO_HEAVY)
    with strict_decoding():
        flat, kept_png = decoded(opened(file))
    return encoded(flat, png=kept_png)


def decoded(image: Image.Image) -> tuple[Image.Image, bool]:
    """Upright, flat and bounded pixels, and whether they were kept without loss; raises Unusable."""
    try:
        # Decoding a JPEG at a fraction of its size saves most of the work; what is kept is bounded anyway.
        image.draft("RGB", (MAX_SIDE, MAX_SIDE))
        image.load()
        kept_png = image.format == "PNG"
        upright = ImageOps.exif_transpose(image)
        flat = flattened(upright)
        flat.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    except Image.DecompressionBombError as error:
        raise Unusable(TOO_LARGE) from error
    except BROKEN as error:
        raise Unusable(DAMAGED) from error
    return flat, kept_png


def opened(file: BinaryIO) -> Image.Image:
    """The picture with only its head read; raises Unusable for anything else, too many pixels, or moving pictures."""
    try:
        image = Image.open(file, formats=FORMATS)
        moving = getattr(image, "n_frames", 1) > 1
    except Image.DecompressionBombError as error:
        raise Unusable(TOO_LARGE) from error
    except BROKEN as error:
        raise Unusable(NO_PICTURE) from error
    if image.width * image.height > MAX_PIXELS:
        raise Unusable(TOO_LARGE)
    if moving:
        raise Unusable(MOVING)
    return image


def flattened(image: Image.Image) -> Image.Image:
    """Grey or RGB pixels only; what is transparent becomes white."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if "A" in image.getbands() or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(ground, layer).convert("RGB")
    return image.convert("L") if image.mode in ("1", "L") else image.convert("RGB")


def encoded(image: Image.Image, *, png: bool) -> PreparedPicture:
    """Fresh bytes of the pixels alone; a fresh image carries no metadata along."""
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    if png:
        buffer = BytesIO()
        clean.save(buffer, "PNG", optimize=True)
        if buffer.tell() <= KEPT_AS_PNG:
            return PreparedPicture(buffer.getvalue(), "image/png", *clean.size)
    buffer = BytesIO()
    clean.save(buffer, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return PreparedPicture(buffer.getvalue(), "image/jpeg", *clean.size)


def store_picture(*, picture: PreparedPicture, by: User, now: datetime) -> QuestionPicture:
    """Keep a picture under its digest; the same picture is kept once."""
    digest = picture.digest
    found = QuestionPicture.objects.filter(digest=digest).first()
    if found:
        return found
    try:
        with transaction.atomic():
            row = QuestionPicture(
                digest=digest,
                media_type=picture.media_type,
                width=picture.width,
                height=picture.height,
                created_at=now,
            )
            row.file.save(f"{digest}.{ENDINGS[picture.media_type]}", ContentFile(picture.body), save=False)
            row.save(force_insert=True)
            record(action="question.picture_stored", by=by, now=now, target=row, detail={"digest": digest})
    except IntegrityError:  # somebody stored the same picture in this moment
        return QuestionPicture.objects.get(digest=digest)
    return row


def stored_picture(digest: str) -> QuestionPicture | None:
    """The picture of that digest, None when there is none."""
    return QuestionPicture.objects.filter(digest=digest).first() if digest else None
