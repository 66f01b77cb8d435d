"""When what happened: rounds of exams, seasons of the history, moments of a day (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from lms.town.blueprint import HISTORY_STARTS
from lms.town.names import starter

SHANGHAI = ZoneInfo("Asia/Shanghai")
# The course that the characters stand in the middle of: its exam is open today, whenever that is.
CURRENT_SUBJECT, CURRENT_STAYS_OPEN = "confined-space", timedelta(days=11)


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment in the town's time."""
    return datetime.combine(day, time(hour, minute, second), SHANGHAI)


@dataclass(frozen=True, slots=True)
class Round:
    """Some weeks of study and sitting. `make_up`: the exam is that of the year's round before.

    `exam_closes`: until when late comers may sit. `only`: the code of the one enterprise that holds it, for `posts`.
    """

    subject: str
    title: str
    study_from: date
    opens: date
    closes: date
    exam_closes: date
    make_up: bool = False
    only: str = ""
    posts: tuple[str, ...] = ()

    @property
    def year(self) -> int:
        """The year that it counts for."""
        return self.opens.year

    @property
    def key(self) -> tuple[str, int]:
        """What a person does once: the subject in a year."""
        return self.subject, self.year


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
    found = rounds_of_year("first", HISTORY_STARTS.year)
    for year in range(HISTORY_STARTS.year + 1, today.year + 1):
        found += rounds_of_year("yearly", year)
        found += rounds_of_year("make_up", year)
    found.append(own_round(today))
    found.sort(key=lambda row: (row.opens, row.make_up))
    return [keep_open(row, today) if row is current(found, today) else row for row in found]


def rounds_of_year(kind: str, year: int) -> list[Round]:
    """The rounds of one kind in a year."""
    data = starter("examinations")
    last = date(year, *data["make_up"][0]["days"][2])
    found = []
    for row in data[kind]:
        study_from, opens, closes = (date(year, month, day) for month, day in row["days"])
        for subject in row["subjects"]:
            title = f"{year} 年{data['subject'][subject]['title']}"
            found.append(Round(subject, title, study_from, opens, closes, max(closes, last), kind == "make_up"))
    return found


def own_round(today: date) -> Round:
    """What one enterprise arranged for itself."""
    row = starter("examinations")["own"]
    study_from, opens, closes = (today - timedelta(days=days) for days in row["days_ago"])
    return Round(
        row["subject"], row["title"], study_from, opens, closes, closes, only=row["enterprise"],
        posts=tuple(row["posts"]),
    )  # fmt: skip


def current(found: Sequence[Round], today: date) -> Round | None:
    """The newest round of the current subject that has opened."""
    opened = (row for row in found if row.subject == CURRENT_SUBJECT and not row.make_up and row.opens <= today)
    return max(opened, key=lambda row: row.opens, default=None)


def keep_open(row: Round, today: date) -> Round:
    """The same with an exam that is open today."""
    return replace(row, exam_closes=max(row.exam_closes, today + CURRENT_STAYS_OPEN))


def working_days(first: date, last: date) -> list[date]:
    """Monday to Saturday, both ends included."""
    span = (last - first).days + 1
    return [day for day in (first + timedelta(days=step) for step in range(span)) if day.weekday() < 6]


def some_days(chance: Random, days: Sequence[date], count: int) -> list[date]:
    """At most `count` different days, in order."""
    return sorted(chance.sample(days, min(count, len(days))))
