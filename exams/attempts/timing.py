"""Whose clock counts: the server's. Deadlines and what may still be done at a moment (pure)."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class Phase(StrEnum):
    """Where an attempt stands in time."""

    RUNNING = "running"
    GRACE = "grace"  # the deadline has passed, packets under way are still taken
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Clock:
    """The time of one attempt. `grace` covers the way of the last packet, not further writing."""

    started_at: datetime
    deadline_at: datetime
    grace: timedelta
    paused: bool = False  # the clock stands; the deadline moves when it goes on

    @property
    def final_at(self) -> datetime:
        """Until when (inclusive) a packet is taken."""
        return self.deadline_at + self.grace

    def phase(self, now: datetime) -> Phase:
        """Running up to and including the deadline, then grace, then over; a paused attempt never ends by itself."""
        if self.paused or now <= self.deadline_at:
            return Phase.RUNNING
        return Phase.GRACE if now <= self.final_at else Phase.OVER

    def seconds_left(self, now: datetime) -> int:
        """Whole seconds until the deadline, never negative."""
        return max(0, int((self.deadline_at - now).total_seconds()))

    def seconds_used(self, submitted_at: datetime) -> int:
        """Whole seconds of writing; the grace does not count as writing time."""
        return max(0, int((min(submitted_at, self.deadline_at) - self.started_at).total_seconds()))


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day (31 January + 1 = 28 or 29 February)."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
