"""From an uploaded photo to the small one that is kept (no ORM)."""

import base64
from io import BytesIO
from typing import BinaryIO

from PIL import Image

from exams.bank.formats.pictures import strict_decoding
from exams.bank.pictures import MAX_BYTES, TOO_HEAVY, Unusable, decoded, opened

LARGEST = (480, 640)  # pixels: enough to know a face again, too little for anything else
QUALITY = 82


def portrait(file: BinaryIO, size: int) -> bytes:
    """A fresh, small JPEG of the pixels alone: no metadata, no place. Raises exams.bank.pictures.Unusable."""
    if size > MAX_BYTES:
        raise Unusable(TOO_HEAVY)
    with strict_decoding():
        pixels, _ = decoded(opened(file))
    pixels.thumbnail(LARGEST, Image.Resampling.LANCZOS)
    clean = Image.new("RGB", pixels.size)
    clean.paste(pixels.convert("RGB"))
    buffer = BytesIO()
    clean.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return buffer.getvalue()


def as_text(jpeg: bytes) -> str:
    """For the encrypted column."""
    return base64.b64encode(jpeg).decode()


def from_text(text: str) -> bytes:
    """The inverse of `as_text`."""
    return base64.b64decode(text)
