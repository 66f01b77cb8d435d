"""Django finds the models of the rooms here."""

from lms.access.models import RoleAssignment
from lms.audit.models import AuditEntry, AuditHead
from lms.coverage.models import Outcome, Requirement, RequirementCategory, Target
from lms.jobs.models import Job
from lms.organisations.models import Enterprise, Industry, Post, Region, SectorCommittee, Team, Workshop
from lms.people.models import (
    Employment,
    EmploymentCategory,
    LicenceDeclaration,
    PersonnelCategory,
    PersonnelScheme,
    User,
)
from lms.regulations.models import RuleValue

__all__ = [
    "AuditEntry",
    "AuditHead",
    "Employment",
    "EmploymentCategory",
    "Enterprise",
    "Industry",
    "Job",
    "LicenceDeclaration",
    "Outcome",
    "PersonnelCategory",
    "PersonnelScheme",
    "Post",
    "Region",
    "Requirement",
    "RequirementCategory",
    "RoleAssignment",
    "RuleValue",
    "SectorCommittee",
    "Target",
    "Team",
    "User",
    "Workshop",
]
