"""Who is meant by an exam, as people: for the readiness report and for check-in."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from exams.papers.models import Exam, ExamAudience
from lms.people.models import Employment, User


def exam_day(exam: Exam, *, now: datetime) -> date:
    """The day for which the roster is read: today while the exam is open, else its first or its last day."""
    first, last = timezone.localdate(exam.opens_at), timezone.localdate(exam.closes_at)
    return min(max(timezone.localdate(now), first), last)


def roster_of(exam: Exam, *, on: date) -> QuerySet[User]:
    """Everybody for whom the exam is meant on a day; one query for the rules of its audience, none for the people yet.

    The reverse of `AudienceQuerySet.matching`: somebody without employment is meant only by a rule that names them.
    """
    rules = ExamAudience.objects.in_force(on).filter(exam=exam)
    employed, named = Q(pk__in=[]), []
    for rule in rules.select_related("person", "enterprise", "post", "category", "industry"):
        employed |= Q(pk__in=rule.employments(on=on).values("pk"))
        if rule.person_id is not None:
            named.append(rule.person_id)
    at_work = Employment.objects.on(on)
    meant = Q(pk__in=at_work.filter(employed).values("person"))
    if named:
        meant |= Q(pk__in=named) & Q(~Exists(at_work.filter(person=OuterRef("pk"))))
    return User.objects.filter(meant)
