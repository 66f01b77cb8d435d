"""The still that a page sends, typed (no ORM)."""

import base64
import binascii
from io import BytesIO

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from exams.attempts.packets import BadPacket, problems_of
from exams.bank.pictures import Unusable
from exams.proctoring.photos import portrait

MOST_BYTES = 300_000  # of a picture of 480 × 360, many times what it takes
MOST_TEXT = MOST_BYTES // 3 * 4


class StillPacket(BaseModel):
    """`image`: a JPEG in base64."""

    model_config = ConfigDict(extra="forbid", strict=True)

    image: str = Field(max_length=MOST_TEXT)


def parse_still(body: bytes) -> bytes:
    """The picture in a request, decoded and encoded afresh; raises BadPacket."""
    try:
        raw = base64.b64decode(StillPacket.model_validate_json(body).image, validate=True)
        return portrait(BytesIO(raw), len(raw))
    except ValidationError as error:
        raise BadPacket(problems_of(error)) from None
    except (Unusable, binascii.Error):
        raise BadPacket([{"where": "image", "what": "not_a_picture"}]) from None
