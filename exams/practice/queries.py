"""Which questions somebody may practise, and what stands in the way. `practisable` is the one place that says so."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from typing import Any

from django.db.models import Count, Exists, F, Model, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from exams.attempts.models import Answer, Attempt, AttemptStatus
from exams.attempts.release_queries import released
from exams.bank.models import Question, QuestionQuerySet, QuestionType, VersionClause
from exams.bank.twin_models import TwinDecision, TwinPair
from exams.papers.correction_models import CorrectionKind
from exams.papers.models import Exam, ExamAudience, ExamKind, ExamStatus, PaperItem
from exams.practice.models import MemoryCard, Mode, PracticeAnswer, PracticeRound
from lms.people.audience import PersonFacts, facts_of
from lms.people.models import Employment
from lms.regulations.models import RuleValue
from lms.regulations.queries import rule_values

ROUND, DAILY, TIMES = "exam.practice_round", "exam.daily_questions", "exam.wrong_book_times"
COUNTING = [kind for kind in CorrectionKind if kind != CorrectionKind.DROP]
LONG_AGO = datetime(1970, 1, 1, tzinfo=timezone.get_default_timezone())


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of the register: questions of a round, questions a day, right answers that end a wrong one."""

    round: int
    daily: int
    times: int


def numbers(*, on: date) -> Numbers:
    """As of a day; one query."""
    found = rule_values([ROUND, DAILY, TIMES], on=on)
    return Numbers(int(found[ROUND]), int(found[DAILY]), max(1, int(found[TIMES])))


def running_attempt(person_id: int) -> Attempt | None:
    """The real exam that somebody is sitting: nothing is practised meanwhile; one query."""
    writing = Attempt.objects.of(person_id).filter(status=AttemptStatus.WRITING).exclude(exam__kind=ExamKind.MOCK)
    return writing.select_related("exam").first()


# --- what would give an exam away ----------------------------------------------------------------


def guarded_exams(facts: PersonFacts, *, now: datetime) -> QuerySet[Exam]:
    """Real exams that practice would give away: running or ahead for this person, or sat and not released yet.

    An audience that begins later counts already: the exam is ahead for those whom it will mean.
    """
    day = timezone.localdate(now)
    rules = ExamAudience.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))
    meant = Exists(rules.matching(facts).filter(exam=OuterRef("pk")))
    own = Attempt.objects.of(facts.person_id).filter(exam=OuterRef("pk"))
    ungraded = own.exclude(status=AttemptStatus.VOIDED).filter(score__isnull=True)
    to_come = Q(status=ExamStatus.PUBLISHED, closes_at__gt=now) & (meant | Exists(own))
    return (
        Exam.objects.exclude(kind=ExamKind.MOCK)
        .exclude(status=ExamStatus.DRAFT)
        .filter(to_come | (Exists(own) & ~released(now)) | Exists(ungraded))
        .order_by()
    )


def guarded(facts: PersonFacts, *, now: datetime) -> Q:
    """Questions of which any version stands on a paper of a guarded exam, and those that say nearly the same."""
    items = PaperItem.objects.filter(paper__exam__in=guarded_exams(facts, now=now).values("pk")).order_by()
    held = Question.objects.filter(pk__in=items.values("version__question")).order_by()
    alike = TwinPair.objects.exclude(decision=TwinDecision.DIFFERENT).order_by()
    return (
        Q(pk__in=held.values("pk"))
        | Q(pk__in=alike.filter(first__in=held.values("pk")).values("second"))
        | Q(pk__in=alike.filter(second__in=held.values("pk")).values("first"))
        | Q(enemy_group__in=held.exclude(enemy_group="").values("enemy_group"))
    )


def askable(*, on: date) -> QuestionQuerySet:
    """Usable on a day and marked by rule: what people have to mark has no answer at once, so it is left out."""
    written = Q(type=QuestionType.CASE, content__contains='"short_answer"')
    return (
        Question.objects.usable_on(on)
        .exclude(type=QuestionType.SHORT_ANSWER)
        .alias(content=Cast("current__options", TextField()))
        .exclude(written)
    )


def practisable(facts: PersonFacts, *, now: datetime) -> QuestionQuerySet:
    """The questions that a person may practise now."""
    return askable(on=timezone.localdate(now)).exclude(guarded(facts, now=now))


# --- wrong-answer book ---------------------------------------------------------------------------


