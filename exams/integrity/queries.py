"""Reading signals: for the live board, for the timeline of one attempt."""

from collections.abc import Iterable

from django.db.models import Count, QuerySet

from exams.attempts.models import Attempt
from exams.integrity.models import Behaviour, Signal


def signals_of(attempt: Attempt) -> QuerySet[Signal]:
    """Everything noted about an attempt, in order; one query."""
    return Signal.objects.filter(attempt=attempt).order_by("at", "pk")


def counts_for(attempt_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Attempt → kind → number of signals that count; attempts without any are missing. One query for all."""
    rows = (
        Signal.objects.filter(attempt_id__in=list(attempt_ids), counted=True)
        .order_by()
        .values_list("attempt_id", "kind")
        .annotate(number=Count("pk"))
    )
    counts: dict[int, dict[str, int]] = {}
    for attempt_id, kind, number in rows:
        counts.setdefault(attempt_id, {})[kind] = number
    return counts


def behaviour_of(attempt: Attempt) -> Behaviour | None:
    """What the record showed, once it was read."""
    return Behaviour.objects.filter(attempt=attempt).first()


def standing_out(exam_id: int) -> QuerySet[Behaviour]:
    """Submitted attempts of an exam of which something stands out, with attempt and person; one query."""
    found = Behaviour.objects.filter(attempt__exam_id=exam_id).exclude(traits=[])
    return found.select_related("attempt__person").order_by("attempt_id")
