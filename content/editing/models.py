"""The review step of the workflow 草稿 → 审核 → 发布."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, Page

from content.editing.publishing import is_own_work


class FourEyesTask(AbstractGroupApprovalTask):
    """A reviewer's approval. Nobody approves what they wrote or handed in themselves."""

    class Meta:
        verbose_name = _("审核（四眼原则）")
        verbose_name_plural = _("审核（四眼原则）")

    def get_actions(self, obj: Page, user: Any) -> list[tuple[str, str, bool]]:
        """What `user` may do with the page under review: nothing with one's own work."""
        state = obj.current_workflow_task_state
        if state is None or is_own_work(state, user):
            return []
        return super().get_actions(obj, user)

    @classmethod
    def get_description(cls) -> str:
        """Shown where tasks are chosen."""
        return str(_("所选分组的成员审核；自己写的、自己提交的，不能自己批准"))
