"""Videos of lessons, in pieces: players seek by asking for byte ranges."""

import mimetypes
import re
from collections.abc import Iterator
from typing import IO

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from wagtail.documents import get_document_model

from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import signed_in

RANGE = re.compile(r"^bytes=(\d+)-(\d*)$")
PIECE = 64 * 1024
VIDEO_EXTENSIONS = ("webm", "mp4")


@allow(signed_in)
def video(request: SanzhenRequest, pk: int) -> HttpResponseBase:
    """A video file, whole or the range asked for (RFC 9110 §14)."""
    document = get_object_or_404(get_document_model(), pk=pk)
    if document.file_extension not in VIDEO_EXTENSIONS:
        return HttpResponse(status=404)
    kind = mimetypes.guess_type(document.filename)[0] or "application/octet-stream"
    asked = RANGE.match(request.headers.get("Range", ""))
    size = document.file.size
    file = document.file.open("rb")
    response: HttpResponseBase
    if asked is None:
        response = FileResponse(file, content_type=kind)
    else:
        first, last = int(asked[1]), min(int(asked[2] or size - 1), size - 1)
        if first > last:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        response = StreamingHttpResponse(pieces(file, first, last), status=206, content_type=kind)
        response["Content-Range"], response["Content-Length"] = f"bytes {first}-{last}/{size}", str(last - first + 1)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, max-age=86400"
    return response


def pieces(file: IO[bytes], first: int, last: int) -> Iterator[bytes]:
    """The bytes from `first` to `last`, both included."""
    with file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
