"""Who holds which role, where and when."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from lms.access.roles import Role


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def valid_on(self, day: date) -> Self:
        """The assignments in force on `day`."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)


class RoleAssignment(models.Model):
    """A role for a person, bound to the place that the role needs (enterprise, team, region, committee)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="role_assignments")
    role = models.CharField(_("角色"), max_length=20, choices=Role)
    enterprise = models.ForeignKey("lms.Enterprise", models.CASCADE, null=True, blank=True, related_name="+")
    team = models.ForeignKey("lms.Team", models.CASCADE, null=True, blank=True, related_name="+")
    region = models.ForeignKey("lms.Region", models.CASCADE, null=True, blank=True, related_name="+")
    committee = models.ForeignKey("lms.SectorCommittee", models.CASCADE, null=True, blank=True, related_name="+")
    valid_from = models.DateField(_("自"))
    valid_until = models.DateField(_("至"), null=True, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["person_id", "role"]
        constraints = [
            models.CheckConstraint(
                name="role_has_its_place",
                condition=(
                    Q(role__in=[Role.SAFETY_MANAGER, Role.TRAINER], enterprise__isnull=False)
                    | Q(role=Role.TEAM_LEADER, team__isnull=False, enterprise__isnull=False)
                    | Q(role=Role.TOWN_SUPERVISOR, region__isnull=False)
                    | Q(role=Role.SECTOR_COMMITTEE, committee__isnull=False)
                    | Q(
                        role__in=[Role.LEARNER, Role.EDITOR, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR],
                    )
                ),
            ),
            # An open place counts as equal to an open place; Coalesce, because SQLite has no NULLS NOT DISTINCT.
            models.UniqueConstraint(
                "person",
                "role",
                Coalesce("enterprise", 0),
                Coalesce("team", 0),
                Coalesce("region", 0),
                Coalesce("committee", 0),
                "valid_from",
                name="role_assigned_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"
