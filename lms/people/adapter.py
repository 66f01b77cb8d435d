"""allauth's rules for this house: no self-registration, one lock per person, first password changed at once."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from lms.audit.actions import record
from lms.kit.clock import current_time
from lms.people.queries import person_signing_in

LIMIT = {"app": "allauth.account", "action": "login_failed"}


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts come from the staff import or an administrator, never from a sign-up form.

    Failures count per person, whichever of staff number, phone or e-mail was typed; a name that
    belongs to nobody is counted the same way, so the messages give nothing away.
    """

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("账号或密码不对。"),
        "email_password_mismatch": _("账号或密码不对。"),
        "too_many_login_attempts": _("连续 5 次没有对上，账号锁定 15 分钟。到时间自动解开，已经保存的内容都在。"),
        "account_inactive": _("这个账号停用了，请联系单位安全管理人员。"),
        "incorrect_password": _("现在的密码不对。"),
        "enter_current_password": _("请输入现在的密码。"),
        "incorrect_code": _("验证码不对。"),
        "rate_limited": _("试得太多了，请过一会儿再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """The subject as the template gives it, on one line."""
        return subject.strip()

    def set_password(self, user: Any, password: str) -> None:
        """A changed password ends the first-login state."""
        user.must_change_password = False
        super().set_password(user, password)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Note who signed in."""
        record(action="account.signed_in", by=user, now=current_time(), target=user)
        return super().post_login(request, user, **kwargs)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note the failure that locks an account."""
        if self.tries_left(request, **credentials) == 0:
            person = person_signing_in(login_of(credentials))
            record(action="account.locked", by=None, now=current_time(), target=person)

    def tries_left(self, request: HttpRequest, **credentials: Any) -> int:
        """How many more failures this account may have before it is locked."""
        key = self._get_login_attempts_cache_key(request, **credentials)
        rate = next(rate for rate in ratelimit.get_rates(**LIMIT) if rate.per == "key")
        history = cache.get(ratelimit.get_cache_key(request, rate=rate, key=key, **LIMIT), [])
        _, recent = ratelimit.apply_rate(list(history), time.time(), rate, dry_run=True)
        return max(0, rate.amount - len(recent))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        login = login_of(credentials)
        person = person_signing_in(login)
        return f"person:{person.pk}" if person else f"nobody:{login.lower()}"


def login_of(credentials: dict[str, Any]) -> str:
    """What was typed as the account."""
    return str(credentials.get("username") or credentials.get("email") or "").strip()
