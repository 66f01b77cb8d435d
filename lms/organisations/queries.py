"""Reading the register."""

from lms.organisations.models import Enterprise, Region, SectorCommittee
from lms.organisations.scope import Scope


def organisation_lines(scope: Scope) -> list[str]:
    """One or two lines that say whose place this is, for the head of the sidebar."""
    if scope.region_paths:
        return [region.name for region in Region.objects.filter(path__in=scope.region_paths)[:2]]
    if scope.committee_ids:
        return [committee.name for committee in SectorCommittee.objects.filter(pk__in=scope.committee_ids)[:2]]
    if scope.enterprise_ids:
        enterprise = Enterprise.objects.select_related("industry").get(pk=scope.enterprise_ids[0])
        return [enterprise.name, enterprise.industry.name]
    return []
