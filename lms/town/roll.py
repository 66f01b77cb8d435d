"""Comings and goings of the roster as the audit log tells them."""

from collections.abc import Sequence
from datetime import date

from lms.access.roles import Role
from lms.town.blueprint import HISTORY_STARTS
from lms.town.calendar import Season, at
from lms.town.chronicle import Chronicle, Note
from lms.town.people import Job
from lms.town.workforce import Staffed


def note_comings(town: Sequence[Staffed], season: Season, chronicle: Chronicle) -> None:
    """Who started and who left in a season, entered by the safety manager of the enterprise."""
    for staffed in town:
        for job in staffed.jobs:
            for action, day in (("employment.started", job.started), ("employment.ended", job.ended)):
                if day is not None and season.first <= day <= season.last and day >= HISTORY_STARTS:
                    chronicle.add(note(staffed, job, action, day))


def note(staffed: Staffed, job: Job, action: str, day: date) -> Note:
    """One entry; no personal data in the clear."""
    return Note(
        at(day, 8, 40),
        action,
        "lms.employment",
        job.pk,
        actor_id=manager_of(staffed, day),
        enterprise_id=staffed.enterprise.pk,
        detail={"person": job.person.pk, "categories": sorted(job.categories(day))},
    )


def manager_of(staffed: Staffed, day: date) -> int | None:
    """The account that keeps the roster on a day."""
    found = (job for job in staffed.jobs if Role.SAFETY_MANAGER in job.roles and job.on(day))
    return next((job.person.pk for job in found), None)
