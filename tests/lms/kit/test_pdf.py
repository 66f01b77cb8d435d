"""The renderer of PDF reads its own files and embedded pictures, nothing else."""

import base64
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image
from pypdf import PdfReader

from lms.kit.pdf import ForbiddenAddressError, own_file, render_pdf

STATIC = Path(settings.BASE_DIR) / "lms" / "static" / "lms"


def picture() -> str:
    stream = BytesIO()
    Image.new("RGB", (4, 3), "#0c5950").save(stream, "PNG")
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"


def test_embedded_picture_is_drawn():
    pdf = render_pdf(f'<p>图</p><img src="{picture()}">', stylesheets=())
    assert [(image.image.width, image.image.height) for image in PdfReader(BytesIO(pdf)).pages[0].images] == [(4, 3)]


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/a.png", "https://example.org/a.png", "file:///etc/passwd", "ftp://example.org/a",
        f"file://{settings.BASE_DIR}/manage.py", f"file://{STATIC}/../../../manage.py", f"file://{STATIC}/%2e%2e/%2e%2e/%2e%2e/manage.py",
    ],
)  # fmt: skip
def test_foreign_addresses_stop_the_drawing(address):
    with pytest.raises(ForbiddenAddressError):
        render_pdf(f'<img src="{address}">', stylesheets=())


def test_own_static_files_are_read():
    assert own_file(f"file://{STATIC}/favicon.svg") == (STATIC / "favicon.svg").resolve()
