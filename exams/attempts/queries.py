"""Which exams are a person's, and what one attempt looks like. Keys are read only where results are released."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from exams.attempts.arrangement import question_order
from exams.attempts.checkin_models import ADMITTING, CheckIn
from exams.attempts.models import Answer, Attempt, AttemptStatus, EventKind, Mark, OpenAnswer
from exams.attempts.packets import Packet
from exams.attempts.retraining_models import Retraining
from exams.attempts.sheets import Picture, SheetBody, Source, sheet_body
from exams.attempts.states import TO_SIT, ExamState, Sitting, Window, admission_holds, cooled_at, state_of
from exams.attempts.time_models import ExtraTime
from exams.attempts.timing import Phase
from exams.bank.bodies import CASE, SHORT_ANSWER
from exams.bank.models import VersionClause
from exams.papers.models import Exam, ExamAudience, ExamKind, ExamStatus, PaperItem, Release
from exams.papers.sitting import CheckInRule
from lms.coverage.models import Outcome, OutcomeKind
from lms.people.audience import facts_of
from lms.regulations.queries import rule_expression

GRACE_WITHOUT_RULE = 0
# What counts as being trained again, when it comes after the last failure.
TRAINING = (OutcomeKind.COURSE_COMPLETED, OutcomeKind.SESSION_ATTENDED)
MISSED_STAYS = timedelta(days=60)
SMALLEST_GROUP = 5  # an average of fewer people would give a colleague's mark away


@dataclass(frozen=True, slots=True)
class ExamForPerson:
    """An exam with what the rules say about one person."""

    exam: Exam
    meant: bool
    prerequisite_met: bool
    grace_seconds: int
    marked: bool = False  # marked other people's answers in it
    extra_minutes: int = 0
    retrained_at: datetime | None = None
    admitted_at: datetime | None = None
    last_start: datetime | None = None  # voided attempts included

    @property
    def window(self) -> Window:
        """The rules that decide about starting."""
        return window_of(self.exam, meant=self.meant)

    def state(self, attempts: Sequence[Attempt], *, now: datetime) -> ExamState:
        """What the exam is for the person now."""
        if self.marked and not attempts:
            return ExamState.MARKER
        return state_of(
            self.window,
            sittings_for_state(attempts, now=now),
            prerequisite_met=self.prerequisite_met,
            now=now,
            retrained_at=self.retrained_at,
            admitted=self.exam.check_in == CheckInRule.OFF
            or admission_holds(self.admitted_at, self.last_start, now=now),
        )


def window_of(exam: Exam, *, meant: bool = True) -> Window:
    """The rules of an exam that decide about starting and release."""
    return Window(
        published=meant and exam.status == ExamStatus.PUBLISHED,
        opens_at=exam.opens_at,
        closes_at=exam.closes_at,
        attempts_allowed=exam.attempts_allowed,
        release_after_window=exam.release == Release.AFTER_WINDOW,
        cooling=timedelta(hours=exam.cooling_hours),
        retrain_after=exam.retrain_after,
        awaits_approval=exam.release == Release.AFTER_APPROVAL and exam.results_approved_at is None,
    )


def sittings_for_state(attempts: Iterable[Attempt], *, now: datetime) -> list[Sitting]:
    """Attempts as the state sees them; voided ones do not count."""
    return [
        Sitting(
            submitted=attempt.status == AttemptStatus.SUBMITTED,
            over=attempt.clock.phase(now) is Phase.OVER,
            passed=bool(attempt.passed),
            graded=attempt.score is not None,
            ended_at=attempt.submitted_at,
        )
        for attempt in attempts
        if attempt.status != AttemptStatus.VOIDED
    ]


def exams_of(person_id: int, *, now: datetime) -> QuerySet[Exam]:
    """Exams that are meant for a person today or that the person has sat; four queries with the facts."""
    day = timezone.localdate(now)
    facts = facts_of(person_id, on=day)
    audience = ExamAudience.objects.in_force(day).matching(facts).filter(exam=OuterRef("pk"))
    completed = Outcome.objects.standing_on(day).filter(
        person_id=person_id, kind=OutcomeKind.COURSE_COMPLETED, subject=OuterRef("prerequisite_subject")
    )
    own = Attempt.objects.of(person_id).filter(exam=OuterRef("pk"))
    studied = Outcome.objects.filter(
        person_id=person_id, kind__in=TRAINING, withdrawn_on__isnull=True,
        subject=Coalesce(NullIf(OuterRef("prerequisite_subject"), Value("")), OuterRef("subject")),
    )  # fmt: skip
    confirmed = Retraining.objects.filter(attempt__exam=OuterRef("pk"), attempt__person_id=person_id)
    extra = ExtraTime.objects.filter(person_id=person_id, exam=OuterRef("pk"))
    decided = CheckIn.objects.filter(person_id=person_id, exam=OuterRef("pk")).order_by("-pk")
    admission = decided.annotate(admitted=Case(When(outcome__in=ADMITTING, then=F("at"))))
    marks = Mark.objects.filter(marker_id=person_id, open_answer__answer__attempt__exam=OuterRef("pk"))
    return (
        Exam.objects.exclude(status=ExamStatus.DRAFT)
        .annotate(meant=Exists(audience), sat=Exists(own), completed=Exists(completed))
        .filter(Q(meant=True) | Q(sat=True))
        .annotate(marked=Exists(marks))
        .annotate(grace=rule_expression("exam.grace_seconds", on=day))
        .annotate(extra=Subquery(extra.values("minutes")[:1]))
        .annotate(
            studied=Subquery(studied.order_by("-achieved_at").values("achieved_at")[:1]),
            confirmed=Subquery(confirmed.order_by("-at").values("at")[:1]),
            admitted=Subquery(admission.values("admitted")[:1]),
            last_start=Subquery(own.order_by("-started_at").values("started_at")[:1]),
        )
    )


def for_person(exam: Exam) -> ExamForPerson:
    """From a row of `exams_of`."""
    row = exam.__dict__
    return ExamForPerson(
        exam=exam,
        meant=row["meant"],
        prerequisite_met=not exam.prerequisite_subject or row["completed"],
        grace_seconds=int(row["grace"] or GRACE_WITHOUT_RULE),
        marked=row["marked"],
        extra_minutes=row["extra"] or 0,
        retrained_at=max((moment for moment in (row["studied"], row["confirmed"]) if moment), default=None),
        admitted_at=row["admitted"],
        last_start=row["last_start"],
    )


def exam_for_person(exam_id: int, *, person_id: int, now: datetime) -> ExamForPerson:
    """One exam; raises Exam.DoesNotExist when it is none of this person's."""
    return for_person(exams_of(person_id, now=now).get(pk=exam_id))


