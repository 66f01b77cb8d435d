"""For whom a subject is meant, in the three forms that are needed: a test, assignment rules, exam audiences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from exams.papers.actions import AudienceRow
from lms.organisations.models import Enterprise, Industry
from lms.people.models import PersonnelCategory
from lms.town.names import starter
from lms.town.people import Job


@dataclass(frozen=True, slots=True)
class Meant:
    """A category, in one industry or in all."""

    category: str
    industry: str | None


def meant_by(subject: str) -> list[Meant]:
    """The rules of a subject."""
    rows = (text.partition("@") for text in starter("examinations")["subject"][subject]["meant"])
    return [Meant(category, industry or None) for category, _, industry in rows]


class Audiences:
    """Answers whether a job is meant, without a query."""

    def __init__(self) -> None:
        self.rules = {subject: meant_by(subject) for subject in starter("examinations")["subject"]}

    def fits(self, subject: str, job: Job, industries: tuple[str, ...], day: date) -> bool:
        """Whether somebody in this job, in an enterprise of these industries, is meant on a day."""
        held = set(job.categories(day))
        return any(
            rule.category in held and (rule.industry is None or rule.industry in industries)
            for rule in self.rules[subject]
        )


def post_audience(enterprise: Enterprise, posts: Sequence[str]) -> list[AudienceRow]:
    """Some posts of one enterprise."""
    return [AudienceRow(post_id=post.pk) for post in enterprise.posts.filter(name__in=posts).order_by("pk")]


def exam_audience(subject: str) -> list[AudienceRow]:
    """The same rules for an exam."""
    categories = {row.code: row.pk for row in PersonnelCategory.objects.all()}
    industries = {row.code: row.pk for row in Industry.objects.all()}
    return [
        AudienceRow(
            category_id=categories[rule.category], industry_id=industries[rule.industry] if rule.industry else None
        )
        for rule in meant_by(subject)
    ]
