"""The yearly requirement of hours (学时) and how it is met."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from courses.catalogue.credit import TENTH

# Codes of rule values: 令3号 as amended; the higher figures hold for the five high-risk sectors.
WORKER, WORKER_HIGH_RISK = "hours.annual.worker", "hours.annual.worker_high_risk"
MANAGER, MANAGER_HIGH_RISK = "hours.annual.manager", "hours.annual.manager_high_risk"
BUILDER = "hours.annual.construction"
ANNUAL_CODES = (WORKER, WORKER_HIGH_RISK, MANAGER, MANAGER_HIGH_RISK, BUILDER)
CONSTRUCTION = "construction"  # code of the industry
MANAGER_CATEGORIES = frozenset({"principal", "safety_manager"})


def annual_rule(categories: frozenset[str], *, high_risk: bool, construction: bool = False) -> str:
    """The code of the yearly requirement for these personnel categories."""
    if categories & MANAGER_CATEGORIES:
        return MANAGER_HIGH_RISK if high_risk else MANAGER
    if high_risk:
        return WORKER_HIGH_RISK
    return BUILDER if construction else WORKER


@dataclass(frozen=True, slots=True)
class YearlyHours:
    """Hours credited and required in a year, and where one should be on the day asked about."""

    year: int
    credited: Decimal
    required: Decimal
    on_course: Decimal

    @property
    def short(self) -> Decimal:
        """What is still missing."""
        return max(Decimal(0), self.required - self.credited)

    @property
    def behind(self) -> Decimal:
        """How much the even pace of the year is ahead."""
        return max(Decimal(0), self.on_course - self.credited)

    @property
    def percent(self) -> int:
        """For the bar, 0–100."""
        return min(100, int(self.credited * 100 / self.required)) if self.required else 100


def yearly_hours(*, credited: Decimal, required: Decimal, today: date) -> YearlyHours:
    """The year's account on `today`; an even pace through the year is the tick on the ring."""
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    share = Decimal((today - first).days + 1) / Decimal((last - first).days + 1)
    return YearlyHours(today.year, credited, required, (required * share).quantize(TENTH, ROUND_HALF_UP))
