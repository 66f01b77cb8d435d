"""The request as our views see it: with the standing of the signed-in person."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from lms.access.queries import Standing
    from lms.people.models import User


class SanzhenRequest(HttpRequest):
    """Typing only: AuthenticationMiddleware, HtmxMiddleware and AccessMiddleware set these."""

    user: "User"  # type: ignore[assignment]
    standing: "Standing"
    htmx: "HtmxDetails"
