"""What markers see: progress by question, and one answer after another without names."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from exams.attempts.agreement import ADJUDICATION, FIRST, SECOND, StagedMark, stage_for
from exams.attempts.marked import MarkedLine, rubric_lines
from exams.attempts.models import Attempt, AttemptStatus, Mark, OpenAnswer
from exams.attempts.queries import open_answers
from exams.attempts.results import picture_of
from exams.attempts.scoring import marking_rule
from exams.attempts.sheets import Picture
from exams.bank.models import QuestionVersion
from exams.bank.responses import responses_by_part
from exams.papers.models import Exam
from exams.papers.queries import managed_exams
from lms.access.queries import Standing


def has_sat(exam_id: int, *, person_id: int) -> bool:
    """Whether somebody sat an exam, voided attempts included: such people mark nobody's answers in it."""
    return Attempt.objects.of(person_id).filter(exam_id=exam_id).exists()


def sat_by(person_id: int) -> Exists:
    """Whether a person sat the exam at hand: such people mark nothing in it."""
    return Exists(Attempt.objects.of(person_id).filter(exam=OuterRef("pk")))


def marked_by(person_id: int) -> Exists:
    """Whether a person gave the open answer at hand a mark. Where it still waits, that was one of two."""
    return Exists(Mark.objects.filter(open_answer=OuterRef("pk"), marker=person_id))


def at_stage(stage: int) -> Exists:
    """Whether the open answer at hand has a mark of a stage."""
    return Exists(Mark.objects.filter(open_answer=OuterRef("pk"), stage=stage))


