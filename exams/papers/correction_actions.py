"""Correcting what counts for a question of an exam; grading anew is `exams.marking`'s."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from exams.bank.bodies import CASE
from exams.bank.grading import part_points
from exams.bank.models import QuestionStatus, QuestionVersion
from exams.papers.correction_models import Correction, CorrectionKind
from exams.papers.models import Exam, ExamStatus, PaperItem
from lms.audit.actions import record

if TYPE_CHECKING:
    from lms.people.models import User

REASON_LENGTH = 200


class CannotCorrect(Exception):
    """Nothing was corrected.

    `reason`: draft (no papers yet), foreign (the question is in no paper), key (there is no later version whose key
    fits), needless (that is how it counts already), unexplained (no reason was given), sat (sat the exam themselves).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def corrected_key(version: QuestionVersion) -> QuestionVersion | None:
    """The published later version of the same question, where its key decides about the same answers.

    Another person approved that version: four eyes see a key before anybody is graded by it.
    """
    question = version.question
    current = question.current
    if current is None or question.status != QuestionStatus.PUBLISHED or current.number <= version.number:
        return None
    asks_the_same = (current.type, current.options, current.picture_id) == (
        version.type, version.options, version.picture_id,
    )  # fmt: skip
    return current if asks_the_same and shares_points(version, current) and current.key != version.key else None


def shares_points(version: QuestionVersion, other: QuestionVersion) -> bool:
    """Whether the parts of a case are worth the same: marks by people were given out of these points."""
    if version.type != CASE:
        return True
    points = version.default_points
    return part_points(version.key, points) == part_points(other.key, points)


def standing_correction(exam: Exam, version_id: int) -> Correction | None:
    """What counts at present for a question of an exam; None: the key of the paper."""
    return Correction.objects.filter(exam=exam, version_id=version_id).order_by("-pk").first()


def same_as(standing: Correction | None, kind: CorrectionKind, source: QuestionVersion | None) -> bool:
    """Whether a correction would change nothing."""
    if standing is None:
        return kind == CorrectionKind.NONE
    return (standing.kind, standing.source_id) == (kind, source.pk if source else None)


@transaction.atomic
def correct(
    *, exam: Exam, version: QuestionVersion, kind: CorrectionKind, by: "User", reason: str, now: datetime
) -> Correction:
    """Decide what counts for a question from now on, in all papers of the exam. Raises CannotCorrect."""
    if exam.status == ExamStatus.DRAFT:
        raise CannotCorrect("draft")
    items = PaperItem.objects.filter(paper__exam=exam, version=version)
    if not items.exists():
        raise CannotCorrect("foreign")
    if not reason.strip():
        raise CannotCorrect("unexplained")
    source = corrected_key(version) if kind == CorrectionKind.KEY else None
    if kind == CorrectionKind.KEY and source is None:
        raise CannotCorrect("key")
    Exam.objects.select_for_update().get(pk=exam.pk)
    if same_as(standing_correction(exam, version.pk), kind, source):
        raise CannotCorrect("needless")
    made = Correction.objects.create(
        exam=exam, version=version, kind=kind, source=source, reason=reason.strip()[:REASON_LENGTH], by=by, at=now
    )
    items.update(correction=made)
    record(
        action="exam.key_corrected", by=by, now=now, target=made, enterprise_id=exam.enterprise_id, reason=made.reason,
        detail={"exam": exam.pk, "version": version.pk, "kind": str(kind), "source": source.pk if source else None},
    )  # fmt: skip
    return made
