"""阅卷: pages for those who mark answers by hand, without seeing whose they are."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from exams.attempts.models import OpenAnswer
from exams.marking.actions import CannotMark, give_mark
from exams.marking.forms import MarkForm
from exams.marking.queries import exams_to_mark, has_sat, marking_progress, marking_sheet, next_to_mark, of_exam
from exams.papers.models import Exam
from exams.papers.queries import managed_exams
from exams.papers.sitting import Marking
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import exam_office
from lms.kit.clock import current_time
from lms.kit.db import StaleState


@require_GET
@allow(exam_office)
def to_mark(request: SanzhenRequest) -> HttpResponse:
    """Exams with answers that wait for this person."""
    exams = exams_to_mark(request.standing, person_id=request.user.pk)
    return render(request, "exams/marking/list.html", {"exams": exams})


def managed_exam(request: SanzhenRequest, pk: int) -> Exam:
    """An exam that this person may change; raises Http404."""
    return get_object_or_404(managed_exams(request.standing), pk=pk)


@require_GET
@allow(exam_office)
def marking(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Progress by question."""
    exam = managed_exam(request, pk)
    lines = marking_progress(exam, person_id=request.user.pk)
    context: dict[str, Any] = {
        "exam": exam,
        "lines": lines,
        "waiting": sum(line.waiting for line in lines),
        "mine": sum(line.mine for line in lines),
        "apart": sum(line.apart for line in lines),
        "double": exam.marking == Marking.DOUBLE,
        "sat": has_sat(pk, person_id=request.user.pk),
    }
    return render(request, "exams/marking/progress.html", context)


@require_GET
@allow(exam_office)
def mark_next(request: SanzhenRequest, pk: int, version: int) -> HttpResponse:
    """To the next answer of one question that has no mark."""
    exam = managed_exam(request, pk)
    found = next_to_mark(exam, version_id=version, part=request.GET.get("part", ""), person_id=request.user.pk)
    return redirect("exams:marking", pk) if found is None else redirect("exams:mark", pk, found)


@allow(exam_office)
def mark(request: SanzhenRequest, pk: int, answer: int) -> HttpResponse:
    """One answer: text, expected points, and what it is given."""
    exam = managed_exam(request, pk)
    if has_sat(pk, person_id=request.user.pk):
        return redirect("exams:marking", pk)  # the page says why
    rows = of_exam(pk).select_related("answer__attempt", "version__picture")
    open_answer = get_object_or_404(rows, pk=answer)
    sheet = marking_sheet(exam, open_answer, person_id=request.user.pk)
    form = MarkForm(request.POST or None, sheet=sheet)
    if request.method == "POST" and form.is_valid():
        return take(request, exam, open_answer, form)
    return render(request, "exams/marking/mark.html", {"exam": exam, "sheet": sheet, "form": form})


def take(request: SanzhenRequest, exam: Exam, open_answer: OpenAnswer, form: MarkForm) -> HttpResponse:
    """Give the mark and go on to the next answer of this question."""
    seen = form.cleaned_data["seen"]
    try:
        give_mark(open_answer=open_answer, given=form.given(), marks_seen=seen, by=request.user, now=current_time())
    except CannotMark as refused:
        messages.error(request, REFUSALS.get(refused.reason, REFUSALS["graded"]))
        return redirect("exams:marking", exam.pk)
    except StaleState:
        messages.error(request, _("别人刚刚给这份答案打了分，你的没有保存。请看过再定。"))
        return redirect("exams:mark", exam.pk, open_answer.pk)
    found = next_to_mark(
        exam, version_id=open_answer.version_id, part=open_answer.part, person_id=request.user.pk, after=open_answer.pk
    )
    if found is None:
        messages.success(request, _("这道题要你阅的答案都阅完了。"))
        return redirect("exams:marking", exam.pk)
    return redirect("exams:mark", exam.pk, found)


REFUSALS = {
    "sat": gettext_lazy("你考过这场考试，不能阅卷。"),
    "graded": gettext_lazy("这份答卷已经出了成绩，评分不能再改。"),
    "settled": gettext_lazy("这份答案已经有两个人阅过，不能再改。"),
    "needless": gettext_lazy("这道题的答案已经更正，不用再阅。"),
    "void": gettext_lazy("这份答卷已经作废，不用再阅。"),
    "points": gettext_lazy("得分不能超过这道题的满分。"),
}
