"""When what happened: rounds of exams, seasons of the history, moments of a day (pure)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from lms.town.blueprint import HISTORY_STARTS
from lms.town.names import starter

SHANGHAI = ZoneInfo("Asia/Shanghai")
PUBLISHED_BEFORE = timedelta(days=4)
# The course that the characters stand in the middle of: its exam is open today, whenever that is.
CURRENT_SUBJECT = "confined-space"
CURRENT_OPENED, CURRENT_CLOSES = timedelta(days=8), timedelta(days=11)


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment in the town's time."""
    return datetime.combine(day, time(hour, minute, second), SHANGHAI)


@dataclass(frozen=True, slots=True)
class Round:
    """One exam of a subject with the weeks of study before it. `make_up`: for those who missed it this year."""

    subject: str
    title: str
    study_from: date
    opens: date
    closes: date
    make_up: bool = False

    @property
    def year(self) -> int:
        """The year that it counts for."""
        return self.opens.year


@dataclass(frozen=True, slots=True)
class Season:
    """A quarter: what was published at its beginning and sat in it, up to the last day of the history."""

    first: date
    last: date
    rounds: tuple[Round, ...]

    @property
    def published_on(self) -> date:
        """When the exams of the quarter were arranged."""
        return self.first + timedelta(days=2)


def seasons(today: date) -> list[Season]:
    """All quarters from the beginning of the history to yesterday."""
    found = []
    first = HISTORY_STARTS
    while first < today:
        following = next_quarter(first)
        held = tuple(
            row for row in rounds(today) if first <= row.opens < following and first + timedelta(days=2) < today
        )
        found.append(Season(first, min(following, today) - timedelta(days=1), held))
        first = following
    return found


def next_quarter(day: date) -> date:
    """The first day of the quarter after the one that `day` lies in."""
    month = (day.month - 1) // 3 * 3 + 4
    return date(day.year + month // 13, (month - 1) % 12 + 1, 1)


def rounds(today: date) -> list[Round]:
    """All rounds up to the end of today's year, by opening day."""
    found = list(rounds_of_year("first", HISTORY_STARTS.year))
    for year in range(HISTORY_STARTS.year + 1, today.year + 1):
        found += rounds_of_year("yearly", year)
        found += rounds_of_year("make_up", year)
    found = [row for row in found if not (row.make_up and row.subject == CURRENT_SUBJECT and row.year == today.year)]
    return sorted([*found, current_round(today)], key=lambda row: row.opens)


def rounds_of_year(kind: str, year: int) -> Iterator[Round]:
    """The rounds of one kind in a year."""
    data = starter("examinations")
    make_up = kind == "make_up"
    for row in data[kind]:
        study_from, opens, closes = (date(year, month, day) for month, day in row["days"])
        for subject in row["subjects"]:
            title = f"{year} 年{data['subject'][subject]['title']}{'（年末补考）' if make_up else ''}"
            yield Round(subject, title, study_from, opens, closes, make_up)


def current_round(today: date) -> Round:
    """The exam that is open today for those who have not passed this year."""
    opens = max(today - CURRENT_OPENED, date(today.year, 1, 1))
    title = f"{today.year} 年有限空间专项考试"
    return Round(CURRENT_SUBJECT, title, opens - timedelta(days=6), opens, today + CURRENT_CLOSES, make_up=True)


def working_days(first: date, last: date) -> list[date]:
    """Monday to Saturday, both ends included."""
    span = (last - first).days + 1
    return [day for day in (first + timedelta(days=step) for step in range(span)) if day.weekday() < 6]


def some_days(chance: Random, days: Sequence[date], count: int) -> list[date]:
    """At most `count` different days, in order."""
    return sorted(chance.sample(days, min(count, len(days))))