def sittings_of(person_id: int, *, exam_ids: Iterable[int]) -> list[Attempt]:
    """A person's attempts at some exams, oldest first."""
    return list(Attempt.objects.of(person_id).filter(exam_id__in=exam_ids).order_by("exam_id", "number"))


@dataclass(frozen=True, slots=True)
class ExamLine:
    """One line of 考试: the exam, its state, and the attempts that count."""

    exam: Exam
    state: ExamState
    attempts: Sequence[Attempt]

    @property
    def to_sit(self) -> bool:
        """Whether something is left to do."""
        return self.state in TO_SIT

    @property
    def last(self) -> Attempt | None:
        """The newest attempt."""
        return self.attempts[-1] if self.attempts else None

    @property
    def best(self) -> Attempt | None:
        """The attempt with the highest score."""
        return max((a for a in self.attempts if a.score is not None), key=lambda a: a.score or 0, default=None)

    @property
    def in_marking(self) -> bool:
        """Whether people still have to mark the newest attempt."""
        return bool(self.last and self.last.status == AttemptStatus.SUBMITTED and self.last.score is None)

    @property
    def attempts_left(self) -> int:
        """How often the person may still start."""
        return max(0, self.exam.attempts_allowed - len(self.attempts))

    @property
    def cooled_at(self) -> datetime:
        """From when on the next attempt may begin."""
        return cooled_at(window_of(self.exam), sittings_for_state(self.attempts, now=self.exam.opens_at))

    @property
    def due_at(self) -> datetime:
        """Until when something must be done: the running attempt's deadline, else the end of the window."""
        return self.last.deadline_at if self.state == ExamState.CAN_RESUME and self.last else self.exam.closes_at


