"""Pages and JSON of taking an exam."""

from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exams.attempts import actions, device_actions
from exams.attempts.camera import with_camera
from exams.attempts.checkin_queries import last_check_in
from exams.attempts.device_actions import may_take_over, writes
from exams.attempts.devices import device_of, new_device, remember
from exams.attempts.late_actions import hold_changes
from exams.attempts.models import Attempt, AttemptStatus, SubmitReason
from exams.attempts.packets import BadPacket, Packet, now_in_ms, parse_packet
from exams.attempts.plainform import answers_in_form
from exams.attempts.queries import exam_line, known_numbers, my_exam_lines, paper_facts
from exams.attempts.screens import receipt_screen, result_screen, sheet_screen
from exams.attempts.states import ExamState
from exams.attempts.still_actions import choose_stills
from exams.attempts.timing import Phase
from exams.lockdown import gate
from exams.lockdown.gate import seb_checked
from exams.lockdown.notices import noticed
from exams.papers.models import Exam
from lms.access.decorators import allow, data_only
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
    if line.state == ExamState.CHECK_IN:
        context["check_in"] = last_check_in(pk, person_id=request.user.pk)
    page = render(request, "exams/attempts/exam.html", context | gate.entry(request, line.exam))
    return with_camera(request, page) if line.exam.camera_stills else page


@require_GET
@allow(signed_in)
def check_in_news(request: SanzhenRequest, pk: int) -> JsonResponse:
    """What a waiting page asks every few seconds: the number of the last decision about this person, 0 for none."""
    last = last_check_in(pk, person_id=request.user.pk)
    response = JsonResponse({"last": last.pk if last else 0})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@allow(signed_in)
