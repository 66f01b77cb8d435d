"""How a course stands for one person."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class State(StrEnum):
    """The states of a course, worst first where lists are sorted."""

    OVERDUE = "overdue"
    PART = "part"
    TODO = "todo"
    DONE = "done"


STATE_WORDS = {
    State.OVERDUE: _("逾期"),
    State.PART: _("在学"),
    State.TODO: _("没开始"),
    State.DONE: _("学完"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Lessons, credited and required seconds, due date of one person in one course."""

    lessons: int
    lessons_done: int
    seconds_required: int
    seconds_credited: int
    started: bool
    completed_at: datetime | None
    due_on: date | None
    today: date

    @property
    def state(self) -> State:
        """Done beats overdue beats under way."""
        if self.completed_at:
            return State.DONE
        if self.due_on and self.due_on < self.today:
            return State.OVERDUE
        return State.PART if self.started else State.TODO

    @property
    def percent(self) -> int:
        """For the bar: credited of required time; 100 only when finished."""
        if self.completed_at:
            return 100
        return min(99, self.seconds_credited * 100 // self.seconds_required) if self.seconds_required else 0

    @property
    def minutes_left(self) -> int:
        """Minutes still to be credited, rounded up."""
        return -(-max(0, self.seconds_required - self.seconds_credited) // 60)

    @property
    def days_left(self) -> int | None:
        """Days until the due date, negative once it is past."""
        return (self.due_on - self.today).days if self.due_on else None