def my_exam_lines(person_id: int, *, now: datetime, mock: bool = False) -> list[ExamLine]:
    """Everything to sit by deadline, then what is over, newest first; `mock`: mock exams, which stand apart.

    Five queries, whatever the number.
    """
    recent = Q(sat=True) | Q(closes_at__gt=now - MISSED_STAYS)
    asked = exams_of(person_id, now=now).filter(recent)
    asked = asked.filter(kind=ExamKind.MOCK) if mock else asked.exclude(kind=ExamKind.MOCK)
    rows = [for_person(exam) for exam in asked[:200]]
    by_exam: dict[int, list[Attempt]] = {}
    for attempt in sittings_of(person_id, exam_ids=[row.exam.pk for row in rows]):
        if attempt.status != AttemptStatus.VOIDED:
            by_exam.setdefault(attempt.exam_id, []).append(attempt)
    lines = [
        ExamLine(row.exam, row.state(by_exam.get(row.exam.pk, []), now=now), by_exam.get(row.exam.pk, []))
        for row in rows
    ]
    to_sit = sorted((line for line in lines if line.to_sit), key=lambda line: (line.due_at, line.exam.pk))
    done = sorted((line for line in lines if not line.to_sit), key=lambda line: line.exam.closes_at, reverse=True)
    return [*to_sit, *done]


def exam_line(exam_id: int, *, person_id: int, now: datetime) -> ExamLine:
    """One exam as a line; raises Exam.DoesNotExist."""
    found = exam_for_person(exam_id, person_id=person_id, now=now)
    attempts = [
        attempt for attempt in sittings_of(person_id, exam_ids=[exam_id]) if attempt.status != AttemptStatus.VOIDED
    ]
    return ExamLine(found.exam, found.state(attempts, now=now), attempts)


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What the introduction says about the paper; `by_people`: questions that people mark, wholly or in part."""

    questions: int
    points: Decimal
    by_people: int


def paper_facts(exam: Exam) -> PaperFacts:
    """Figures of the exam's first paper (its papers are equal in number and points); two queries, without keys."""
    items = PaperItem.objects.filter(paper=exam.papers.order_by("number").values("pk")[:1])
    figures = items.aggregate(questions=Count("pk"), points=Sum("points"))
    written = items.filter(version__type__in=[SHORT_ANSWER, CASE]).values_list("version__type", "version__options")
    by_people = sum(
        kind == SHORT_ANSWER or any(part["type"] == SHORT_ANSWER for part in options) for kind, options in written
    )
    return PaperFacts(figures["questions"], figures["points"] or Decimal(0), by_people)


