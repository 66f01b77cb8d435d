"""Pages of the exam office."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exams.papers import actions
from exams.papers.checks import blocking, publication_checks
from exams.papers.editor import ORDERS, ExamForms, exam_forms
from exams.papers.forms import ExamFilterForm
from exams.papers.live import IDLE
from exams.papers.live_queries import stock_on
from exams.papers.live_views import found_questions, panel_of
from exams.papers.models import AssemblyMethod, Exam, ExamStatus
from exams.papers.printing_sheets import SHEETS
from exams.papers.quarantine import quarantined_in_exam
from exams.papers.queries import (
    blueprint_total,
    has_written_answers,
    known_subjects,
    listed,
    managed_exams,
    paper_with_items,
    sections_of,
    visible_exams,
)
from exams.papers.report_queries import fixed_total, report_of
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import exam_office, question_reviewers
from lms.jobs.models import JobStatus
from lms.kit.clock import current_date, current_time
from lms.kit.db import StaleState

PER_PAGE = 25


@allow(exam_office)
def exam_list(request: SanzhenRequest) -> HttpResponse:
    """Exams that this person may look at, with filters in the address."""
    form = ExamFilterForm(request.GET)
    page = Paginator(listed(request.standing, form.filters()), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "exams/papers/list.html", {"form": form, "page": page, "now": current_time()})


def edit_page(request: SanzhenRequest, exam: Exam | None, forms: ExamForms) -> HttpResponse:
    """The page with the forms; checked against the bank or with questions found when that was asked for."""
    looking = forms.may_fix and {"find", "pick"} & request.POST.keys()
    stock = stock_on(current_date())
    context = {
        "exam": exam,
        "forms": forms,
        "subjects": known_subjects(),
        "stock": stock,
        "panel": panel_of(forms) if forms.exam.is_bound else IDLE,
        "found": found_questions(forms.find) if looking else None,
    }
    return render(request, "exams/papers/edit.html", context)


def saving(request: SanzhenRequest, forms: ExamForms) -> bool:
    """Whether the form was sent to be saved, and can be."""
    return request.method == "POST" and not request.POST.keys() & set(ORDERS) and forms.valid()


@allow(exam_office)
def exam_new(request: SanzhenRequest) -> HttpResponse:
    """Make an exam."""
    forms = exam_forms(request, None)
    if not saving(request, forms):
        return edit_page(request, None, forms)
    exam = actions.create_exam(**forms.values(), by=request.user, now=current_time())
    messages.success(request, _("已保存。请核对后发布。"))
    return redirect("exams:exam_publish", pk=exam.pk)


@allow(exam_office)
def exam_edit(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Change a draft; a published exam can only be looked at."""
    exam = get_object_or_404(managed_exams(request.standing), pk=pk)
    if exam.status != ExamStatus.DRAFT:
        messages.info(request, _("已发布的考试不能再改。"))
        return redirect("exams:exam_publish", pk=pk)
    forms = exam_forms(request, exam)
    before = Exam.objects.get(pk=pk)  # validation writes into the form's own copy
    if not saving(request, forms):
        return edit_page(request, before, forms)
    try:
        before.revision = posted_number(request, "revision")
        actions.update_exam(exam=before, **forms.values(), by=request.user, now=current_time())
        messages.success(request, _("已保存。请核对后发布。"))
    except StaleState:
        messages.error(request, _("别人刚刚改了这场考试，你的改动没有保存。"))
        return redirect("exams:exam_edit", pk=pk)
    return redirect("exams:exam_publish", pk=pk)


def posted_number(request: SanzhenRequest, name: str) -> int:
    """A number from a hidden field; 0 for none."""
    text = request.POST.get(name, "")
    return int(text) if text.isdigit() else 0


@allow(exam_office)
def exam_publish(request: SanzhenRequest, pk: int) -> HttpResponse:
    """The check page of a draft, or the facts of a published exam; POST starts the assembly."""
    if request.method == "POST":
        return start_publication(request, get_object_or_404(managed_exams(request.standing), pk=pk))
    exam = get_object_or_404(
        visible_exams(request.standing).select_related("enterprise", "assembly_job", "category"), pk=pk
    )
    context = exam_context(request, exam)
    if exam.status != ExamStatus.DRAFT:
        report = report_of(exam)
        context |= {"report": report, "papers": sorted(report.papers, key=lambda paper: paper.number)}
        context |= {"now": current_time(), "may_read": context["managed"] and question_reviewers(request)}
        context |= {"by_hand": has_written_answers(exam), "lapsed": quarantined_in_exam(exam.pk)}
        return render(request, "exams/papers/published.html", context)
    checks = publication_checks(exam, now=current_time())
    job = exam.assembly_job
    busy = job is not None and job.status in (JobStatus.QUEUED, JobStatus.RUNNING)
    context |= {"checks": checks, "missing": blocking(checks), "busy": busy, "job": job}
    return render(request, "exams/papers/publish.html", context)


def exam_context(request: SanzhenRequest, exam: Exam) -> dict[str, Any]:
    """What both pages say about an exam."""
    sections, fixed = sections_of(exam), exam.method == AssemblyMethod.FIXED
    return {
        "exam": exam,
        "sections": sections,
        "shares": exam.shares.select_related("topic", "industry"),
        "total": fixed_total(exam) if fixed else blueprint_total(sections),
        "managed": managed_exams(request.standing).filter(pk=exam.pk).exists(),
        "audiences": exam.audiences.select_related("category", "industry", "enterprise"),
    }


def start_publication(request: SanzhenRequest, exam: Exam) -> HttpResponse:
    """Start the job, or say what is missing."""
    try:
        job = actions.publish_exam(exam=exam, by=request.user, now=current_time())
    except actions.NotReady as problem:
        messages.error(request, "；".join(check.title for check in problem.checks))
        return redirect("exams:exam_publish", pk=exam.pk)
    return redirect("jobs:job", pk=job.pk)


@allow(exam_office)
def exam_assembled(request: SanzhenRequest, pk: int) -> HttpResponse:
    """From a finished assembly job to its exam."""
    exam = get_object_or_404(visible_exams(request.standing), assembly_job_id=pk)
    return redirect("exams:exam_publish", pk=exam.pk)


@allow(question_reviewers)
def exam_paper(request: SanzhenRequest, pk: int, number: int) -> HttpResponse:
    """One assembled paper, keys marked: for reviewers only, because managers sit exams themselves."""
    exam = get_object_or_404(managed_exams(request.standing), pk=pk)
    paper = paper_with_items(exam, number)
    if paper is None:
        raise Http404
    return render(request, "exams/papers/paper.html", {"exam": exam, "paper": paper, "sheets": SHEETS})


@require_POST
@allow(exam_office)
def exam_close(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Close a published exam."""
    exam = get_object_or_404(managed_exams(request.standing), pk=pk)
    try:
        actions.close_exam(exam=exam, by=request.user, now=current_time())
        moment = timezone.localtime(current_time()).strftime("%H:%M")
        messages.success(request, _("考试已于 %(moment)s 结束，不能再开考。") % {"moment": moment})
    except StaleState:
        messages.error(request, _("这场考试现在不能结束。"))
    return redirect("exams:exam_publish", pk=pk)
