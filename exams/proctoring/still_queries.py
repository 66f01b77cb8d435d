"""The stills of an attempt as those who run the exam see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import BooleanField, Case, Count, QuerySet, Value, When

from exams.attempts.models import Attempt
from exams.attempts.still_models import StillConsent
from exams.attempts.still_queries import consent_of
from exams.proctoring.photo_models import CandidatePhoto
from exams.proctoring.still_models import FaceToFace, Still, StillVerdict


@dataclass(frozen=True, slots=True)
class StillsOfAttempt:
    """Consent, stills in order (without the pictures), the meeting in person, whether there is a photo to compare."""

    consent: StillConsent | None
    stills: Sequence[Still]
    seen: FaceToFace | None
    has_photo: bool
    verdicts: Sequence[StillVerdict] = tuple(StillVerdict)

    @property
    def unseen(self) -> int:
        """Pictures that nobody has looked at."""
        return sum(still.has_image and not still.verdict for still in self.stills)  # type: ignore[attr-defined]


def listed_stills(attempt: Attempt) -> QuerySet[Still]:
    """Stills in order with `has_image`; the pictures themselves are not read."""
    has_image = Case(When(image="", then=Value(False)), default=Value(True), output_field=BooleanField())
    return (
        Still.objects.filter(attempt=attempt).defer("image").annotate(has_image=has_image).select_related("judged_by")
    )


def unseen_stills(attempt_ids: Iterable[int]) -> dict[int, int]:
    """How many pictures nobody has looked at, by attempt; those without any are left out. One query."""
    rows = Still.objects.filter(attempt__in=attempt_ids, verdict="").exclude(image="").order_by()
    return dict(rows.values_list("attempt").annotate(number=Count("pk")))


def stills_of(attempt: Attempt) -> StillsOfAttempt | None:
    """None where the exam takes no stills; four queries otherwise."""
    if not attempt.exam.camera_stills:
        return None
    return StillsOfAttempt(
        consent=consent_of(attempt),
        stills=list(listed_stills(attempt)),
        seen=FaceToFace.objects.filter(attempt=attempt).select_related("by").first(),
        has_photo=CandidatePhoto.objects.filter(person_id=attempt.person_id).exists(),
    )
