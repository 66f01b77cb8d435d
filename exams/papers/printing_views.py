"""Printed papers: for reviewers only, as the paper page."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from exams.papers.printing_actions import print_paper
from exams.papers.printing_sheets import SHEETS
from exams.papers.queries import managed_exams, paper_with_items
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import question_reviewers
from lms.kit.clock import current_time


@require_POST
@allow(question_reviewers)
def paper_print(request: SanzhenRequest, pk: int, number: int, sheet: str) -> HttpResponse:
    """A sheet of a paper as PDF. A POST, because printing is recorded."""
    exam = get_object_or_404(managed_exams(request.standing), pk=pk)
    paper = paper_with_items(exam, number) if sheet in SHEETS else None
    if paper is None:
        raise Http404
    pdf = print_paper(exam=exam, paper=paper, sheet=sheet, by=request.user, now=current_time())
    name = f"{exam.title}-第{number}套-{SHEETS[sheet]}.pdf"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": disposition or "", "Cache-Control": "no-store"},
    )
