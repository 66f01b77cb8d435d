"""Stills: taken and withdrawn by the candidate's page; looked at and judged by those who run the exam."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from exams.attempts.actions import AlreadySubmitted, Moved, TimeIsUp
from exams.attempts.devices import device_of
from exams.attempts.models import Attempt
from exams.attempts.packets import BadPacket
from exams.lockdown.gate import seb_checked
from exams.papers.queries import managed_exams
from exams.proctoring import still_actions
from exams.proctoring.photos import from_text
from exams.proctoring.still_models import Still, StillVerdict
from exams.proctoring.still_packets import parse_still
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import exam_office, signed_in
from lms.kit.clock import current_time

REFUSED: dict[type[Exception], tuple[str, int]] = {
    Attempt.DoesNotExist: ("unknown", 404),
    still_actions.NoConsent: ("no_consent", 403),
    AlreadySubmitted: ("submitted", 409),
    still_actions.EnoughStills: ("enough", 409),
    TimeIsUp: ("time_is_up", 410),
    Moved: ("moved", 423),
    still_actions.NotNow: ("not_now", 429),
}


def refusal(refused: Exception) -> JsonResponse:
    """Why nothing was done."""
    error, status = REFUSED[type(refused)]
    return JsonResponse({"error": error}, status=status)


@require_POST
@allow(signed_in)
@seb_checked
def still(request: SanzhenRequest, key: UUID) -> JsonResponse:
    """Take one still: 200, 400 malformed, 403 without consent, 404 not yours, 409 handed in or enough, 410, 423,
    429 paused or too soon."""
    try:
        still_actions.take_still(
            attempt_key=key, by=request.user, jpeg=parse_still(request.body), device=device_of(request),
            now=current_time(),
        )  # fmt: skip
    except BadPacket as problem:
        return JsonResponse({"error": "malformed", "problems": problem.problems}, status=400)
    except tuple(REFUSED) as refused:
        return refusal(refused)
    return JsonResponse({})


@require_POST
@allow(signed_in)
def withdraw(request: SanzhenRequest, key: UUID) -> JsonResponse:
    """No more stills, and those of this attempt are deleted: 200, 404 not yours, 409 handed in, 410 time over."""
    try:
        still_actions.withdraw_stills(attempt_key=key, by=request.user, now=current_time())
    except tuple(REFUSED) as refused:
        return refusal(refused)
    return JsonResponse({})


def seated_attempt(request: SanzhenRequest, pk: int, attempt: int) -> Attempt:
    """Somebody else's attempt at an exam of one's own; raises Http404."""
    exam = get_object_or_404(managed_exams(request.standing), pk=pk, camera_stills__gt=0)
    others = Attempt.objects.select_related("exam", "person").exclude(person=request.user)
    return get_object_or_404(others, pk=attempt, exam=exam)


@require_http_methods(["GET", "POST"])
@allow(exam_office)
def one_still(request: SanzhenRequest, pk: int, attempt: int, still: int) -> HttpResponse:
    """The picture; POST notes what a person sees on it."""
    found = get_object_or_404(Still, pk=still, attempt=seated_attempt(request, pk, attempt))
    if request.method == "POST":
        verdict = request.POST.get("verdict", "")
        if verdict in StillVerdict.values:
            still_actions.judge_still(still=found, verdict=StillVerdict(verdict), by=request.user, now=current_time())
        return redirect(stills_address(found.attempt))
    picture = get_object_or_404(Still.objects.exclude(image=""), pk=found.pk)
    response = HttpResponse(from_text(picture.image), content_type="image/jpeg")
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@allow(exam_office)
def seen_in_person(request: SanzhenRequest, pk: int, attempt: int) -> HttpResponse:
    """Note that a proctor has looked at the candidate in person."""
    found = seated_attempt(request, pk, attempt)
    still_actions.confirm_in_person(attempt=found, by=request.user, now=current_time())
    messages.success(request, _("已记录：%(name)s 由你当面确认。") % {"name": found.person.name})
    return redirect(stills_address(found))


def stills_address(attempt: Attempt) -> str:
    """The stills on the page with the story of an attempt."""
    return f"{reverse('exams:timeline', args=[attempt.exam_id, attempt.pk])}#stills"
