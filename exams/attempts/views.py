"""Pages and JSON of taking an exam."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from exams.attempts import actions
from exams.attempts.models import Attempt, AttemptStatus, SubmitReason
from exams.attempts.packets import BadPacket, now_in_ms, parse_packet
from exams.attempts.plainform import answers_in_form
from exams.attempts.queries import exam_line, my_exam_lines, paper_facts
from exams.attempts.screens import receipt_screen, result_screen, sheet_screen
from exams.attempts.timing import Phase
from exams.papers.models import Exam
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import everybody, signed_in
from lms.kit.clock import current_time
from lms.kit.ratelimit import within_limit


@require_GET
@allow(signed_in)
def my_exams(request: SanzhenRequest) -> HttpResponse:
    """考试: what to sit, what is over."""
    lines = my_exam_lines(request.user.pk, now=current_time())
    context = {
        "to_sit": [line for line in lines if line.to_sit],
        "over": [line for line in lines if not line.to_sit],
        "tab": "exams",
    }
    return render(request, "exams/attempts/my_exams.html", context)


@require_GET
@allow(signed_in)
def exam(request: SanzhenRequest, pk: int) -> HttpResponse:
    """The rules in plain words and one button."""
    try:
        line = exam_line(pk, person_id=request.user.pk, now=current_time())
    except Exam.DoesNotExist:
        raise Http404 from None
    context = {"line": line, "exam": line.exam, "paper": paper_facts(line.exam), "tab": "exams"}
    return render(request, "exams/attempts/exam.html", context)


@require_POST
@allow(signed_in)
def start(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Hand out a paper, or go on with the open attempt."""
    try:
        attempt = actions.start_attempt(exam_id=pk, by=request.user, now=current_time())
    except Exam.DoesNotExist:
        raise Http404 from None
    except actions.CannotStart:  # the introduction says why
        return redirect("exams:exam", pk)
    return redirect("exams:attempt", attempt.key)


@require_GET
@allow(signed_in)
def attempt(request: SanzhenRequest, key: UUID) -> HttpResponse:
    """The sheet. An attempt whose time is over is handed in here if nobody did yet."""
    now = current_time()
    found = get_object_or_404(Attempt.objects.select_related("exam"), key=key, person=request.user)
    if found.status == AttemptStatus.WRITING and found.clock.phase(now) is Phase.OVER:
        actions.expire_attempt(attempt_id=found.pk, now=now)
        return redirect("exams:result", key)
    if found.status != AttemptStatus.WRITING:
        return redirect("exams:result", key)
    response = render(request, "exams/attempts/attempt.html", sheet_screen(found, now=now))
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@allow(signed_in)
def save(request: SanzhenRequest, key: UUID) -> JsonResponse:
    """Take a packet: 200 acknowledged, 400 malformed, 404 not yours, 409 handed in, 410 time over."""
    now = current_time()
    try:
        saved = actions.save_answers(attempt_key=key, by=request.user, packet=parse_packet(request.body), now=now)
    except Attempt.DoesNotExist:
        return JsonResponse({"error": "unknown"}, status=404)
    except BadPacket as problem:
        return JsonResponse({"error": "malformed", "problems": problem.problems}, status=400)
    except actions.AlreadySubmitted:
        return JsonResponse({"error": "submitted", "result": result_address(key)}, status=409)
    except actions.TimeIsUp:
        return JsonResponse({"error": "time_is_up", "result": result_address(key)}, status=410)
    return JsonResponse(
        {
            "acknowledged": saved.acknowledged,
            "highest": saved.highest_number,
            "now": now_in_ms(now),
            "deadline": now_in_ms(saved.deadline_at),
        }
    )


@require_POST
@allow(signed_in)
def submit(request: SanzhenRequest, key: UUID) -> HttpResponse:
    """交卷, from the page's script (JSON with what is outstanding) or from the plain form."""
    by_script = request.content_type == "application/json"
    try:
        sent: dict[str, Any] = (
            {"packet": parse_packet(request.body)} if by_script else {"form_answers": sent_form(request)}
        )
        done = actions.submit_attempt(attempt_key=key, by=request.user, now=current_time(), **sent)
    except Attempt.DoesNotExist:
        raise Http404 from None
    except BadPacket as problem:
        return JsonResponse({"error": "malformed", "problems": problem.problems}, status=400)
    if not by_script:
        return redirect("exams:result", key)
    late = done.submit_reason == SubmitReason.EXPIRED
    return JsonResponse({"receipt": done.receipt, "result": result_address(key), "late": late})


def sent_form(request: SanzhenRequest) -> dict[int, tuple[str, ...]]:
    """The answers in a plain form; raises BadPacket."""
    return answers_in_form(dict(request.POST.lists()))


@require_POST
@allow(signed_in)
def keep(request: SanzhenRequest, key: UUID) -> HttpResponse:
    """Save the plain form without handing in (a browser without scripts), and back to the question."""
    try:
        answers = sent_form(request)
        actions.keep_answers(attempt_key=key, by=request.user, answers=answers, now=current_time())
    except Attempt.DoesNotExist:
        raise Http404 from None
    except BadPacket as problem:
        return JsonResponse({"error": "malformed", "problems": problem.problems}, status=400)
    except (actions.AlreadySubmitted, actions.TimeIsUp):
        return redirect("exams:result", key)
    tapped = next((name.split(".")[0] for name in request.POST if name.endswith(".tap.x")), "main")
    return redirect(f"{reverse('exams:attempt', args=[key])}#{tapped}")


def result_address(key: UUID) -> str:
    """Where the script goes next."""
    return reverse("exams:result", args=[key])


@require_GET
@allow(signed_in)
def result(request: SanzhenRequest, key: UUID) -> HttpResponse:
    """Score, clauses and wrong answers once released; before that the receipt."""
    now = current_time()
    rows = Attempt.objects.select_related("exam", "employment")
    found = get_object_or_404(rows, key=key, person=request.user)
    if found.status == AttemptStatus.WRITING:
        if found.clock.phase(now) is not Phase.OVER:
            return redirect("exams:attempt", key)
        actions.expire_attempt(attempt_id=found.pk, now=now)
        found = rows.get(pk=found.pk)
    context = result_screen(found, now=now) | {"tab": "exams"}
    return render(request, "exams/attempts/result.html", context)


@require_GET
@allow(everybody)
def receipt(request: SanzhenRequest, code: str = "") -> HttpResponse:
    """Public: does a receipt agree with the record? Shows a masked name, never answers or marks."""
    typed = code or request.GET.get("code", "")
    if typed and not within_limit(request, action="receipt", limit=60, seconds=600):
        return render(request, "429.html", status=429)
    return render(request, "exams/attempts/receipt.html", receipt_screen(typed, now=current_time()))