def lost_points(person_id: int, *, now: datetime, **more: Any) -> QuerySet[Answer]:
    """A person's answers in released exams that did not get full marks; `more` narrows their questions down.

    A question that a correction dropped was nobody's mistake.
    """
    item = "attempt__paper__items__"
    counts = Q(**{f"{item}correction__isnull": True}) | Q(**{f"{item}correction__kind__in": COUNTING})
    return Answer.objects.filter(
        released(now, "attempt__exam__"),
        counts,
        attempt__person=person_id,
        attempt__status=AttemptStatus.SUBMITTED,
        attempt__score__isnull=False,
        attempt__paper__items__position=F("position"),
        attempt__paper__items__points__gt=F("points"),
        **more,
    ).order_by()


def wrong_book(person_id: int, *, now: datetime, times: int) -> QuestionQuerySet:
    """Questions answered wrong and not `times` in a row right since then, guarded ones included.

    In a row since the last wrong answer means: the `times`-th newest right answer is younger than every wrong one.
    """
    cards = PracticeAnswer.objects.filter(card__person=person_id).order_by()
    mine = cards.filter(card__question=OuterRef("pk"))
    freed = mine.filter(right=True).order_by("-at").values("at")[times - 1 : times]
    in_exams = "attempt__paper__items__version__question"
    since = {"at__gt": OuterRef("freed_at")}
    return (
        askable(on=timezone.localdate(now))
        .filter(
            Q(pk__in=cards.filter(right=False).values("card__question"))
            | Q(pk__in=lost_points(person_id, now=now).values(in_exams))
        )
        .annotate(freed_at=Coalesce(Subquery(freed), Value(LONG_AGO)))
        .filter(
            Exists(mine.filter(right=False, **since))
            | Exists(
                lost_points(
                    person_id, now=now, attempt__submitted_at__gt=OuterRef("freed_at"), **{in_exams: OuterRef("pk")}
                )
            )
        )
    )


@dataclass(frozen=True, slots=True)
class BookFigures:
    """How many questions the book holds; `held_back`: of these, how many an exam keeps closed at present."""

    total: int
    held_back: int

    @property
    def open(self) -> int:
        """What can be practised."""
        return self.total - self.held_back


def book_figures(facts: PersonFacts, *, now: datetime, times: int) -> BookFigures:
    """Figures of the wrong-answer book; one query."""
    book = wrong_book(facts.person_id, now=now, times=times)
    found = book.aggregate(total=Count("pk"), held_back=Count("pk", filter=guarded(facts, now=now)))
    return BookFigures(found["total"], found["held_back"])


def rights_to_go(card: MemoryCard, *, now: datetime, times: int) -> int:
    """How many more right answers in a row take the question out of the book; 0: it is not in it; two queries."""
    of_question = {"attempt__paper__items__version__question": card.question_id}
    lost = lost_points(card.person_id, now=now, **of_question).order_by("-attempt__submitted_at")
    lost_at = lost.values_list("attempt__submitted_at", flat=True).first()
    newest = list(card.answers.order_by("-at").values_list("right", "at")[:times])
    in_a_row = list(takewhile(lambda row: row[0] and (lost_at is None or row[1] > lost_at), newest))
    never_wrong = lost_at is None and len(in_a_row) == len(newest)
    return 0 if never_wrong else times - len(in_a_row)


# --- what there is to choose from ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic with its questions that may be practised, and how many of them the person has answered."""

    id: int
    name: str
    questions: int
    answered: int


