"""设备检测: a candidate finds out before the exam whether the device will do."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from exams.attempts.packets import BadPacket, now_in_ms
from exams.attempts.queries import exam_for_person
from exams.lockdown.gate import proof_of, proven
from exams.papers.models import Exam
from exams.proctoring.device_test import Finding, Results, findings, parse_results
from exams.proctoring.device_test_actions import CannotTest, store_test
from exams.proctoring.device_test_models import DeviceTest
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import signed_in
from lms.kit.clock import current_time


@require_http_methods(["GET", "POST"])
@allow(signed_in)
def device_test(request: SanzhenRequest, pk: int) -> HttpResponse:
    """The page with the last result; POST takes a new one from its script: 200, 400 malformed, 404, 409 too late."""
    try:
        if request.method == "POST":
            return take_results(request, pk)
        exam = exam_for_person(pk, person_id=request.user.pk, now=current_time()).exam
    except Exam.DoesNotExist:
        raise Http404 from None
    last = DeviceTest.objects.filter(exam=exam, person=request.user).last()
    context = {"exam": exam, "last": last, "findings": findings_of(last, exam) if last else [], "tab": "exams"}
    return render(request, "exams/proctoring/device_test.html", context)


def take_results(request: SanzhenRequest, pk: int) -> JsonResponse:
    """Store what the script found."""
    try:
        results = parse_results(request.body)
        in_seb = proven(pk, proof_of(request))
        stored = store_test(exam_id=pk, by=request.user, results=results, in_seb=in_seb, now=current_time())
    except BadPacket as problem:
        return JsonResponse({"error": "malformed", "problems": problem.problems}, status=400)
    except CannotTest:
        return JsonResponse({"error": "closed"}, status=409)
    return JsonResponse({"ok": stored.ok})


def findings_of(test: DeviceTest, exam: Exam) -> list[Finding]:
    """A stored result in words."""
    data: dict[str, Any] = dict(test.results)
    in_seb = data.pop("in_seb")
    return findings(Results(**data), wants_full_screen=exam.full_screen, in_seb=in_seb)


@require_POST
@allow(signed_in)
def device_ping(request: SanzhenRequest) -> JsonResponse:
    """As short an answer as there is, for measuring the way there and back; it tells the server's time."""
    return JsonResponse({"now": now_in_ms(current_time())})
