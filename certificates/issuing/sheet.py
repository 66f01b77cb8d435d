"""The printed sheet: frozen facts → HTML → PDF."""

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe

from certificates.issuing.guilloche import border
from certificates.issuing.models import Certificate
from lms.kit.pdf import render_pdf
from lms.kit.qr import qr_svg

STYLE = Path(settings.BASE_DIR) / "certificates" / "static" / "certificates" / "pdf.css"


def verify_address(certificate: Certificate) -> str:
    """The public address behind the QR code."""
    return settings.PUBLIC_ORIGIN + reverse("certificates:verify", args=[certificate.verify_code])


def chinese_day(text: str) -> str:
    """`2026-11-24` → `2026 年 11 月 24 日`."""
    day = date.fromisoformat(text)
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def period(started: str, ended: str) -> str:
    """`2026 年 11 月 2 日至 11 月 24 日`; one day only once, years only where they differ."""
    if not ended or started == ended:
        return chinese_day(ended or started)
    first, last = date.fromisoformat(started), date.fromisoformat(ended)
    if first.year == last.year:
        return f"{chinese_day(started)}至 {last.month} 月 {last.day} 日"
    return f"{chinese_day(started)}至 {chinese_day(ended)}"


def sheet_context(certificate: Certificate) -> dict[str, Any]:
    """Everything that the template prints."""
    facts = certificate.facts
    return {
        "certificate": certificate,
        "facts": facts,
        "period": period(facts["started_on"], facts["ended_on"]) if facts.get("ended_on") else "",
        "issued": chinese_day(certificate.issued_on.isoformat()),
        "valid_until": chinese_day(certificate.valid_until.isoformat()),
        "border": border(),
        "qr": mark_safe(qr_svg(verify_address(certificate))),  # noqa: S308 – our own SVG
        "dense": len(facts["employer"]) + len(certificate.course_title) + len(facts["name"]) > 40,
    }


def certificate_pdf(certificate: Certificate) -> bytes:
    """A4 landscape PDF, one page."""
    html = render_to_string("certificates/issuing/pdf.html", sheet_context(certificate))
    return render_pdf(html, stylesheets=(STYLE,))
