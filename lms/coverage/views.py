"""Coverage pages."""

from django.http import HttpResponse
from django.shortcuts import render

from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import coverage_readers


@allow(coverage_readers)
def overview(request: SanzhenRequest) -> HttpResponse:
    """Placeholder until the coverage room is built."""
    return render(request, "lms/workbench.html", {"cards": []})