def topic_lines(facts: PersonFacts, *, now: datetime) -> list[TopicLine]:
    """Topics in their order; one query."""
    known = MemoryCard.objects.filter(person=facts.person_id, question=OuterRef("pk"))
    rows = (
        practisable(facts, now=now)
        .annotate(known=Exists(known))
        .order_by("topic__position", "topic")
        .values_list("topic", "topic__name")
        .annotate(questions=Count("pk"), answered=Count("pk", filter=Q(known=True)))
    )
    return [TopicLine(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause of a hazard standard with its questions that may be practised."""

    code: str
    article: str
    plain: str
    questions: int


def clause_lines(facts: PersonFacts, *, now: datetime) -> list[ClauseLine]:
    """Clauses by code; one query."""
    links = VersionClause.objects.filter(
        version__question__in=practisable(facts, now=now).order_by().values("pk"),
        version__question__current=F("version"),
    )
    columns = ("clause__code", "clause__article", "clause__plain")
    rows = links.order_by("clause__code").values_list(*columns).annotate(questions=Count("pk"))
    return [ClauseLine(*row) for row in rows]


def for_round(questions: QuestionQuerySet, person_id: int, *, limit: int) -> list[int]:
    """Ids for a round: never answered first, then answered longest ago, else by chance."""
    last = MemoryCard.objects.filter(person=person_id, question=OuterRef("pk")).values("reviewed_at")
    found = questions.annotate(last=Subquery(last)).order_by(F("last").asc(nulls_first=True), "?")
    return list(found.values_list("pk", flat=True)[:limit])


# --- daily questions -----------------------------------------------------------------------------


def day_of(now: datetime) -> tuple[datetime, datetime]:
    """Beginning and end of the town's day."""
    begin = timezone.make_aware(datetime.combine(timezone.localdate(now), time()))
    return begin, begin + timedelta(days=1)


def answered_today(person_id: int, *, now: datetime) -> QuerySet[PracticeAnswer]:
    """Daily questions answered on the town's day."""
    begin, end = day_of(now)
    return PracticeAnswer.objects.filter(
        round__person=person_id, round__mode=Mode.DAILY, at__gte=begin, at__lt=end
    ).order_by()


def daily_left(person_id: int, *, now: datetime) -> int:
    """How many daily questions somebody at work has left today; one query."""
    day = timezone.localdate(now)
    done = answered_today(person_id, now=now).values("round__person").annotate(n=Count("pk")).values("n")
    at_work = Exists(Employment.objects.on(day).filter(person=person_id))
    rules = RuleValue.objects.in_force(day).filter(at_work, code=DAILY).order_by("-effective_from")
    left = rules.values_list(F("value") - Coalesce(Subquery(done), 0), flat=True).first()
    return max(0, int(left or 0))


def open_daily_round(person_id: int, *, now: datetime) -> PracticeRound | None:
    """Today's round that is not finished yet; one query."""
    begin, end = day_of(now)
    rounds = PracticeRound.objects.filter(
        person=person_id, mode=Mode.DAILY, started_at__gte=begin, started_at__lt=end
    ).annotate(done=Count("answers"))
    return next((row for row in rounds[:1] if row.__dict__["done"] < len(row.questions)), None)


def daily_questions(facts: PersonFacts, *, now: datetime, limit: int) -> list[int]:
    """What is due today, the longest due first, then new ones from the person's industries and categories."""
    allowed = practisable(facts, now=now)
    cards = MemoryCard.objects.filter(person=facts.person_id).order_by()
    due = cards.filter(due_at__lt=day_of(now)[1], question=OuterRef("pk")).values("due_at")
    old = allowed.annotate(due=Subquery(due)).filter(due__isnull=False).order_by("due", "pk")
    chosen = list(old.values_list("pk", flat=True)[:limit])
    new = suiting(allowed, facts).exclude(pk__in=cards.values("question")).order_by("?")
    return chosen + list(new.values_list("pk", flat=True)[: limit - len(chosen)])


def suiting(questions: QuestionQuerySet, facts: PersonFacts) -> QuestionQuerySet:
    """Questions for everybody, and those filed under one of the person's industries and categories."""
    return questions.filter(
        filed(Question.industries.through, "industry_id", facts.industry_ids),
        filed(Question.categories.through, "personnelcategory_id", facts.category_ids),
    )


def filed(links: type[Model], column: str, ids: frozenset[int]) -> Q:
    """Whether a question is filed under none of a kind, or under one of these."""
    own = links._default_manager.filter(question=OuterRef("pk"))
    return Q(~Exists(own)) | Q(Exists(own.filter(**{f"{column}__in": ids})))


# --- one round -----------------------------------------------------------------------------------


def person_facts(person_id: int, *, now: datetime) -> PersonFacts:
    """The person on the town's day; one query."""
    return facts_of(person_id, on=timezone.localdate(now))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a round is: places answered with right or wrong, and the next question with its place, if any."""

    answers: list[PracticeAnswer]
    next_place: int
    next_question: Question | None
    total: int

    @property
    def number(self) -> int:
        """Which question of the round comes now."""
        return len(self.answers) + 1

    @property
    def right(self) -> int:
        """Answers with full marks."""
        return sum(answer.right for answer in self.answers)


def standing_of(practice_round: PracticeRound, *, now: datetime) -> Standing:
    """Three queries; questions that may no longer be practised are passed over."""
    answers = list(practice_round.answers.select_related("version").order_by("place"))
    done = {answer.place for answer in answers}
    waiting = {pk: place for place, pk in enumerate(practice_round.questions, start=1) if place not in done}
    if not waiting:
        return Standing(answers, 0, None, len(answers))
    facts = person_facts(practice_round.person_id, now=now)
    rows = practisable(facts, now=now).filter(pk__in=waiting).select_related("current__picture", "topic")
    found = sorted(rows, key=lambda question: waiting[question.pk])
    following = found[0] if found else None
    return Standing(answers, waiting[following.pk] if following else 0, following, len(answers) + len(found))
