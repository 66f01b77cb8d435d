"""Publishing what has been approved. Wagtail imports this while its own models load: none of them at run time here."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lms.audit.actions import record
from lms.kit.clock import current_time

if TYPE_CHECKING:
    from wagtail.models import TaskState, WorkflowState

    from lms.people.models import User


def is_own_work(state: "TaskState", user: "User") -> bool:
    """Whether `user` wrote the revision under review or asked for the review."""
    return user.pk in (state.revision.user_id, state.workflow_state.requested_by_id)


@transaction.atomic
def publish_approved(workflow_state: "WorkflowState", user: "User | None" = None) -> None:
    """Publish what the review approved (WAGTAIL_FINISH_WORKFLOW_ACTION); raises PermissionDenied for own work."""
    page = workflow_state.content_object
    revision = page.get_latest_revision()
    if user is None or user.pk in (revision.user_id, workflow_state.requested_by_id):
        raise PermissionDenied("four eyes: somebody else must approve")
    revision.publish(user=user, skip_permission_checks=True)
    record(
        action="page.published",
        by=user,
        now=current_time(),
        target=page,
        detail={"revision": revision.pk, "author": revision.user_id, "title": page.title},
    )
