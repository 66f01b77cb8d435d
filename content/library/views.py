"""Short ways into the library for sidebars: their lines need addresses without arguments."""

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect

from content.library.queries import library_address
from content.meetings.models import CardIndexPage
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import everybody


@allow(everybody)
def library(request: SanzhenRequest) -> HttpResponseRedirect:
    """The front page of the library."""
    return redirect(library_address(request))


@allow(everybody)
def cards(request: SanzhenRequest) -> HttpResponseRedirect:
    """The morning-meeting cards."""
    index = CardIndexPage.objects.live().first()
    if index is None:
        raise Http404
    return redirect(index.get_url(request))
