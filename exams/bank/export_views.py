"""Pages of question exports: what and in which format, then what came of it."""

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from exams.bank.exchange_forms import ExportForm, list_filters
from exams.bank.export_actions import EXPORT_JOB, FORMATS, start_export
from exams.bank.queries import listed
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
    filters = list_filters(query, person_id=request.user.pk, today=current_date())
    count = listed(filters.filters()).order_by().values("pk").distinct().count()
    labels = {"q": _("搜索"), "clause": _("判定标准编号")}
    shown = [
        (labels.get(name) or filters[name].label, words)
        for name in filters.fields
        if (words := words_of(filters, name))
    ]
    context = {"form": form, "count": count, "shown": shown, "query": query.urlencode(), "formats": FORMATS.items()}
    return render(request, "exams/bank/export.html", context)


def words_of(form: Form, name: str) -> str:
    """A filter's value as people read it, "" when it is not set."""
    value = str(form[name].value() or "")
    choices = dict(getattr(form.fields[name], "choices", ()))
    return next((str(label) for key, label in choices.items() if value and str(key) == value), value)


@allow(question_bank)
def question_export_job(request: SanzhenRequest, pk: int) -> HttpResponse:
    """How many were written, what was left out, the file."""
    jobs = Job.objects.within(request.standing.scope).filter(kind=EXPORT_JOB)
    job = get_object_or_404(jobs, pk=pk)
    if job.status != JobStatus.DONE:
        return redirect("jobs:job", pk=pk)
    made = FORMATS.get(job.result.get("format", ""))
    return render(request, "exams/bank/export_result.html", {"job": job, "format": made})
