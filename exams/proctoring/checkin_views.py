"""签到核验: the proctor's list at the door, and what was seen there."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from exams.attempts.checkin_actions import CannotCheckIn
from exams.attempts.checkin_models import CheckInOutcome
from exams.papers.models import Exam
from exams.papers.queries import managed_exams
from exams.papers.sitting import CheckInRule
from exams.proctoring import actions
from exams.proctoring.checkin_queries import STANDINGS, DoorFilter, door_figures, found_at_the_door, people_at_the_door
from exams.proctoring.forms import CheckInForm, reasons_for
from exams.proctoring.models import InterventionKind
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import exam_office
from lms.kit.clock import current_time

PAGE = 50
STANDING_WORDS = {
    "waiting": gettext_lazy("未签到"),
    "admitted": gettext_lazy("已签到"),
    "refused": gettext_lazy("人证不符"),
    "started": gettext_lazy("已开考"),
}
REFUSALS = {
    "off": gettext_lazy("这场考试不用签到。"),
    "over": gettext_lazy("考试还没发布，或者已经结束，不能签到。"),
    "own": gettext_lazy("自己不能给自己签到，请别的监考人员来。"),
    "not_meant": gettext_lazy("这个人不在这场考试的应考范围里。"),
    "writing": gettext_lazy("这个人已经在答题。要停下，请在监考页面操作。"),
    "reason": gettext_lazy("人证不符、没有照片可比，都要写明理由。"),
}


@require_GET
@allow(exam_office)
def door(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Everybody who is meant, with search; an exam without check-in names nobody and says where it is switched on."""
    exam, now = get_object_or_404(managed_exams(request.standing), pk=pk), current_time()
    if exam.check_in == CheckInRule.OFF:
        return render(request, "exams/proctoring/door.html", {"exam": exam})
    wanted = DoorFilter(request.GET.get("q", "").strip()[:60], request.GET.get("standing", ""))
    page = Paginator(found_at_the_door(exam, wanted, now=now), PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "exam": exam,
        "page": page,
        "wanted": wanted,
        "figures": door_figures(exam, now=now),
        "standings": [(name, STANDING_WORDS[name]) for name in STANDINGS],
        "open": exam.closes_at > now,
        "reasons": reasons_for(InterventionKind.CHECK_IN),
    }
    return render(request, "exams/proctoring/door.html", context)


@require_POST
@allow(exam_office)
def decide(request: SanzhenRequest, pk: int, person: int) -> HttpResponse:
    """Let somebody in, or not; back to the list as it was."""
    exam, now = get_object_or_404(managed_exams(request.standing), pk=pk), current_time()
    found = people_at_the_door(exam, now=now).filter(pk=person).first()
    if found is None:
        raise Http404
    form = CheckInForm(request.POST)
    if not form.is_valid():
        messages.error(request, "；".join(str(text) for texts in form.errors.values() for text in texts))
        return redirect(back_to(exam, request))
    outcome = CheckInOutcome(form.cleaned_data["outcome"])
    try:
        row = actions.decide_at_the_door(
            exam=exam, person=found, outcome=outcome, order=form.order(), by=request.user, now=now
        )
    except CannotCheckIn as refused:
        messages.error(request, str(REFUSALS[refused.reason]))
    else:
        told = _("%(name)s 已放行，可以开考。") if row.admits else _("%(name)s 没有放行，已记录。")
        messages.success(request, told % {"name": found.name})
    return redirect(back_to(exam, request))


def back_to(exam: Exam, request: SanzhenRequest) -> str:
    """The list with the search that was on it."""
    kept = {name: request.POST[name] for name in ("q", "standing", "page") if request.POST.get(name)}
    address = reverse("exams:door", args=[exam.pk])
    return f"{address}?{urlencode(kept)}" if kept else address
