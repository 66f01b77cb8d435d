"""The page of near-duplicates."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exams.bank.states import NotAllowed
from exams.bank.twin_actions import TWIN_JOB, decide_different, decide_enemies, decide_same, start_scan
from exams.bank.twin_models import TwinDecision, TwinPair
from exams.bank.twin_queries import pairs, shown
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import question_bank, question_reviewers
from lms.jobs.models import Job, JobStatus
from lms.kit.clock import current_time
from lms.kit.db import StaleState

PER_PAGE = 10


@allow(question_bank)
def twin_list(request: SanzhenRequest) -> HttpResponse:
    """Pairs of questions that say nearly the same, side by side, most alike first."""
    decision = request.GET.get("decision", "")
    decision = decision if decision in TwinDecision.values else TwinDecision.OPEN
    page = Paginator(pairs(decision), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "pairs": shown(list(page.object_list)),
        "decision": decision,
        "decisions": TwinDecision.choices,
        "may_decide": question_reviewers(request),
        "last": Job.objects.filter(kind=TWIN_JOB, status=JobStatus.DONE).order_by("-pk").first(),
    }
    return render(request, "exams/bank/twins.html", context)


@require_POST
@allow(question_reviewers)
def twin_scan(request: SanzhenRequest) -> HttpResponse:
    """Look through the whole bank."""
    return redirect("jobs:job", pk=start_scan(by=request.user).pk)


@allow(question_reviewers)
def twin_scan_job(request: SanzhenRequest, pk: int) -> HttpResponse:
    """From a finished scan to the page of pairs."""
    get_object_or_404(Job.objects.within(request.standing.scope), pk=pk, kind=TWIN_JOB)
    return redirect("exams:twin_list")


@require_POST
@allow(question_reviewers)
def twin_decide(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Same (retire one), near (one enemy group), or different."""
    pair = get_object_or_404(TwinPair.objects.select_related("first", "second"), pk=pk)
    decision, by, now = request.POST.get("decision", ""), request.user, current_time()
    try:
        if decision == TwinDecision.DIFFERENT:
            decide_different(pair=pair, by=by, now=now)
            messages.success(request, _("记下了：不是一回事，以后不再提示。"))
        elif decision == TwinDecision.ENEMIES:
            group = decide_enemies(pair=pair, by=by, now=now)
            messages.success(request, _("两道题放进了互斥组“%(group)s”。") % {"group": group})
        else:
            decide_same(pair=pair, retired_id=retired_from(decision), by=by, now=now)
            messages.success(request, _("重复的一道已停用，另一道保留。"))
    except (StaleState, NotAllowed):
        messages.error(request, _("这一对别人刚刚处理过，或题目状态变了，没有再改。"))
    return redirect("exams:twin_list")


def retired_from(decision: str) -> int:
    """The question that `retire-17` names; 0 for none."""
    number = decision.removeprefix("retire-")
    return int(number) if number.isdigit() else 0
