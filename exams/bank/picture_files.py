"""Pictures from strangers: recognised by what they are, bounded in size (pure)."""

import io
import warnings
from dataclasses import dataclass

from PIL import Image

# What browsers show without asking: no SVG, which can run scripts.
MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}
SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp", "image/gif": ".gif"}
MAX_BYTES, MAX_PIXELS = 10 * 1024 * 1024, 40_000_000


class BadPicture(ValueError):
    """Not a picture that can be shown; `reason`: kind, size, broken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """Media type and size in pixels."""

    media_type: str
    width: int
    height: int


def picture_facts(data: bytes) -> PictureFacts:
    """What a picture is, told by its bytes. Raises BadPicture.

    The size is read from the header before any pixel; then the whole picture is decoded once, so that a file that
    only begins like a picture is found.
    """
    if len(data) > MAX_BYTES:
        raise BadPicture("size")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=list(MEDIA_TYPES)) as picture:
                kind, (width, height) = picture.format or "", picture.size
                if width * height > MAX_PIXELS:
                    raise BadPicture("size")
                picture.load()
    except BadPicture:
        raise
    except Image.UnidentifiedImageError as error:
        raise BadPicture("kind") from error
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadPicture("broken") from error
    return PictureFacts(MEDIA_TYPES[kind], width, height)