def exams_to_mark(standing: Standing, *, person_id: int) -> QuerySet[Exam]:
    """Exams with answers that this person may mark, `waiting` of each, the earliest to end first."""
    per_exam = (
        open_answers()
        .filter(~marked_by(person_id), answer__attempt__exam=OuterRef("pk"))
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
    return open_answers().filter(~marked_by(person_id), answer__attempt__exam__in=exams).count()


@dataclass(frozen=True, slots=True)
class QuestionProgress:
    """How far the marking of one question (or one sub-question) has come.

    `total`: answers that people decide about; `marked`: decided. With two markers `first` and `second` have a mark of
    that stage, `apart` wait for a third person, `adjudicated` were decided by one. `mine`: wait for the person asking.
    """

    version_id: int
    part: str
    number: int  # of the sub-question; 0 for a question of its own
    stem: str
    total: int
    marked: int
    first: int
    second: int
    apart: int
    adjudicated: int
    mine: int

    @property
    def waiting(self) -> int:
        """Answers still to be decided."""
        return self.total - self.marked

    @property
    def agreed_percent(self) -> int | None:
        """How many of the answers with two marks lay within the tolerance; None before there are any."""
        differing = self.apart + self.adjudicated
        return None if not self.second else 100 - round(100 * differing / self.second)


def of_exam(exam_id: int) -> QuerySet[OpenAnswer]:
    """Everything that people mark in an exam; voided attempts and questions decided by a correction are left out."""
    return OpenAnswer.objects.filter(
        needed=True, answer__attempt__exam_id=exam_id, answer__attempt__status=AttemptStatus.SUBMITTED
    )


def marking_progress(exam: Exam, *, person_id: int) -> list[QuestionProgress]:
    """One line per question; two queries, whatever the number."""
    waits = Q(points__isnull=True)
    rows = list(
        of_exam(exam.pk)
        .annotate(
            first_given=at_stage(FIRST), second_given=at_stage(SECOND), third_given=at_stage(ADJUDICATION),
            own=marked_by(person_id),
        )
        .order_by()
        .values("version_id", "part")
        .annotate(
            total=Count("pk"),
            marked=Count("points"),
            first=Count("pk", filter=Q(first_given=True)),
            second=Count("pk", filter=Q(second_given=True)),
            apart=Count("pk", filter=waits & Q(second_given=True)),
            adjudicated=Count("pk", filter=Q(third_given=True)),
            mine=Count("pk", filter=waits & Q(own=False)),
        )
        .order_by("version_id", "part")
    )  # fmt: skip
    versions = QuestionVersion.objects.in_bulk({row["version_id"] for row in rows})
    return [
        QuestionProgress(
            number=number_of(versions[row["version_id"]], row["part"]),
            stem=stem_of(versions[row["version_id"]], row["part"]),
            **row,
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


def blind_order(exam: Exam, *, version_id: int, part: str, person_id: int) -> list[tuple[int, bool]]:
    """Answers to one question with whether they wait for somebody, in an order that tells nothing of who wrote them."""
    rows = (
        of_exam(exam.pk)
        .filter(version_id=version_id, part=part)
        .annotate(own=marked_by(person_id))
        .values_list("pk", "points", "own")
    )
    order = sorted(rows, key=lambda row: hashlib.sha256(f"{exam.seed}:mark:{row[0]}".encode()).digest())
    return [(pk, points is None and not own) for pk, points, own in order]


def next_to_mark(exam: Exam, *, version_id: int, part: str, person_id: int, after: int | None = None) -> int | None:
    """The next answer that waits for somebody, beginning behind one; None when none does."""
    order = blind_order(exam, version_id=version_id, part=part, person_id=person_id)
    ids = [pk for pk, _ in order]
    start = ids.index(after) + 1 if after in ids else 0
    return next((pk for pk, waits in [*order[start:], *order[:start]] if waits), None)


def staged_marks(open_answer: OpenAnswer) -> list[StagedMark]:
    """All marks of an open answer, in their order; one query."""
    rows = open_answer.marks.order_by("number").values_list("stage", "marker_id", "points")
    return [StagedMark(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class MarkingSheet:
    """One answer before a marker: nothing in it says whose it is.

    `stage`: which mark this person may give, None when none. `last`: the mark that it would replace; of the other one
    of two markers nothing is shown. `apart`: both marks, when this person decides between them.
    """

    open_answer: OpenAnswer
    stem: str
    number: int
    situation: str
    picture: Picture | None
    text: str
    rubric: Sequence[MarkedLine]
    stage: int | None
    last: Mark | None
    apart: Sequence[Mark]
    marks: int
    place: int
    total: int
    waiting: int
    previous: int | None
    graded: bool

    @property
    def possible(self) -> Decimal:
        """What the answer can earn."""
        return self.open_answer.possible

    @property
    def closed(self) -> bool:
        """Nothing can be given any more."""
        return self.graded or self.stage is None

    @property
    def adjudication(self) -> bool:
        """Two marks lie apart, and this person decides."""
        return self.stage == ADJUDICATION


def marking_sheet(exam: Exam, open_answer: OpenAnswer, *, person_id: int) -> MarkingSheet:
    """Everything that the marking page shows of an answer (loaded with answer, attempt, version, picture)."""
    version, part, answer = open_answer.version, open_answer.part, open_answer.answer
    response = responses_by_part(answer.response).get(part, []) if part else answer.response
    key = next(row["key"] for row in version.key if row["id"] == part) if part else version.key
    order = blind_order(exam, version_id=version.pk, part=part, person_id=person_id)
    place = [pk for pk, _ in order].index(open_answer.pk)
    marks = list(open_answer.marks.select_related("marker").order_by("number"))
    staged = [StagedMark(mark.stage, mark.marker_id, mark.points) for mark in marks]
    stage = stage_for(person_id, staged, marking_rule(exam), possible=open_answer.possible)
    newest = {mark.stage: mark for mark in marks}
    own = next((mark for mark in reversed(marks) if mark.marker_id == person_id), None)
    return MarkingSheet(
        open_answer=open_answer,
        stem=stem_of(version, part),
        number=number_of(version, part),
        situation=version.stem if part else "",
        picture=picture_of(version),
        text="\n".join(response),
        rubric=rubric_lines(key, open_answer.possible),
        stage=stage,
        last=newest.get(stage) if stage else own,
        apart=[newest[FIRST], newest[SECOND]] if stage == ADJUDICATION else [],
        marks=len(marks),
        place=place + 1,
        total=len(order),
        waiting=sum(waits for _, waits in order),
        previous=order[place - 1][0] if place else None,
        graded=answer.attempt.score is not None,
    )
