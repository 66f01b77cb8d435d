"""Deny by default: a view without `@allow` is refused, whoever asks; and the policy that browsers are told."""

from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.models import Authenticator
from csp.constants import HEADER as POLICY_HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from lms.access.queries import standing_of
from lms.access.requests import SanzhenRequest
from lms.access.roles import SUPERVISION_ROLES, Role
from lms.audit.request_address import remember_address
from lms.kit.clock import current_date

# Third-party views with an access control of their own.
FOREIGN_MODULES = ("allauth.", "wagtail.", "django.views.static", "django.views.i18n", "django.views.defaults")
# Reachable while the first password has not been changed or the second factor is still missing.
FIRST_LOGIN_VIEWS = frozenset({"account_change_password", "account_logout", "set_language", "set_type_size"})
SECOND_FACTOR_VIEWS = FIRST_LOGIN_VIEWS | {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_reauthenticate",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
}
SECOND_FACTOR_ROLES = SUPERVISION_ROLES | {Role.AUDITOR, Role.ADMINISTRATOR}


class PolicyMiddleware(CSPMiddleware):
    """The content security policy of pages; an answer that brings its own (`data_only`) keeps it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """As the base does, but builds no policy that would not be sent."""
        return response if POLICY_HEADER in response else super().process_response(request, response)


class AccessMiddleware:
    """Adds `request.standing` (lazily), refuses unmarked views, insists on first password and second factor."""

    def __init__(self, get_response: Callable[[SanzhenRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: SanzhenRequest) -> HttpResponseBase:
        remember_address(partial(get_client_ip, request))
        request.standing = SimpleLazyObject(lambda: standing_of(request.user.pk, on=current_date()))  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(
        self, request: SanzhenRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Refuse a view of ours that carries no rule; send newcomers to the password page."""
        rule = getattr(view, "access_rule", None)
        if rule is None and not view.__module__.startswith(FOREIGN_MODULES):
            raise PermissionDenied(f"view {view.__module__}.{view.__name__} has no access rule")
        address = request.resolver_match.url_name if request.resolver_match else None
        if not request.user.is_authenticated or address is None:
            return None
        if request.user.must_change_password and address not in FIRST_LOGIN_VIEWS:
            return redirect("account_change_password")
        if settings.REQUIRE_SECOND_FACTOR and address not in SECOND_FACTOR_VIEWS and lacks_second_factor(request):
            return redirect("mfa_index")
        return None


def lacks_second_factor(request: SanzhenRequest) -> bool:
    """Whether this person's roles ask for a second factor that is not set up yet."""
    if not request.standing.roles & SECOND_FACTOR_ROLES:
        return False
    return not Authenticator.objects.filter(user=request.user).exists()
