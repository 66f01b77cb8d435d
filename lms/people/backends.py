"""Sign-in by staff number, phone or e-mail."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from lms.kit.identifiers import is_mobile
from lms.people.models import User
from lms.people.queries import person_signing_in


class StaffBackend(AuthenticationBackend):
    """allauth's backend (staff number, e-mail) plus the phone, found by its keyed hash."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The user whose password this is, or None."""
        login = str(credentials.get("username") or credentials.get("email") or "").strip()
        if not is_mobile(login):
            found: User | None = super().authenticate(request, **credentials)
            return found
        password = credentials.get("password", "")
        user = person_signing_in(login)
        if user is None:
            User().set_password(password)  # costs as much time as a real check: nobody learns which phones are known
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None
