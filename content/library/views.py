"""Pictures, and short ways into the library for sidebars: their lines need addresses without arguments."""

from django.conf import settings
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.static import serve

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


@allow(everybody)
def picture(request: SanzhenRequest, path: str) -> HttpResponseBase:
    """A picture of the library; a proxy in front may serve the folder itself.

    A drawing opened on its own may run nothing: SVG files can hold scripts.
    """
    response = serve(request, path, document_root=settings.MEDIA_ROOT)
    response["Cache-Control"] = "public, max-age=604800"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