@seb_checked
def start(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Hand out a paper, or go on with the open attempt."""
    device, now = device_of(request) or new_device(), current_time()
    try:
        attempt = actions.start_attempt(exam_id=pk, by=request.user, device=device, now=now)
    except Exam.DoesNotExist:
        raise Http404 from None
    except actions.CannotStart:  # the introduction says why
        return redirect("exams:exam", pk)
    choose_stills(attempt=attempt, given=request.POST.get("stills") == "yes", now=now)
    response = redirect("exams:attempt", attempt.key)
    remember(response, request, device)
    return response


@require_GET
@allow(signed_in)
@seb_checked
def attempt(request: SanzhenRequest, key: UUID) -> HttpResponse:
    """The sheet. An attempt whose time is over is handed in here if nobody did yet."""
    now = current_time()
    found = get_object_or_404(Attempt.objects.select_related("exam"), key=key, person=request.user)
    if found.status == AttemptStatus.WRITING and found.clock.phase(now) is Phase.OVER:
        actions.expire_attempt(attempt_id=found.pk, now=now)
        return redirect("exams:result", key)
    if found.status != AttemptStatus.WRITING:
        return redirect("exams:result", key)
    actions.refuse_outside_seb(found)
    device = device_of(request) or new_device()
    if not writes(found, device):
        return redirect("exams:take_over", key)
    screen = sheet_screen(found, now=now)
    response = render(request, "exams/attempts/attempt.html", screen)
    response["Cache-Control"] = "no-store"
    remember(response, request, device)
    return with_camera(request, response) if screen["stills"] else response


@require_http_methods(["GET", "POST"])
@allow(signed_in)
@seb_checked
def take_over(request: SanzhenRequest, key: UUID) -> HttpResponse:
    """Another device writes this attempt: say so, and let this one go on where the exam allows it."""
    found = get_object_or_404(Attempt.objects.select_related("exam"), key=key, person=request.user)
    device = device_of(request)
    if found.status != AttemptStatus.WRITING or (device and writes(found, device)):
        return redirect("exams:attempt", key)
    actions.refuse_outside_seb(found)
    device = device or new_device()
    if request.method == "POST" and taken_over(request, key, device):
        response: HttpResponse = redirect("exams:attempt", key)
    else:
        context = {"attempt": found, "exam": found.exam, "may_take_over": may_take_over(found), "tab": "exams"}
        response = render(request, "exams/attempts/other_device.html", context)
    remember(response, request, device)
    return response


def taken_over(request: SanzhenRequest, key: UUID, device: str) -> bool:
    """Whether the attempt is this device's now; one that has ended goes to its result from there."""
    try:
        device_actions.take_over(attempt_key=key, device=device, by=request.user, now=current_time())
    except device_actions.CannotTakeOver:
        return False
    except (actions.AlreadySubmitted, actions.TimeIsUp):
        return True
    noticed.send(sender=None, kind="take_over", attempt_key=key, person_id=request.user.pk, now=current_time())
    return True


@require_GET
@allow(everybody)
def worker(request: SanzhenRequest) -> HttpResponse:
    """The service worker that keeps an open paper for a reload without network; its address sets its reach."""
    response = render(request, "exams/attempts/worker.js", content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@require_POST
@allow(signed_in)
@data_only
@seb_checked
def save(request: SanzhenRequest, key: UUID) -> JsonResponse:
    """Take a packet: 200 acknowledged, 202 kept for a ruling, 400 malformed, 404 not yours, 409 handed in, 410 time
    over, 423 another device writes."""
    try:
        return taken_or_held(request, key, parse_packet(request.body))
    except Attempt.DoesNotExist:
        return JsonResponse({"error": "unknown"}, status=404)
    except BadPacket as problem:
        return JsonResponse({"error": "malformed", "problems": problem.problems}, status=400)


def taken_or_held(request: SanzhenRequest, key: UUID, packet: Packet) -> JsonResponse:
    """Save a packet, or say why not and keep what was made in time."""
    now, device = current_time(), device_of(request)
    try:
        saved = actions.save_answers(attempt_key=key, by=request.user, packet=packet, device=device, now=now)
    except (actions.AlreadySubmitted, actions.TimeIsUp, actions.Moved) as refused:
        held = hold_changes(attempt_key=key, by=request.user, packet=packet, device=device, now=now)
        return refusal(key, request.user.pk, refused, held)
    return JsonResponse({
        "acknowledged": saved.acknowledged, "highest": saved.highest_number, "now": now_in_ms(now),
        "deadline": now_in_ms(saved.deadline_at), "news": saved.news, "paused": saved.paused,
    })  # fmt: skip


def refusal(key: UUID, by: int, refused: Exception, held: list[int]) -> JsonResponse:
    """Why a packet was not taken, and what of it is kept for a ruling."""
    if isinstance(refused, actions.Moved):
        noticed.send(sender=None, kind="device", attempt_key=key, person_id=by, now=current_time())
        return JsonResponse(
            {"error": "moved", "held": held, "exam": reverse("exams:take_over", args=[key])}, status=423
        )
    answer = {"held": held, "result": result_address(key)}
    if held:
        return JsonResponse(answer, status=202)
    late = isinstance(refused, actions.TimeIsUp)
    return JsonResponse({"error": "time_is_up" if late else "submitted", **answer}, status=410 if late else 409)


@require_POST
@allow(signed_in)
@seb_checked
def submit(request: SanzhenRequest, key: UUID) -> HttpResponse:
    """交卷, from the page's script (JSON with what is outstanding) or from the plain form."""
    by_script = request.content_type == "application/json"
    try:
        return submit_packet(request, key) if by_script else submit_form(request, key)
    except Attempt.DoesNotExist:
        raise Http404 from None
    except BadPacket as problem:
        return JsonResponse({"error": "malformed", "problems": problem.problems}, status=400)


@data_only
def submit_packet(request: SanzhenRequest, key: UUID) -> JsonResponse:
    """Receipt and result, and what became of the packet: `acknowledged` counts, `held` is kept for a ruling, the rest
    came too late (`late`: the server had handed in itself)."""
    now, device, packet = current_time(), device_of(request), parse_packet(request.body)
    try:
        done = actions.submit_attempt(attempt_key=key, by=request.user, packet=packet, device=device, now=now)
    except actions.Moved as refused:
        held = hold_changes(attempt_key=key, by=request.user, packet=packet, device=device, now=now)
        return refusal(key, request.user.pk, refused, held)
    late = done.submit_reason != SubmitReason.PERSON
    held = hold_changes(attempt_key=key, by=request.user, packet=packet, device=device, now=now) if late else []
    # Handed in by this request, or by another one before it: then only what is on record was taken.
    taken = packet.numbers if done.submitted_at == now else known_numbers(done, packet)
    answer = {"receipt": done.receipt, "result": result_address(key), "late": late, "held": held, "acknowledged": taken}
    return JsonResponse(answer)


def submit_form(request: SanzhenRequest, key: UUID) -> HttpResponse:
    """To the result, or to the choice of devices."""
    answers, device = sent_form(request), device_of(request)
    try:
        actions.submit_attempt(
            attempt_key=key, by=request.user, form_answers=answers, device=device, now=current_time()
        )
    except actions.Moved:
        return redirect("exams:take_over", key)
    return redirect("exams:result", key)


def sent_form(request: SanzhenRequest) -> dict[int, tuple[str, ...]]:
    """The answers in a plain form; raises BadPacket."""
    return answers_in_form(dict(request.POST.lists()))


@require_POST
@allow(signed_in)
@seb_checked
def keep(request: SanzhenRequest, key: UUID) -> HttpResponse:
    """Save the plain form without handing in (a browser without scripts), and back to the question."""
    try:
        answers = sent_form(request)
        actions.keep_answers(
            attempt_key=key, by=request.user, answers=answers, device=device_of(request), now=current_time()
        )
    except Attempt.DoesNotExist:
        raise Http404 from None
    except BadPacket as problem:
        return JsonResponse({"error": "malformed", "problems": problem.problems}, status=400)
    except (actions.AlreadySubmitted, actions.TimeIsUp):
        return redirect("exams:result", key)
    except actions.Moved:
        return redirect("exams:take_over", key)
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
