"""allauth's rules for this house: no self-registration, first password changed at first sign-in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts come from the staff import or an administrator, never from a sign-up form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def set_password(self, user: Any, password: str) -> None:
        """A changed password ends the first-login state."""
        user.must_change_password = False
        super().set_password(user, password)
