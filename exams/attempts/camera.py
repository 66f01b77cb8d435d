"""The camera is closed on every page; these few may use it (Permissions-Policy)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django_permissions_policy.decorators import permissions_policy_override


@permissions_policy_override({**settings.PERMISSIONS_POLICY, "camera": "self"})
def with_camera(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same page, whose scripts may ask its reader for the camera."""
    return response
