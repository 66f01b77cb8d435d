"""Sign-in by staff number, phone or e-mail."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from lms.kit.crypto import lookup_hash
from lms.kit.identifiers import is_mobile
from lms.people.models import User


class StaffBackend(AuthenticationBackend):
    """allauth's backend (staff number, e-mail) plus the phone, found by its keyed hash."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The user whose password this is, or None."""
        login = str(credentials.get("username") or credentials.get("email") or "").strip()
        if is_mobile(login):
            user = User.objects.filter(phone_hash=lookup_hash("phone", login)).first()
            if user is not None and user.check_password(credentials.get("password", "")):
                return user if self.user_can_authenticate(user) else None
            return None
        found: User | None = super().authenticate(request, **credentials)
        return found
