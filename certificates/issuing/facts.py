"""What a certificate says, frozen at issue."""

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from lms.coverage.models import Outcome
from lms.people.models import Employment, User


@dataclass(frozen=True)
class CertificateFacts:
    """All values as they are printed; hours in 学时 of 45 minutes, score and pass mark in points of 100."""

    name: str
    masked_name: str
    masked_id: str
    employer: str
    post: str
    started_on: str
    ended_on: str
    required_hours: str
    credited_hours: str
    score: str
    pass_mark: str

    def as_json(self) -> dict[str, Any]:
        """For the frozen JSON column."""
        return asdict(self)


def gather_facts(
    *, person: User, employment: Employment | None, course: Outcome | None, exam: Outcome | None
) -> CertificateFacts:
    """Collect what is printed from the person, the employment and the achievements."""
    course_facts: dict[str, Any] = course.facts if course else {}
    exam_facts: dict[str, Any] = exam.facts if exam else {}
    last = max((outcome.achieved_on for outcome in (course, exam) if outcome), default=None)
    return CertificateFacts(
        name=person.name,
        masked_name=person.masked_name,
        masked_id=person.masked_id,
        employer=employment.enterprise.name if employment else "",
        post=employment.post.name if employment and employment.post else "",
        started_on=course_facts.get("started_on") or iso(course.achieved_on if course else last),
        ended_on=iso(last),
        required_hours=number(course_facts.get("required_hours")),
        credited_hours=number(course.amount if course else None),
        score=number(exam.amount if exam else None),
        pass_mark=number(exam_facts.get("pass_percent")),
    )


def iso(day: date | None) -> str:
    """ISO date or the empty string."""
    return day.isoformat() if day else ""


def number(value: Decimal | float | str | None) -> str:
    """A figure without superfluous zeros, or the empty string."""
    if value in (None, ""):
        return ""
    text = f"{Decimal(str(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
