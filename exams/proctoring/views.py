"""监考: the live board of an exam, orders, rulings on late answers, extra time, the timeline of an attempt."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exams.attempts.late_actions import CannotRule
from exams.attempts.models import Attempt
from exams.attempts.moments import span
from exams.attempts.packets import now_in_ms
from exams.attempts.queries import window_of
from exams.attempts.time_actions import CannotChangeTime
from exams.attempts.verification import verify
from exams.integrity.queries import behaviour_of
from exams.integrity.words import describe_behaviour
from exams.papers.models import Exam
from exams.papers.queries import managed_exams
from exams.proctoring import actions
from exams.proctoring.board import running_exams, seats_of
from exams.proctoring.forms import ExtraTimeForm, OrderForm, RulingForm
from exams.proctoring.models import InterventionKind
from exams.proctoring.screens import board_screen, person_meant, seat_screen
from exams.proctoring.still_queries import stills_of
from exams.proctoring.timeline import timeline
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import exam_office
from lms.kit.clock import current_time

SEATED = Attempt.objects.select_related("person", "employment__enterprise")


def managed_exam(request: SanzhenRequest, pk: int) -> Exam:
    """An exam that this person may change; raises Http404."""
    return get_object_or_404(managed_exams(request.standing), pk=pk)


@require_GET
@allow(exam_office)
def running(request: SanzhenRequest) -> HttpResponse:
    """Exams that run now."""
    found = running_exams(managed_exams(request.standing), now=current_time()).select_related("enterprise")
    return render(request, "exams/proctoring/running.html", {"exams": list(found[:100])})


@require_GET
@allow(exam_office)
def live(request: SanzhenRequest, pk: int) -> HttpResponse:
    """The board; `?seat=` opens one seat beside it."""
    exam = managed_exam(request, pk)
    context = board_screen(exam, seats_of(exam), now=current_time())
    seat = request.GET.get("seat", "")
    if seat.isdigit():
        context |= seat_screen(exam, get_object_or_404(SEATED, pk=seat, exam=exam))
    return render(request, "exams/proctoring/live.html", context)


@require_GET
@allow(exam_office)
def live_rows(request: SanzhenRequest, pk: int) -> JsonResponse:
    """What changes on the board, for its script."""
    exam = managed_exam(request, pk)
    answer = JsonResponse({"now": now_in_ms(current_time()), "rows": [seat.as_row() for seat in seats_of(exam)]})
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
@allow(exam_office)
def seat(request: SanzhenRequest, pk: int, attempt: int) -> HttpResponse:
    """One seat as a part of the board."""
    exam = managed_exam(request, pk)
    found = get_object_or_404(SEATED, pk=attempt, exam=exam)
    return render(request, "exams/proctoring/_seat.html", seat_screen(exam, found))


@require_POST
@allow(exam_office)
def order(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Carry out an order and go back to the board."""
    exam, now = managed_exam(request, pk), current_time()
    ids = list(Attempt.objects.filter(exam=exam).values_list("pk", flat=True))
    form = OrderForm(request.POST, ids=ids)
    if not form.is_valid():
        for problem in [text for texts in form.errors.values() for text in texts]:
            messages.error(request, str(problem))
        return redirect(board_address(exam, request.POST.getlist("attempts")))
    given = form.order(InterventionKind(form.cleaned_data["kind"]))
    if given.kind == InterventionKind.ANNOUNCE:
        actions.announce(exam=exam, order=given, by=request.user, now=now)
        messages.success(request, _("广播已发出。"))
        return redirect("exams:live", pk)
    chosen = actions.writing_ids(exam) if form.cleaned_data["all"] else form.cleaned_data["attempts"]
    done = actions.intervene(exam=exam, order=given, attempt_ids=chosen, by=request.user, now=now)
    say(request, given.kind, done)
    return redirect(board_address(exam, [] if form.cleaned_data["all"] else chosen))


def say(request: SanzhenRequest, kind: InterventionKind, done: actions.Done) -> None:
    """What came of it."""
    if done.count:
        messages.success(request, _("%(kind)s：%(n)s 人。") % {"kind": kind.label, "n": done.count})
    if done.refused:
        messages.warning(request, _("%(n)s 人没有执行：已经交卷，或者状态不合适。") % {"n": len(done.refused)})


