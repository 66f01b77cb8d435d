"""Pages that follow a clause to what rests on it and back, and the queue of questions whose clause has lapsed."""

import io

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from exams.bank.models import Question
from exams.bank.queries import expired, versions_of
from exams.bank.recite_actions import RECITE_JOB, start_recite
from exams.bank.standing import SAME_PLACE, ClauseStanding, counterparts, kinship, lapsed_clauses, questions_citing
from exams.papers.queries import visible_exams
from exams.tracing.queries import (
    affected_by,
    clause_by_code,
    clauses_of_exam,
    open_exams_with,
    questions_of_clause,
    trace_of,
    trace_rows,
    versions_citing,
)
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import exam_office, question_bank
from lms.jobs.models import Job
from lms.kit.clock import current_date, current_time
from lms.kit.sheets import write_rows

PER_PAGE = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def clause_or_404(code: str) -> ClauseStanding:
    """The clause of that code as it stands today."""
    clause = clause_by_code(code.lower(), on=current_date())
    if clause is None:
        raise Http404("no such clause")
    return clause


@allow(question_bank)
def clause_trace(request: SanzhenRequest, code: str) -> HttpResponse:
    """What rests on a clause: questions, papers, exams, sittings, certificates."""
    clause = clause_or_404(code)
    lines = questions_of_clause(clause.id)
    context = {
        "clause": clause,
        "lines": lines,
        "current": sum(line.current for line in lines),
        "trace": trace_of(versions_citing(clause.id), standing=request.standing, on=current_date()),
    }
    return render(request, "exams/tracing/clause.html", context)


@allow(question_bank)
def clause_trace_export(request: SanzhenRequest, code: str) -> HttpResponse:
    """The same as a workbook: version by version, paper by paper."""
    clause = clause_or_404(code)
    header = [_("题号"), _("题干"), _("版本"), _("是当前版本"), _("状态"), _("考试"), _("卷号"), _("考试状态")]
    note = f"{clause.code} {clause.article} {clause.rule}"
    buffer = io.BytesIO()
    rows = trace_rows(clause.id, standing=request.standing)
    write_rows(buffer, header=header, rows=rows, title=clause.code, notes=[note])
    response = HttpResponse(buffer.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{clause.code}.xlsx"'
    return response


@allow(question_bank)
def question_trace(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Where a question went: papers, exams, sittings, certificates, by version."""
    question = get_object_or_404(Question.objects.select_related("current"), pk=pk)
    today = current_date()
    context = {
        "question": question,
        "versions": versions_of(question),
        "trace": trace_of(question.versions.all(), standing=request.standing, on=today),
    }
    return render(request, "exams/tracing/question.html", context)


@allow(exam_office)
def exam_clauses(request: SanzhenRequest, pk: int) -> HttpResponse:
    """The clauses that an exam tests, and whether they are in force; no question is shown."""
    exam = get_object_or_404(visible_exams(request.standing), pk=pk)
    clauses = clauses_of_exam(exam, on=current_date())
    context = {"exam": exam, "clauses": clauses, "lapsed": sum(bool(row.clause.why) for row in clauses)}
    return render(request, "exams/tracing/exam.html", context)


@allow(question_bank)
def quarantine(request: SanzhenRequest) -> HttpResponse:
    """Questions whose clause is not in force, by clause, and what rests on them."""
    today, now = current_date(), current_time()
    lapsed = lapsed_clauses(on=today)
    page = Paginator(lapsed, PER_PAGE).get_page(request.GET.get("page"))
    affected = affected_by([clause.id for clause, _counts in page.object_list], on=today, now=now)
    context = {
        "page": page,
        "rows": [(clause, counts, affected.get(clause.id)) for clause, counts in page.object_list],
        "questions": sum(sum(counts.values()) for _clause, counts in lapsed),
        "exams": open_exams_with([clause.id for clause, _counts in lapsed], standing=request.standing, now=now),
        "expired": expired(on=today).count(),
    }
    return render(request, "exams/tracing/quarantine.html", context)


@allow(question_bank)
def clause_replace(request: SanzhenRequest, code: str) -> HttpResponse:
    """Let the questions of a lapsed clause cite the one that took its place."""
    clause = clause_or_404(code)
    if not clause.why:
        messages.info(request, _("%(code)s 现行有效，不用换。") % {"code": clause.code})
        return redirect("exams:clause_trace", code=clause.code)
    choices = counterparts(clause, on=current_date())
    if request.method == "POST":
        return replace_with(request, clause, choices)
    questions = questions_citing(clause.id).select_related("current", "topic")
    suggested = bool(choices) and kinship(clause, choices[0]) == SAME_PLACE
    context = {"clause": clause, "choices": choices, "questions": questions, "suggested": suggested}
    return render(request, "exams/tracing/replace.html", context)


def replace_with(request: SanzhenRequest, clause: ClauseStanding, choices: list[ClauseStanding]) -> HttpResponse:
    """Start the work, or say what is missing."""
    chosen = {choice.code: choice for choice in choices}.get(request.POST.get("new", ""))
    ids = [int(text) for text in request.POST.getlist("question") if text.isdigit()]
    wanted = list(questions_citing(clause.id, ids).values_list("pk", flat=True))
    if chosen is None or not wanted:
        messages.error(request, _("请选一条新的条目，并至少勾选一道题。什么都没有改。"))
        return redirect("exams:clause_replace", code=clause.code)
    job = start_recite(old=(clause.id, clause.code), new=(chosen.id, chosen.code), question_ids=wanted, by=request.user)
    return redirect("jobs:job", pk=job.pk)


@allow(question_bank)
def recite_result(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Say what came of replacing a clause, and go on with the queue."""
    job = get_object_or_404(Job.objects.within(request.standing.scope), pk=pk, kind=RECITE_JOB)
    stale = job.result.get("stale", [])
    messages.success(
        request, _("%(count)s 道题有了新版本，等别人审核后重新进入组卷。") % {"count": job.result.get("revised", 0)}
    )
    if stale:
        messages.warning(request, _("这些题别人刚刚改过，没有动：%(codes)s") % {"codes": "、".join(stale)})
    return redirect("exams:quarantine")
