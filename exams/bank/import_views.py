"""Pages of question imports: upload, dry run, confirmation."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exams.bank.exchange_forms import ConfirmForm, UploadForm
from exams.bank.formats.opening import place_in_words
from exams.bank.formats.template import WAYS, write_template
from exams.bank.import_actions import confirm_import, start_import
from exams.bank.models import ImportProblem, QuestionImport
from exams.bank.problems import WARNINGS, ProblemKind
from exams.bank.queries import clause_choices, topic_choices
from exams.bank.sheet import HEADER, MORE
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import question_bank
from lms.jobs.models import JobStatus
from lms.kit.clock import current_time
from lms.kit.db import StaleState

PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """A problem with its place in words."""

    place: str
    problem: ImportProblem
    warning: bool


@allow(question_bank)
def question_import(request: SanzhenRequest) -> HttpResponse:
    """Upload a file; the check starts at once in the background."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        source = start_import(
            upload=form.cleaned_data["file"], by=request.user, now=current_time(),
            default_topic=form.cleaned_data["default_topic"],
        )  # fmt: skip
        return redirect("jobs:job", pk=source.job_id)
    recent = QuestionImport.objects.within(request.standing.scope).select_related("owner", "job")[:10]
    context = {
        "form": form, "recent": recent, "header": HEADER, "more": MORE, "topics": topic_choices(), "ways": WAYS,
    }  # fmt: skip
    return render(request, "exams/bank/import.html", context)


@allow(question_bank)
def question_import_result(request: SanzhenRequest, pk: int) -> HttpResponse:
    """The dry run, or what came of the import: every problem with its row, by kind."""
    sources = QuestionImport.objects.within(request.standing.scope).select_related("job", "default_topic")
    source = get_object_or_404(sources, pk=pk)
    if source.job and source.job.status in (JobStatus.QUEUED, JobStatus.RUNNING):
        return redirect("jobs:job", pk=source.job_id)
    problems = source.problems.all()
    kind = request.GET.get("kind", "")
    if kind in ProblemKind.values:
        problems = problems.filter(kind=kind)
    page = Paginator(problems, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "source": source, "page": page, "lines": lines_of(page, source.facts.get("sheets", {})), "kind": kind,
        "kinds": kinds_of(source), "near": source.figures.get(ProblemKind.NEAR_DUPLICATE, 0),
        "lost": source.figures.get(ProblemKind.LOST_DETAIL, 0),
    }  # fmt: skip
    return render(request, "exams/bank/import_result.html", context)


def lines_of(problems: Iterable[ImportProblem], sheets: Mapping[str, str]) -> list[ProblemLine]:
    """Problems as the table shows them."""
    return [
        ProblemLine(place_in_words(problem.row, sheets), problem, warning=problem.kind in WARNINGS)
        for problem in problems
    ]


def kinds_of(source: QuestionImport) -> list[tuple[str, str, int, bool]]:
    """The kinds that occur: value, label, number of questions, whether they are warnings; warnings last."""
    found = [
        (value, str(label), source.figures[value], value in WARNINGS)
        for value, label in ProblemKind.choices
        if value in source.figures
    ]
    return sorted(found, key=lambda row: row[3])


@allow(question_bank)
def question_import_job(request: SanzhenRequest, pk: int) -> HttpResponse:
    """From a finished job to the page of its import."""
    source = get_object_or_404(QuestionImport.objects.within(request.standing.scope), job_id=pk)
    return redirect("exams:question_import_result", pk=source.pk)


@require_POST
@allow(question_bank)
def question_import_apply(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Write the good questions."""
    source = get_object_or_404(QuestionImport.objects.within(request.standing.scope).select_related("job"), pk=pk)
    form = ConfirmForm(request.POST)
    choice = form.cleaned_data["leave_out_similar"] if form.is_valid() else False
    try:
        job = confirm_import(source=source, by=request.user, now=current_time(), leave_out_similar=choice)
    except StaleState:
        messages.info(request, _("这次导入已经处理过了。"))
        return redirect("exams:question_import_result", pk=pk)
    return redirect("jobs:job", pk=job.pk)


@allow(question_bank)
def question_template(request: SanzhenRequest) -> HttpResponse:
    """An empty sheet with an example of every type, and a page that says how each is written."""
    buffer = io.BytesIO()
    write_template(buffer, [clause.code for clause in clause_choices()[:3]])
    response = HttpResponse(buffer.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="questions.xlsx"'
    return response
