"""我的, and the first sign-in."""

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import login
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.rules import everybody, signed_in
from lms.kit.clock import current_date, current_time
from lms.people.actions import activate_account
from lms.people.adapter import LIMIT
from lms.people.forms import FirstSignInForm
from lms.people.models import Employment


@allow(signed_in)
def me(request: SanzhenRequest) -> HttpResponse:
    """我的: who I am here, what I hold, how I sign in."""
    employments = (
        Employment.objects.on(current_date())
        .filter(person=request.user)
        .select_related("enterprise", "workshop", "team", "post")
    )
    context = {
        "tab": "me",
        "employments": employments,
        "second_factor": Authenticator.objects.filter(user=request.user).exclude(type="recovery_codes").exists(),
    }
    return render(request, "lms/people/me.html", context)


@allow(everybody)
def first_sign_in(request: SanzhenRequest) -> HttpResponse:
    """Activate an imported account; failures count towards the same lock as wrong passwords."""
    if request.user.is_authenticated:
        return redirect("home")
    form = FirstSignInForm(request.POST or None)
    if request.method == "POST":
        adapter = get_adapter(request)
        key = adapter._get_login_attempts_cache_key(request, username=request.POST.get("username", ""))
        usage = ratelimit.consume(request, key=key, **LIMIT)
        if usage is None:
            form.errors.clear()
            form.add_error(None, str(adapter.error_messages["too_many_login_attempts"]))
        elif form.is_valid() and form.user is not None:
            usage.rollback()
            activate_account(person=form.user, password=form.cleaned_data["password1"], now=current_time())
            login(request, form.user, backend=settings.AUTHENTICATION_BACKENDS[0])
            return redirect("home")
        elif not form.has_error(NON_FIELD_ERRORS, "not_proved"):
            usage.rollback()
    return render(request, "account/first_sign_in.html", {"form": form, "title": _("启用账号")})
