"""Writing the register."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from lms.organisations.models import Enterprise, Industry, Post, Team, Workshop


@dataclass(frozen=True, slots=True)
class IndustryRow:
    """One industry or special field as the starter file gives it."""

    code: str
    name: str
    kind: str
    high_risk_hours: bool
    high_risk_assessment: bool
    position: int


@transaction.atomic
def load_industries(*, rows: Iterable[IndustryRow]) -> int:
    """Add the industries that are missing; edited ones stay. Returns the number added."""
    added = 0
    for row in rows:
        _, created = Industry.objects.get_or_create(
            code=row.code,
            defaults={
                "name": row.name,
                "kind": row.kind,
                "high_risk_hours": row.high_risk_hours,
                "high_risk_assessment": row.high_risk_assessment,
                "position": row.position,
            },
        )
        added += created
    return added


@transaction.atomic
def ensure_places(
    *, enterprise: Enterprise, workshop: str, team: str, post: str, trade: str = ""
) -> tuple[Workshop | None, Team | None, Post | None]:
    """The workshop, team and post of these names in an enterprise, made where they are missing; "" stays None."""
    shop = Workshop.objects.get_or_create(enterprise=enterprise, name=workshop)[0] if workshop else None
    crew = Team.objects.get_or_create(workshop=shop, name=team)[0] if team and shop else None
    job = Post.objects.get_or_create(enterprise=enterprise, name=post, defaults={"trade": trade})[0] if post else None
    return shop, crew, job
