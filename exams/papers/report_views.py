"""The report of an exam's papers."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from exams.papers.models import ExamStatus
from exams.papers.queries import visible_exams
from exams.papers.report_page import report_page
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import exam_office


@allow(exam_office)
def exam_report(request: SanzhenRequest, pk: int) -> HttpResponse:
    """What the papers are like; no question is shown, so whoever sees the exam may see this."""
    exam = get_object_or_404(visible_exams(request.standing), pk=pk)
    if exam.status == ExamStatus.DRAFT:
        return redirect("exams:exam_publish", pk=pk)
    return render(request, "exams/papers/report.html", {"exam": exam, "page": report_page(exam)})
