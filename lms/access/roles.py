"""Names of the roles (data lives in RoleAssignment)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    LEARNER = "learner", _("学员")
    TEAM_LEADER = "team_leader", _("班组长")
    SAFETY_MANAGER = "safety_manager", _("安全管理人员")
    TRAINER = "trainer", _("内训师")
    SECTOR_COMMITTEE = "sector_committee", _("专委会")
    TOWN_SUPERVISOR = "town_supervisor", _("镇级监管")
    EDITOR = "editor", _("内容编辑")
    REVIEWER = "reviewer", _("题库审核")
    AUDITOR = "auditor", _("审计员")
    ADMINISTRATOR = "administrator", _("系统管理员")


WORKBENCH_ROLES = frozenset({Role.TEAM_LEADER, Role.SAFETY_MANAGER, Role.TRAINER})
SUPERVISION_ROLES = frozenset({Role.SECTOR_COMMITTEE, Role.TOWN_SUPERVISOR})
EDITING_ROLES = frozenset({Role.EDITOR, Role.REVIEWER})
