"""The pulse of an open attempt page."""

from uuid import UUID

from django.http import JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from exams.attempts.actions import AlreadySubmitted, Moved, TimeIsUp
from exams.attempts.devices import device_of
from exams.attempts.models import Attempt
from exams.attempts.packets import BadPacket
from exams.integrity.reports import BadReports
from exams.lockdown.gate import seb_checked
from exams.proctoring.pulse import parse_pulse
from exams.proctoring.pulse_actions import take_pulse
from lms.access.decorators import allow, data_only
from lms.access.requests import SanzhenRequest
from lms.access.rules import signed_in
from lms.audit.request_address import current_address
from lms.kit.clock import current_time


@require_POST
@allow(signed_in)
@data_only
@seb_checked
def pulse(request: SanzhenRequest, key: UUID) -> JsonResponse:
    """What is new for the page: 200, 400 malformed, 404 not yours, 409 handed in, 410 time over, 423 moved."""
    now, result = current_time(), reverse("exams:result", args=[key])
    try:
        answer = take_pulse(
            attempt_key=key, by=request.user, pulse=parse_pulse(request.body), device=device_of(request),
            address=current_address() or "", now=now,
        )  # fmt: skip
    except Attempt.DoesNotExist:
        return JsonResponse({"error": "unknown"}, status=404)
    except (BadPacket, BadReports) as problem:
        return JsonResponse({"error": "malformed", "problems": problem.problems}, status=400)
    except AlreadySubmitted:
        return JsonResponse({"error": "submitted", "result": result}, status=409)
    except TimeIsUp:
        return JsonResponse({"error": "time_is_up", "result": result}, status=410)
    except Moved:
        return JsonResponse({"error": "moved", "exam": reverse("exams:take_over", args=[key])}, status=423)
    return JsonResponse(answer.as_json(now))
