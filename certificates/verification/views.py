"""Public verification, rate-limited."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from certificates.issuing.numbering import normalise_code
from certificates.verification.queries import public_certificate
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import everybody
from lms.kit.clock import current_date, current_time
from lms.kit.ratelimit import within_limit


@allow(everybody)
def verify_form(request: SanzhenRequest) -> HttpResponseBase:
    """Type a code by hand; the scanned address leads straight to the answer."""
    code = normalise_code(request.GET.get("code", ""))
    if code:
        return redirect("certificates:verify", code=code)
    return render(request, "certificates/verification/form.html", {"asked": "code" in request.GET})


@allow(everybody)
def verify(request: SanzhenRequest, code: str) -> HttpResponse:
    """Masked data and the state; 404 for an unknown code, 429 for too many questions."""
    if not within_limit(request, action="verify", limit=30, seconds=60):
        return render(request, "certificates/verification/too_many.html", status=429)
    found = public_certificate(code, on=current_date())
    context = {"found": found, "code": code, "now": current_time()}
    response = render(request, "certificates/verification/answer.html", context, status=200 if found else 404)
    response["X-Robots-Tag"] = "noindex"
    return response
