"""The roster: who is listed under which filters, within what the asker may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Prefetch, Q, QuerySet

from lms.organisations.models import Enterprise, Workshop
from lms.organisations.scope import Scope
from lms.people.models import Employment, EmploymentCategory, EmploymentType, User

STATUSES = ("working", "left", "all")
SORTS = {
    "name": ("person__name", "person__username"),
    "number": ("person__username",),
    "place": ("enterprise__code", "workshop__name", "team__name", "person__username"),
    "started": ("-started_on", "person__username"),
}
GAPS = ("no_team", "no_category", "waiting")


@dataclass(frozen=True, slots=True)
class RosterFilter:
    """What the address of a roster page says."""

    text: str = ""
    enterprise_id: int | None = None
    workshop_id: int | None = None
    employment_type: str = ""
    category_id: int | None = None
    status: str = "working"
    gap: str = ""
    sort: str = "number"


def number_or_none(text: str | None) -> int | None:
    """A positive number from an address, or None."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else None


def roster_filter(params: Mapping[str, str]) -> RosterFilter:
    """Read the query string; what makes no sense is left out."""
    status, sort, gap = params.get("status", ""), params.get("sort", ""), params.get("gap", "")
    kind = params.get("type", "")
    return RosterFilter(
        text=params.get("q", "").strip()[:60],
        enterprise_id=number_or_none(params.get("enterprise")),
        workshop_id=number_or_none(params.get("workshop")),
        employment_type=kind if kind in EmploymentType.values else "",
        category_id=number_or_none(params.get("category")),
        status=status if status in STATUSES else "working",
        gap=gap if gap in GAPS else "",
        sort=sort if sort in SORTS else "number",
    )


def roster(scope: Scope, wanted: RosterFilter, *, on: date) -> QuerySet[Employment]:
    """The employments listed, in order, without the related rows of a page (see `with_details`)."""
    found = Employment.objects.within(scope)
    if wanted.status == "working":
        found = found.on(on)
    elif wanted.status == "left":
        found = found.filter(ended_on__lt=on)
    if wanted.text:
        found = found.filter(Q(person__name__icontains=wanted.text) | Q(person__username__icontains=wanted.text))
    if wanted.enterprise_id:
        found = found.filter(enterprise_id=wanted.enterprise_id)
    if wanted.workshop_id:
        found = found.filter(workshop_id=wanted.workshop_id)
    if wanted.employment_type:
        found = found.filter(employment_type=wanted.employment_type)
    if wanted.category_id:
        periods = EmploymentCategory.objects.on(on).filter(category_id=wanted.category_id)
        found = found.filter(pk__in=periods.values("employment_id"))
    return with_gap(found, wanted.gap, on=on).order_by(*SORTS[wanted.sort], "pk")


def with_gap(found: QuerySet[Employment], gap: str, *, on: date) -> QuerySet[Employment]:
    """Only those where something is missing."""
    if gap == "no_team":
        return found.filter(team__isnull=True)
    if gap == "no_category":
        return found.exclude(pk__in=EmploymentCategory.objects.on(on).values("employment_id"))
    if gap == "waiting":
        return found.filter(person__password__startswith=UNUSABLE_PASSWORD_PREFIX, person__is_active=True)
    return found


def with_details(found: QuerySet[Employment], *, on: date) -> QuerySet[Employment]:
    """Everything that a line of the list shows: two queries whatever the number of lines."""
    periods = EmploymentCategory.objects.on(on).select_related("category").order_by("category__position")
    return found.select_related("person", "enterprise", "workshop", "team", "post").prefetch_related(
        Prefetch("category_periods", queryset=periods, to_attr="current_periods")
    )


def people_within(scope: Scope) -> QuerySet[User]:
    """The people whose file a holder of `scope` may open: everybody with an employment in view, past ones too."""
    return User.objects.filter(pk__in=Employment.objects.within(scope).values("person_id"))


def workshops_within(scope: Scope, enterprise_id: int | None) -> QuerySet[Workshop]:
    """The workshops to filter by: of the chosen enterprise, or of the only one in view."""
    places = Enterprise.objects.within(scope)
    if enterprise_id:
        return Workshop.objects.filter(enterprise__in=places, enterprise_id=enterprise_id)
    return Workshop.objects.none() if scope.supervises else Workshop.objects.filter(enterprise__in=places)
