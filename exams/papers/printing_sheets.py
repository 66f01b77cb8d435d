"""The printed sheets of a paper as PDF: questions, answer sheet, key."""

import base64
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from exams.bank.bodies import plain
from exams.bank.models import QuestionPicture, QuestionType
from exams.papers.models import Exam, Paper, PaperItem
from exams.papers.printing import GRID_COLUMNS, GRID_ROWS, Picture, PrintedPart, Source, printed_parts
from lms.kit.pdf import render_pdf

STYLE = Path(settings.BASE_DIR) / "exams" / "static" / "exams" / "print.css"
SEAL = "密封线内不要答题"
SHEETS = {"questions": _("试题"), "answers": _("答题卡"), "key": _("答案与解析")}


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every page says about its printing: number of the audit entry, and when."""

    number: int
    at: datetime


def parts_of(paper: Paper) -> list[PrintedPart]:
    """The paper in parts, pictures embedded."""
    pictures: dict[int, str] = {}
    sources = []
    for item in paper.items.all():
        version, judged = item.version, item.judged_by
        picture = None
        if version.picture is not None:
            address = pictures.setdefault(version.picture.pk, data_address(version.picture))
            picture = Picture(address, version.picture.width, version.picture.height, version.picture_alt)
        sources.append(
            Source(
                type=version.type,
                stem=version.stem,
                options=version.options,
                key=judged.key,
                points=item.points,
                explanation=printed_explanation(item),
                clauses=tuple(f"{clause.article}（{clause.code}）" for clause in version.clauses.all()),
                picture=picture,
            )
        )
    return printed_parts(sources)


def printed_explanation(item: PaperItem) -> str:
    """For the sheet with the key; what was corrected after the exam stands first."""
    ruling = item.ruling and _("【更正】%(ruling)s：%(reason)s") % {
        "ruling": item.ruling, "reason": item.correction.reason if item.correction else "",
    }  # fmt: skip
    return "\n".join(filter(None, [str(ruling), item.judged_by.explanation]))


def data_address(picture: QuestionPicture) -> str:
    """The picture inside the document: the renderer fetches nothing."""
    with picture.file.open("rb") as stream:
        return f"data:{picture.media_type};base64,{base64.b64encode(stream.read()).decode()}"


def sheet_pdf(exam: Exam, paper: Paper, sheet: str, *, stamp: Stamp) -> bytes:
    """PDF of one of `SHEETS`. What is printed is Chinese whatever the language of the reader: candidates read it."""
    with override("zh-hans"):
        html = render_to_string(f"exams/papers/print/{sheet}.html", sheet_context(exam, paper, sheet, stamp))
    return render_pdf(html, stylesheets=(STYLE,))


def sheet_context(exam: Exam, paper: Paper, sheet: str, stamp: Stamp) -> dict[str, Any]:
    """What the templates need."""
    parts = parts_of(paper)
    return {
        "exam": exam,
        "paper": paper,
        "parts": parts,
        "kinds": dict(QuestionType.choices),
        "sheet": SHEETS[sheet],
        "count": sum(len(part.questions) for part in parts),
        "pass_points": plain(paper.total_points * exam.pass_percent / 100),
        "seal": [(char, 110 + 106 * place) for place, char in enumerate(SEAL[::-1])],
        "stamp": stamp,
        "moment": timezone.localtime(stamp.at),
        "across": [chr(ord("A") + place) for place in range(GRID_COLUMNS)],
        "down": range(1, GRID_ROWS + 1),
    }
