"""The way into the editing place."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url

from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import everybody


@allow(everybody)
def sign_in(request: SanzhenRequest) -> HttpResponseRedirect:
    """Wagtail sends people here who may not (yet) come in: strangers to our sign-in page, others get 403.

    Wagtail's own sign-in pages lead here too: passwords are checked in one place, with its limits and second factor.
    """
    if request.user.is_authenticated:
        raise PermissionDenied
    query = urlencode({"next": request.GET.get("next", "/editing/")})
    return HttpResponseRedirect(f"{resolve_url('account_login')}?{query}")
