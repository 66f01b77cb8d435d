"""Printing leaves a trace."""

from datetime import datetime

from exams.papers.models import Exam, Paper
from exams.papers.printing_sheets import Stamp, sheet_pdf
from lms.audit.actions import record
from lms.people.models import User


def print_paper(*, exam: Exam, paper: Paper, sheet: str, by: User, now: datetime) -> bytes:
    """PDF of a sheet; the number of its audit entry stands at the foot of every page.

    The entry is written first and stays when drawing fails: a copy too many is on record, never one too few.
    """
    entry = record(
        action="paper.printed", by=by, now=now, target=paper, enterprise_id=exam.enterprise_id,
        detail={"exam": exam.pk, "paper": paper.number, "sheet": sheet},
    )  # fmt: skip
    return sheet_pdf(exam, paper, sheet, stamp=Stamp(number=entry.sequence, at=now))
