"""`@allow(rule)`: every view of ours carries one; the middleware refuses a view without."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from csp.constants import HEADER as POLICY_HEADER
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url

from lms.access.requests import SanzhenRequest
from lms.access.rules import Rule

View = Callable[..., HttpResponseBase]
Answer = TypeVar("Answer", bound=HttpResponseBase)


def allow(rule: Rule) -> Callable[[View], View]:
    """Let a request through when `rule` holds.

    Not signed in: pages redirect to sign-in, JSON and htmx calls answer 401. Signed in: 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: SanzhenRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if rule(request):
                return view(request, *args, **kwargs)
            if request.user.is_authenticated:
                raise PermissionDenied
            return sign_in_first(request)

        guarded.access_rule = rule  # type: ignore[attr-defined]
        return guarded

    return decorate


def data_only(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """An answer to a script: nothing may be loaded by it or frame it. The strictest policy, and the quickest to write:
    the middleware builds none for an answer that brings its own."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Answer:
        response = view(*args, **kwargs)
        response[POLICY_HEADER] = "default-src 'none'; frame-ancestors 'none'"
        return response

    return answered


def sign_in_first(request: SanzhenRequest) -> HttpResponseBase:
    """Send a stranger to the sign-in page, or tell a script that it must sign in."""
    if request.content_type == "application/json" or request.headers.get("HX-Request"):
        return HttpResponse(status=401)
    query = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{query}")
