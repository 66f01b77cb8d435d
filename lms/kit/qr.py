"""QR codes as inline SVG."""

import io

import segno


def qr_svg(text: str, *, error: str = "m") -> str:
    """SVG markup of a QR code without size (CSS decides) and without inline style."""
    buffer = io.BytesIO()
    segno.make(text, error=error, micro=False).save(
        buffer, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, svgclass=None, lineclass=None
    )
    return buffer.getvalue().decode()
