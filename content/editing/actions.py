"""Setting up the editing place."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from content.editing.models import FourEyesTask
from content.library.models import HomePage
from lms.access.roles import Role

WORKFLOW_NAME = "草稿 → 审核 → 发布"
TASK_NAME = "审核"
# Nobody but administrators holds `publish`: pages go live through the review.
PAGE_RIGHTS = {
    Role.EDITOR: ["add_page", "change_page"],
    Role.REVIEWER: ["add_page", "change_page", "lock_page", "unlock_page"],
    Role.ADMINISTRATOR: ["add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page", "unlock_page"],
}
FILE_RIGHTS = ["add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document"]


@transaction.atomic
def set_up_editing() -> None:
    """Give the groups of the three roles their rights and the library its workflow; repeating changes nothing.

    Wagtail's own groups and workflow are removed: roles are granted by `lms.access`, not in Wagtail.
    """
    home = HomePage.objects.get()
    Group.objects.filter(name__in=["Moderators", "Editors"], user__isnull=True).delete()
    for role, rights in PAGE_RIGHTS.items():
        group = Group.objects.get_or_create(name=role.value)[0]
        group.permissions.add(Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin"))
        for codename in rights:
            permission = Permission.objects.get(codename=codename, content_type__app_label="wagtailcore")
            GroupPagePermission.objects.get_or_create(group=group, page=home, permission=permission)
        for permission in Permission.objects.filter(
            codename__in=FILE_RIGHTS, content_type__app_label__in=["wagtailimages", "wagtaildocs"]
        ):
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=Collection.get_first_root_node(), permission=permission
            )
    set_up_workflow(home)


def set_up_workflow(home: HomePage) -> None:
    """One workflow with one step, for the whole library."""
    Workflow.objects.filter(name="Moderators approval", workflow_states__isnull=True).delete()
    GroupApprovalTask.objects.filter(name="Moderators approval", workflow_tasks__isnull=True).delete()
    task = FourEyesTask.objects.get_or_create(name=TASK_NAME)[0]
    task.groups.set(Group.objects.filter(name__in=[Role.REVIEWER.value, Role.ADMINISTRATOR.value]))
    workflow = Workflow.objects.get_or_create(name=WORKFLOW_NAME)[0]
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    WorkflowPage.objects.get_or_create(page=home, defaults={"workflow": workflow})
