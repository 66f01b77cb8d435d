"""What markers see: progress by question, and one answer after another without names."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from exams.attempts.marked import MarkedLine, rubric_lines
from exams.attempts.models import Attempt, AttemptStatus, Mark, OpenAnswer
from exams.attempts.queries import open_answers
from exams.attempts.results import picture_of
from exams.attempts.sheets import Picture
from exams.bank.models import QuestionVersion
from exams.bank.responses import responses_by_part
from exams.papers.models import Exam
from exams.papers.queries import managed_exams
from lms.access.queries import Standing


def sat_by(person_id: int) -> Exists:
    """Whether a person sat the exam at hand: such people mark nothing in it."""
    return Exists(Attempt.objects.of(person_id).filter(exam=OuterRef("pk")))


def exams_to_mark(standing: Standing, *, person_id: int) -> QuerySet[Exam]:
    """Exams with answers that this person may mark, `waiting` of each, the earliest to end first."""
    per_exam = (
        open_answers()
        .filter(answer__attempt__exam=OuterRef("pk"))
        .order_by()
        .values("answer__attempt__exam")
        .annotate(n=Count("pk"))
        .values("n")
    )
    waiting = Coalesce(Subquery(per_exam, output_field=IntegerField()), Value(0))
    found = managed_exams(standing).annotate(waiting=waiting).filter(waiting__gt=0).exclude(sat_by(person_id))
    return found.select_related("enterprise").order_by("closes_at", "pk")


def answers_to_mark(standing: Standing, *, person_id: int) -> int:
    """How many answers wait for this person; one query."""
    sat = Attempt.objects.of(person_id).values("exam_id")
    exams = managed_exams(standing).exclude(pk__in=sat).values("pk")
    return open_answers().filter(answer__attempt__exam__in=exams).count()


@dataclass(frozen=True, slots=True)
class QuestionProgress:
    """How far the marking of one question (or one sub-question) has come."""

    version_id: int
    part: str
    number: int  # of the sub-question; 0 for a question of its own
    stem: str
    total: int
    marked: int

    @property
    def waiting(self) -> int:
        """Answers still to be marked."""
        return self.total - self.marked


def of_exam(exam_id: int) -> QuerySet[OpenAnswer]:
    """Everything that people mark in an exam; voided attempts are left out."""
    return OpenAnswer.objects.filter(answer__attempt__exam_id=exam_id, answer__attempt__status=AttemptStatus.SUBMITTED)


def marking_progress(exam: Exam) -> list[QuestionProgress]:
    """One line per question; two queries, whatever the number."""
    rows = list(
        of_exam(exam.pk)
        .order_by()
        .values("version_id", "part")
        .annotate(total=Count("pk", distinct=True), marked=Count("pk", filter=Q(marks__number=1)))
        .order_by("version_id", "part")
    )
    versions = QuestionVersion.objects.in_bulk({row["version_id"] for row in rows})
    return [
        QuestionProgress(
            version_id=row["version_id"],
            part=row["part"],
            number=number_of(versions[row["version_id"]], row["part"]),
            stem=stem_of(versions[row["version_id"]], row["part"]),
            total=row["total"],
            marked=row["marked"],
        )
        for row in rows
    ]


def part_of(version: QuestionVersion, part: str) -> dict[str, Any]:
    """A sub-question as stored; {} for a question of its own."""
    return next((row for row in version.options if part and row["id"] == part), {})


def number_of(version: QuestionVersion, part: str) -> int:
    """The number of a sub-question; 0 for a question of its own."""
    return 1 + [row["id"] for row in version.options].index(part) if part else 0


def stem_of(version: QuestionVersion, part: str) -> str:
    """What is asked."""
    return str(part_of(version, part)["stem"]) if part else version.stem


def blind_order(exam: Exam, *, version_id: int, part: str) -> list[tuple[int, bool]]:
    """Answers to one question with whether they are marked, in an order that tells nothing of who wrote them."""
    rows = (
        of_exam(exam.pk)
        .filter(version_id=version_id, part=part)
        .annotate(marked=Exists(Mark.objects.filter(open_answer=OuterRef("pk"))))
        .values_list("pk", "marked")
    )
    return sorted(rows, key=lambda row: hashlib.sha256(f"{exam.seed}:mark:{row[0]}".encode()).digest())


def next_to_mark(exam: Exam, *, version_id: int, part: str, after: int | None = None) -> int | None:
    """The next answer without a mark, beginning behind one; None when all are marked."""
    order = blind_order(exam, version_id=version_id, part=part)
    ids = [pk for pk, _ in order]
    start = ids.index(after) + 1 if after in ids else 0
    return next((pk for pk, marked in [*order[start:], *order[:start]] if not marked), None)


@dataclass(frozen=True, slots=True)
class MarkingSheet:
    """One answer before a marker: nothing in it says whose it is."""

    open_answer: OpenAnswer
    stem: str
    number: int
    situation: str
    picture: Picture | None
    text: str
    rubric: Sequence[MarkedLine]
    last: Mark | None
    marks: int
    place: int
    total: int
    marked: int
    previous: int | None
    graded: bool

    @property
    def possible(self) -> Decimal:
        """What the answer can earn."""
        return self.open_answer.possible


def marking_sheet(exam: Exam, open_answer: OpenAnswer) -> MarkingSheet:
    """Everything that the marking page shows of an answer (loaded with answer, attempt, version, picture)."""
    version, part, answer = open_answer.version, open_answer.part, open_answer.answer
    response = responses_by_part(answer.response).get(part, []) if part else answer.response
    key = next(row["key"] for row in version.key if row["id"] == part) if part else version.key
    order = blind_order(exam, version_id=version.pk, part=part)
    place = [pk for pk, _ in order].index(open_answer.pk)
    marks = list(open_answer.marks.select_related("marker").order_by("number"))
    return MarkingSheet(
        open_answer=open_answer,
        stem=stem_of(version, part),
        number=number_of(version, part),
        situation=version.stem if part else "",
        picture=picture_of(version),
        text="\n".join(response),
        rubric=rubric_lines(key, open_answer.possible),
        last=marks[-1] if marks else None,
        marks=len(marks),
        place=place + 1,
        total=len(order),
        marked=sum(marked for _, marked in order),
        previous=order[place - 1][0] if place else None,
        graded=answer.attempt.score is not None,
    )
