"""更正答案: for reviewers, because it shows keys; nothing changes before somebody has seen who changes and how."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from exams.bank.models import QuestionVersion
from exams.marking.correction_actions import start_correction
from exams.marking.correction_forms import CorrectionForm
from exams.marking.correction_queries import items_now, preview, question_lines
from exams.marking.queries import has_sat
from exams.papers.correction_actions import CannotCorrect, corrected_key, same_as, standing_correction
from exams.papers.correction_models import Correction, CorrectionKind
from exams.papers.models import Exam, ExamStatus
from exams.papers.queries import managed_exams
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import question_reviewers
from lms.kit.clock import current_time
from lms.kit.db import StaleState

PER_PAGE = 50
SHOWN = 200  # changed attempts that a preview lists; the figures count all


def correctable_exam(request: SanzhenRequest, pk: int) -> Exam:
    """An exam with papers that this person manages; raises Http404."""
    return get_object_or_404(managed_exams(request.standing).exclude(status=ExamStatus.DRAFT), pk=pk)


@require_GET
@allow(question_reviewers)
def corrections(request: SanzhenRequest, pk: int) -> HttpResponse:
    """The questions of an exam, those that went worst first."""
    exam = correctable_exam(request, pk)
    page = Paginator(question_lines(exam), PER_PAGE).get_page(request.GET.get("page"))
    context = {"exam": exam, "page": page, "sat": has_sat(pk, person_id=request.user.pk)}
    return render(request, "exams/marking/corrections.html", context)


@require_http_methods(["GET", "POST"])
@allow(question_reviewers)
def correction(request: SanzhenRequest, pk: int, version: int) -> HttpResponse:
    """One question: its key, what was decided before, what a decision would change, and the decision."""
    exam = correctable_exam(request, pk)
    if has_sat(pk, person_id=request.user.pk):
        return redirect("exams:corrections", pk)  # the page says why
    question = version_in(exam, version)
    form = CorrectionForm(request.POST or None, kinds=kinds_for(exam, question))
    if request.POST.get("seen") and not form.is_valid():  # pressed twice, or decided by somebody else meanwhile
        messages.info(request, REFUSALS["needless"])
        return redirect("exams:correction", pk, version)
    found = None
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["seen"] and (answer := confirm(request, exam, question, form)):
            return answer
        found = preview(exam, question, form.chosen)
    return render(request, "exams/marking/correction.html", page_of(exam, question, form) | {"preview": found})


def version_in(exam: Exam, pk: int) -> QuestionVersion:
    """A question version of the exam's papers; raises Http404."""
    rows = QuestionVersion.objects.filter(pk__in=exam.papers.values("items__version"))
    return get_object_or_404(rows.select_related("question__current", "picture").prefetch_related("clauses"), pk=pk)


def kinds_for(exam: Exam, version: QuestionVersion) -> list[CorrectionKind]:
    """What would change something."""
    standing, source = standing_correction(exam, version.pk), corrected_key(version)
    return [
        kind
        for kind in CorrectionKind
        if not (kind == CorrectionKind.KEY and source is None)
        and not same_as(standing, kind, source if kind == CorrectionKind.KEY else None)
    ]


def page_of(exam: Exam, version: QuestionVersion, form: CorrectionForm) -> dict[str, Any]:
    """What the page always shows."""
    history = Correction.objects.filter(exam=exam, version=version).select_related("by", "job", "source")
    points = max(item.points for item in items_now(exam, version.pk).values())
    return {
        "exam": exam, "version": version, "form": form, "source": corrected_key(version),
        "history": history.order_by("-pk"), "shown": SHOWN, "points": points,
    }  # fmt: skip


def confirm(request: SanzhenRequest, exam: Exam, version: QuestionVersion, form: CorrectionForm) -> HttpResponse | None:
    """Carry out what was previewed; None when the preview has to be looked at again."""
    data = form.cleaned_data
    try:
        made = start_correction(
            exam=exam, version=version, kind=form.chosen, seen=data["seen"], by=request.user, reason=data["reason"],
            now=current_time(),
        )  # fmt: skip
    except StaleState:
        messages.warning(request, _("这期间又有人交卷或者改了成绩，请再看一遍。"))
        return None
    except CannotCorrect as refused:
        messages.error(request, REFUSALS[refused.reason])
        return redirect("exams:corrections", exam.pk)
    messages.success(request, _("已更正，正在重判。"))
    return redirect("jobs:job", made.job_id)


@require_GET
@allow(question_reviewers)
def regraded(request: SanzhenRequest, pk: int) -> HttpResponse:
    """From a finished job to the question that was corrected."""
    made = get_object_or_404(Correction.objects.filter(exam__in=managed_exams(request.standing)), job_id=pk)
    return redirect("exams:correction", made.exam_id, made.version_id)


REFUSALS = {
    "draft": gettext_lazy("这场考试还没有发布。"),
    "foreign": gettext_lazy("这场考试的卷里没有这道题。"),
    "key": gettext_lazy("题库里没有审核通过、选项相同、答案不同的新版本。"),
    "needless": gettext_lazy("现在就是这样判的，不用改。"),
    "unexplained": gettext_lazy("请写明原因。"),
    "sat": gettext_lazy("你考过这场考试，不能更正它的答案。"),
}