def board_address(exam: Exam, chosen: list[Any]) -> str:
    """The board, with the one seat open that was dealt with."""
    address = reverse("exams:live", args=[exam.pk])
    return f"{address}?seat={chosen[0]}" if len(chosen) == 1 else address


@require_http_methods(["GET", "POST"])
@allow(exam_office)
def late(request: SanzhenRequest, pk: int, attempt: int) -> HttpResponse:
    """Late changes of one attempt with their evidence; count them in or not."""
    exam = managed_exam(request, pk)
    others = Attempt.objects.select_related("exam", "person").exclude(person=request.user)
    found = get_object_or_404(others, pk=attempt, exam=exam)
    rows = list(found.held_changes.select_related("ruled_by"))
    form = RulingForm(request.POST or None, ids=[row.pk for row in rows if not row.ruling])
    if request.method == "POST" and form.is_valid() and ruled(request, found, form):
        return redirect("exams:late", pk, attempt)
    shown = [(row, span(timedelta(seconds=row.lag_seconds))) for row in rows]
    waiting = [row for row in rows if not row.ruling]
    context = {
        "exam": exam, "attempt": found, "rows": shown, "form": form, "waiting": waiting,
        "released": bool(waiting) and window_of(exam).released(max(row.received_at for row in waiting)),
    }  # fmt: skip
    return render(request, "exams/proctoring/late.html", context)


def ruled(request: SanzhenRequest, attempt: Attempt, form: RulingForm) -> bool:
    """Whether the ruling was given; otherwise the form says why not."""
    try:
        actions.rule_on_late(
            attempt=attempt, held_ids=form.cleaned_data["held"], ruling=form.cleaned_data["ruling"],
            order=form.order(InterventionKind.RULE_LATE), by=request.user, now=current_time(),
        )  # fmt: skip
    except CannotRule as refused:
        form.add_error(None, RULING_REFUSALS[refused.reason])
        return False
    messages.success(request, _("裁定已记录，成绩已按裁定重新评定。"))
    return True


RULING_REFUSALS = {
    "void": gettext_lazy("这份答卷已经作废。"),
    "marked": gettext_lazy("这道主观题已经有人阅过，不能再换答案。"),
    "nothing": gettext_lazy("选中的补传已经裁定过。"),
}


@require_http_methods(["GET", "POST"])
@allow(exam_office)
def extra_time(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Give people extra time before they start."""
    exam = managed_exam(request, pk)
    form = ExtraTimeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and gave_time(request, exam, form):
        return redirect("exams:extra_time", pk)
    rows = exam.extra_times.select_related("person", "given_by")
    return render(request, "exams/proctoring/extra_time.html", {"exam": exam, "form": form, "rows": rows})


def gave_time(request: SanzhenRequest, exam: Exam, form: ExtraTimeForm) -> bool:
    """Whether it was given; otherwise the form says why not."""
    person = person_meant(exam, form.cleaned_data["number"], now=current_time())
    if person is None or person == request.user:
        form.add_error("number", _("这场考试的考生里没有这个工号"))
        return False
    try:
        given = form.order(InterventionKind.EXTRA_TIME)
        actions.give_extra_time(exam=exam, person=person, order=given, by=request.user, now=current_time())
    except CannotChangeTime:
        form.add_error("number", _("这个人正在答题，请在监考页面延时"))
        return False
    messages.success(request, _("已给 %(name)s 加时。") % {"name": person.name})
    return True


@require_GET
@allow(exam_office)
def attempt_timeline(request: SanzhenRequest, pk: int, attempt: int) -> HttpResponse:
    """The story of one attempt, and whether its record holds."""
    exam = managed_exam(request, pk)
    rows = Attempt.objects.select_related("exam", "person", "employment__enterprise")
    found = get_object_or_404(rows, pk=attempt, exam=exam)
    behaviour = behaviour_of(found)
    context = {
        "exam": exam, "attempt": found, "entries": timeline(found), "faults": verify(found),
        "stills": stills_of(found), "behaviour": behaviour,
        "traits": describe_behaviour(behaviour) if behaviour else [],
    }  # fmt: skip
    return render(request, "exams/proctoring/timeline.html", context)
