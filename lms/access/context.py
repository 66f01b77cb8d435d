"""What every page knows: which of the four places it belongs to, and the reader's type size."""

from typing import Any

from lms.access.requests import SanzhenRequest
from lms.access.roles import EDITING_ROLES, SUPERVISION_ROLES, WORKBENCH_ROLES, Role


def place(request: SanzhenRequest) -> dict[str, Any]:
    """Template variables `large_type`, `may` (places that this person may enter)."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"large_type": request.COOKIES.get("type") == "large", "may": {}}
    standing = getattr(request, "standing", None)
    roles = standing.roles if standing else frozenset()
    boss = Role.ADMINISTRATOR in roles
    return {
        "large_type": request.COOKIES.get("type") == "large",
        "may": {
            "workbench": boss or bool(roles & WORKBENCH_ROLES),
            "supervision": boss or bool(roles & (SUPERVISION_ROLES | {Role.AUDITOR})),
            "editing": boss or bool(roles & EDITING_ROLES),
            "administration": boss,
            "manage_people": boss or Role.SAFETY_MANAGER in roles,
            "audit": boss or Role.AUDITOR in roles,
        },
    }
