"""The sidebar of workbench and supervision."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from lms.access.panels import Place
from lms.access.roles import SUPERVISION_ROLES, WORKBENCH_ROLES, Role
from lms.home import navigation
from lms.organisations.queries import organisation_lines

register = template.Library()


@register.inclusion_tag("lms/_sidebar.html", takes_context=True)
def sidebar(context: dict[str, Any]) -> dict[str, Any]:
    """Sidebar of the place that the page belongs to: variable `place`, else what the person may enter."""
    request = context["request"]
    standing = request.standing
    place: Place = context.get("place") or (
        "supervision" if standing.scope.supervises or not standing.roles & WORKBENCH_ROLES else "workbench"
    )
    relevant = SUPERVISION_ROLES | {Role.AUDITOR} if place == "supervision" else WORKBENCH_ROLES
    held = [Role(role).label for role in sorted(standing.roles & relevant)] or [
        Role(role).label for role in sorted(standing.roles - {Role.LEARNER})
    ]
    return {
        "request": request,
        "groups": navigation(request, place),
        "org": organisation_lines(standing.scope),
        "role_name": held[0] if held else _("学员"),
        "large_type": context.get("large_type"),
        "csrf_token": context.get("csrf_token"),
    }
