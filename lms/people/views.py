"""Pages about people."""

from django.http import HttpResponse
from django.shortcuts import render

from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import signed_in


@allow(signed_in)
def me(request: SanzhenRequest) -> HttpResponse:
    """我的."""
    return render(request, "lms/people/me.html", {"tab": "me"})
