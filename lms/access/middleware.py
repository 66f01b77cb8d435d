"""Deny by default: a view without `@allow` is refused, whoever asks."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from lms.access.queries import standing_of
from lms.access.requests import SanzhenRequest
from lms.audit.request_address import remember_address
from lms.kit.clock import current_date

# Third-party views with an access control of their own.
FOREIGN_MODULES = ("allauth.", "wagtail.", "django.views.static", "django.views.i18n", "django.views.defaults")
# Reachable while the first password has not been changed yet.
FIRST_LOGIN_VIEWS = frozenset({"account_change_password", "account_logout", "set_language", "set_type_size"})


class AccessMiddleware:
    """Adds `request.standing` (lazily), refuses unmarked views, insists on a first password change."""

    def __init__(self, get_response: Callable[[SanzhenRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: SanzhenRequest) -> HttpResponseBase:
        remember_address(request.META.get("REMOTE_ADDR") or None)
        request.standing = SimpleLazyObject(lambda: standing_of(request.user.pk, on=current_date()))  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(
        self, request: SanzhenRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Refuse a view of ours that carries no rule; send newcomers to the password page."""
        rule = getattr(view, "access_rule", None)
        if rule is None and not view.__module__.startswith(FOREIGN_MODULES):
            raise PermissionDenied(f"view {view.__module__}.{view.__name__} has no access rule")
        match = request.resolver_match
        if (
            (rule is None or not rule.public)
            and request.user.is_authenticated
            and request.user.must_change_password
            and match is not None
            and match.url_name not in FIRST_LOGIN_VIEWS
        ):
            return redirect("account_change_password")
        return None
