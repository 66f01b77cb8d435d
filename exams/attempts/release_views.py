"""成绩核准: how an exam went, and the button that releases its results."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from exams.attempts.release_actions import CannotApprove, approve_results
from exams.attempts.release_queries import result_figures
from exams.papers.models import ExamStatus, Release
from exams.papers.queries import managed_exams
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import exam_office
from lms.kit.clock import current_time
from lms.kit.db import StaleState


@require_http_methods(["GET", "POST"])
@allow(exam_office)
def results(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Figures without names; approving releases the results to everybody who sat the exam."""
    exam = get_object_or_404(managed_exams(request.standing).exclude(status=ExamStatus.DRAFT), pk=pk)
    if request.method == "POST":
        try:
            approve_results(exam=exam, by=request.user, now=current_time())
            messages.success(request, _("成绩已核准公布。"))
        except CannotApprove as refused:
            messages.error(request, REFUSALS[refused.reason])
        except StaleState:
            messages.info(request, _("别人刚刚已经核准。"))
        return redirect("exams:results", pk)
    waits = exam.release == Release.AFTER_APPROVAL and exam.results_approved_at is None
    return render(
        request, "exams/attempts/results.html", {"exam": exam, "figures": result_figures(exam), "waits": waits}
    )


REFUSALS = {
    "unfinished": gettext_lazy("还有人在答题，或者有答卷没阅完，等全部出分再核准。"),
    "nothing": gettext_lazy("还没有人交卷。"),
    "not_needed": gettext_lazy("这场考试不用核准，成绩按规则自动公布。"),
}