# --- the sheet during the attempt: classes without key, explanation or points per option ---------


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """One question as the candidate sees it; `number` is its place on this candidate's screen."""

    number: int
    position: int
    points: Decimal
    must: bool
    body: SheetBody
    picture: Picture | None
    response: Sequence[str]
    stamp_number: int
    stamp_client: int

    @property
    def type(self) -> str:
        """Its type."""
        return self.body.type

    @property
    def answered(self) -> bool:
        """Whether anything was answered."""
        return self.body.answered

    @property
    def label(self) -> str:
        """Id of the element that holds the stem."""
        return f"s{self.position}"

    @property
    def response_json(self) -> str:
        """The response as the page's script reads it."""
        return json.dumps(list(self.response), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class SheetGroup:
    """Questions of one type that stand together."""

    type: str
    points: Decimal | None
    questions: Sequence[SheetQuestion]

    @property
    def answered(self) -> int:
        """Number of questions answered."""
        return sum(question.answered for question in self.questions)


def sheet_of(attempt: Attempt) -> list[SheetQuestion]:
    """All questions in this candidate's order, with the answers saved so far; two queries, keys are never read."""
    must = VersionClause.objects.filter(version=OuterRef("version"))
    rows: list[Any] = list(
        PaperItem.objects.filter(paper_id=attempt.paper_id)
        .order_by("position")
        .annotate(
            must=Exists(must),
            kind=F("version__type"),
            stem=F("version__stem"),
            choices=F("version__options"),
            digest=F("version__picture__digest"),
            alt=F("version__picture_alt"),
            width=F("version__picture__width"),
            height=F("version__picture__height"),
        )
        .values_list(
            "position", "kind", "stem", "choices", "points", "must", "digest", "alt", "width", "height", named=True
        )
    )
    saved = {
        row.position: row
        for row in Answer.objects.filter(attempt=attempt).only("position", "response", "client", "client_number")
    }
    ordered = question_order(rows, seed=attempt.seed, position=lambda row: row.position, kind=lambda row: row.kind)
    return [
        sheet_question(number, row, saved.get(row.position, NOTHING), seed=attempt.seed)
        for number, row in enumerate(ordered, start=1)
    ]


NOTHING = Answer(response=[])


def sheet_question(number: int, row: Any, answer: Answer, *, seed: int) -> SheetQuestion:
    """One question with what was answered."""
    source = Source(row.kind, row.stem, row.choices, row.points)
    return SheetQuestion(
        number=number,
        position=row.position,
        points=row.points,
        must=row.must,
        body=sheet_body(source, answer.response, seed=seed, place=row.position, name=f"q{row.position}"),
        picture=Picture(row.digest, row.alt, row.width, row.height) if row.digest else None,
        response=answer.response,
        stamp_number=answer.client_number,
        stamp_client=answer.client,
    )


def sheet_groups(questions: Sequence[SheetQuestion]) -> list[SheetGroup]:
    """Runs of one type; `points` where all questions of the run are worth the same."""
    runs: list[list[SheetQuestion]] = []
    for question in questions:
        if runs and runs[-1][0].type == question.type:
            runs[-1].append(question)
        else:
            runs.append([question])
    return [SheetGroup(run[0].type, run[0].points if len({q.points for q in run}) == 1 else None, run) for run in runs]


def colleagues_average(attempt: Attempt) -> Decimal | None:
    """Mean percent of the same exam in the same enterprise; None below five people."""
    if attempt.employment is None:
        return None
    row = Attempt.objects.filter(
        exam_id=attempt.exam_id,
        employment__enterprise_id=attempt.employment.enterprise_id,
        status=AttemptStatus.SUBMITTED,
        score__isnull=False,
        max_score__gt=0,
    ).aggregate(people=Count("person", distinct=True), mean=Avg(F("score") * 100 / F("max_score")))
    if row["people"] < SMALLEST_GROUP or row["mean"] is None:
        return None
    return Decimal(str(row["mean"])).quantize(Decimal(1))


def known_numbers(attempt: Attempt, packet: Packet) -> list[int]:
    """Which of a packet's numbers are on record; one query."""
    rows = attempt.events.filter(
        kind__in=[EventKind.ANSWER, EventKind.LATE], client=packet.client, client_number__in=packet.numbers
    )
    return sorted(rows.order_by().values_list("client_number", flat=True))


def open_answers() -> QuerySet[OpenAnswer]:
    """What people still have to decide about, of attempts that wait for it."""
    return OpenAnswer.objects.waiting().filter(
        answer__attempt__status=AttemptStatus.SUBMITTED, answer__attempt__score__isnull=True
    )
