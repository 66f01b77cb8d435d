"""Pages of question exports: what and in which format, then what came of it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from exams.bank.exchange_forms import ExportForm
from exams.bank.export_actions import EXPORT_JOB, FORMATS, start_export
from exams.bank.list_forms import FilterForm, in_words
from exams.bank.queries import matching
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import question_bank
from lms.jobs.models import Job, JobStatus
from lms.kit.clock import current_date


@allow(question_bank)
def question_export(request: SanzhenRequest) -> HttpResponse:
    """Choose a format for the questions that the filters in the address leave; the file is made in the background."""
    form = ExportForm(request.POST or None)
    query = request.GET.copy()
    query.pop("page", None)
    if request.method == "POST" and form.is_valid():
        job = start_export(format_name=form.cleaned_data["format"], query=query.urlencode(), by=request.user)
        return redirect("jobs:job", pk=job.pk)
    filters = FilterForm(query, person_id=request.user.pk, today=current_date())
    count = matching(filters.filters()).order_by().values("pk").distinct().count()
    shown = [(field.label, in_words(field)) for field in filters if field.data]
    context = {"form": form, "count": count, "shown": shown, "query": query.urlencode(), "formats": FORMATS.items()}
    return render(request, "exams/bank/export.html", context)


@allow(question_bank)
def question_export_job(request: SanzhenRequest, pk: int) -> HttpResponse:
    """How many were written, what was left out, the file."""
    jobs = Job.objects.within(request.standing.scope).filter(kind=EXPORT_JOB)
    job = get_object_or_404(jobs, pk=pk)
    if job.status != JobStatus.DONE:
        return redirect("jobs:job", pk=pk)
    made = FORMATS.get(job.result.get("format", ""))
    return render(request, "exams/bank/export_result.html", {"job": job, "format": made})
