"""Rules: composable predicates over a request, used by `@allow`.

A rule decides about the *person*; which *objects* that person reaches is decided by querysets
limited to `request.standing.scope` (foreign objects answer 404).
"""

from collections.abc import Callable
from dataclasses import dataclass

from lms.access.requests import SanzhenRequest
from lms.access.roles import EDITING_ROLES, SUPERVISION_ROLES, WORKBENCH_ROLES, Role

Predicate = Callable[[SanzhenRequest], bool]


@dataclass(frozen=True)
class Rule:
    """A named predicate; `a | b` and `a & b` make new rules. `public` rules need no sign-in."""

    name: str
    test: Predicate
    public: bool = False

    def __call__(self, request: SanzhenRequest) -> bool:
        if not self.public and not request.user.is_authenticated:
            return False
        return self.test(request)

    def __or__(self, other: "Rule") -> "Rule":
        return Rule(f"({self.name} or {other.name})", lambda request: self(request) or other(request))

    def __and__(self, other: "Rule") -> "Rule":
        return Rule(f"({self.name} and {other.name})", lambda request: self(request) and other(request))


def has_role(*roles: Role) -> Rule:
    """Holders of at least one of the roles, today."""
    return Rule(" or ".join(sorted(roles)), lambda request: request.standing.holds(*roles))


everybody = Rule("everybody", lambda request: True, public=True)
signed_in = Rule("signed in", lambda request: True)
workbench = has_role(*WORKBENCH_ROLES, Role.ADMINISTRATOR)
enterprise_manager = has_role(Role.SAFETY_MANAGER, Role.ADMINISTRATOR)
supervision = has_role(*SUPERVISION_ROLES, Role.ADMINISTRATOR, Role.AUDITOR)
coverage_readers = workbench | supervision
identity_readers = enterprise_manager | has_role(*SUPERVISION_ROLES)
# Who reads morning-meeting cards aloud and may see their keys, and who writes them.
meeting_leaders = has_role(*WORKBENCH_ROLES, *EDITING_ROLES, Role.ADMINISTRATOR)
editing = has_role(*EDITING_ROLES, Role.ADMINISTRATOR)
question_bank = has_role(Role.REVIEWER, Role.EDITOR, Role.ADMINISTRATOR)
question_reviewers = has_role(Role.REVIEWER, Role.ADMINISTRATOR)
exam_office = has_role(Role.REVIEWER, Role.SAFETY_MANAGER, Role.TRAINER, Role.TOWN_SUPERVISOR, Role.ADMINISTRATOR)
training_office = has_role(
    Role.SAFETY_MANAGER, Role.TRAINER, Role.TOWN_SUPERVISOR, Role.SECTOR_COMMITTEE, Role.ADMINISTRATOR
)
administration = has_role(Role.ADMINISTRATOR)
audit_readers = has_role(Role.AUDITOR, Role.ADMINISTRATOR)
