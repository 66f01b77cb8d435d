"""Pictures inside question files: believed only after they were decoded (pure)."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from threading import RLock

from PIL import Image, ImageFile

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What a picture really is; width and height in pixels."""

    media_type: str
    width: int
    height: int


decoding = RLock()


@contextmanager
def strict_decoding() -> Iterator[None]:
    """Decode pictures that must be whole: WeasyPrint lets Pillow forgive cut-off files in the whole process."""
    with decoding:
        before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


@lru_cache(maxsize=2)
def picture_facts(data: bytes) -> PictureFacts | None:
    """Facts of a PNG, JPEG, GIF or WebP; None for anything else, for broken ones and for more than 40 megapixels."""
    if not 0 < len(data) <= MOST_BYTES:
        return None
    try:
        with strict_decoding(), Image.open(io.BytesIO(data), formats=list(MEDIA_TYPES)) as picture:
            width, height = picture.size
            if not 0 < width * height <= MOST_PIXELS:
                return None
            picture.load()
            return PictureFacts(MEDIA_TYPES[str(picture.format)], width, height)
    except Exception:  # decoders of hostile bytes raise whatever they like
        return None
