"""开考准备: how an exam stands before its day, and the self-test."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from exams.papers.queries import managed_exams
from exams.proctoring.readiness import lines_of, summary
from exams.proctoring.readiness_queries import people_with_gaps, readiness_of
from exams.proctoring.selftest import SELF_TEST_JOB
from exams.proctoring.selftest_actions import start_self_test
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import exam_office
from lms.jobs.models import Job
from lms.kit.clock import current_time


@require_GET
@allow(exam_office)
def readiness(request: SanzhenRequest, pk: int) -> HttpResponse:
    """One line for everything that an exam needs."""
    exam = get_object_or_404(managed_exams(request.standing).select_related("enterprise"), pk=pk)
    now = current_time()
    found = readiness_of(exam, now=now)
    lines = lines_of(found, now=now)
    context = {
        "exam": exam,
        "lines": [(line, line.link if line.link and line.link.rule(request) else None) for line in lines],
        "summary": summary(lines),
        "people": people_with_gaps(exam, request.standing, on=found.day),
        "may_test": found.papers.papers > 0,
    }
    return render(request, "exams/proctoring/readiness.html", context)


@require_POST
@allow(exam_office)
def start_test(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Start the self-test of saving."""
    exam = get_object_or_404(managed_exams(request.standing), pk=pk)
    job = start_self_test(exam=exam, by=request.user)
    return redirect("jobs:job", job.pk)


@require_GET
@allow(exam_office)
def self_tested(request: SanzhenRequest, pk: int) -> HttpResponse:
    """From a finished self-test to the report of its exam."""
    job = get_object_or_404(Job.objects.within(request.standing.scope), pk=pk, kind=SELF_TEST_JOB)
    exam = get_object_or_404(managed_exams(request.standing), pk=job.params.get("exam"))
    return redirect("exams:readiness", exam.pk)
