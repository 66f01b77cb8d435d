"""What rests on a clause, a question or an exam. Counts are for all, titles only as far as the asker may see exams.

Nobody is named here. A certificate rests on a paper when its holder passed the exam of the same subject on that paper
before (the ledger of outcomes holds the certificate, the attempt says which paper it was).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from exams.attempts.models import Attempt, AttemptStatus
from exams.bank.models import Question, QuestionStatus, QuestionVersion, VersionClause
from exams.bank.standing import ClauseStanding, clause_model, standings
from exams.papers.models import Exam, ExamStatus, PaperItem
from exams.papers.queries import visible_exams
from lms.access.queries import Standing
from lms.coverage.models import OutcomeKind


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question that tests a clause, or did in an older version."""

    id: int
    code: str
    stem: str
    status: str
    numbers: tuple[int, ...]  # of the versions that cite the clause
    current: bool

    @property
    def label(self) -> str:
        """The status in words."""
        return str(QuestionStatus(self.status).label)


@dataclass(frozen=True, slots=True)
class ExamLine:
    """An exam whose papers hold what was asked for; `exam` None collects those that the asker may not see."""

    exam: Exam | None
    exams: int
    papers: int
    attempts: int
    passed: int
    certificates: int


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything that rests on some versions of questions."""

    lines: tuple[ExamLine, ...]

    @property
    def exams(self) -> int:
        """Exams with such papers."""
        return sum(line.exams for line in self.lines)

    @property
    def papers(self) -> int:
        """Papers that hold one of the versions."""
        return sum(line.papers for line in self.lines)

    @property
    def attempts(self) -> int:
        """Sittings of such papers."""
        return sum(line.attempts for line in self.lines)

    @property
    def certificates(self) -> int:
        """Certificates in force that rest on such a sitting."""
        return sum(line.certificates for line in self.lines)


def clause_by_code(code: str, *, on: date) -> ClauseStanding | None:
    """A clause, live or not, as it stands on a day."""
    found = standings(clause_model()._default_manager.filter(code=code), on=on)
    return found[0] if found else None


def versions_citing(clause_id: int) -> QuerySet[QuestionVersion]:
    """Versions, current or older, that test a clause."""
    return QuestionVersion.objects.filter(pk__in=VersionClause.objects.filter(clause=clause_id).values("version"))


def questions_of_clause(clause_id: int) -> list[QuestionLine]:
    """The questions of a clause, those in use first; two queries."""
    versions: dict[int, list[tuple[int, int]]] = {}
    cited = versions_citing(clause_id).order_by("number").values_list("question_id", "pk", "number")
    for question_id, version_id, number in cited:
        versions.setdefault(question_id, []).append((version_id, number))
    found = Question.objects.filter(pk__in=list(versions)).order_by("code")
    rows = found.values_list("pk", "code", "current__stem", "status", "current_id")
    lines = [
        QuestionLine(
            pk, code, stem or "", status,
            tuple(number for _, number in versions[pk]), current in {version for version, _ in versions[pk]},
        )
        for pk, code, stem, status, current in rows
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (not line.current, line.status != QuestionStatus.PUBLISHED, line.code))


def trace_of(versions: QuerySet[QuestionVersion], *, standing: Standing, on: date) -> Trace:
    """Papers, exams, sittings and certificates that rest on the versions; six queries however many."""
    items = PaperItem.objects.filter(version__in=versions.order_by().values("pk"))
    papers = dict(items.order_by().values_list("paper__exam").annotate(n=Count("paper", distinct=True)))
    sat = Attempt.objects.filter(paper__in=items.order_by().values("paper")).exclude(status=AttemptStatus.VOIDED)
    sittings = {
        exam_id: (attempts, passed)
        for exam_id, attempts, passed in sat.order_by()
        .values_list("exam")
        .annotate(n=Count("pk"), good=Count("pk", filter=Q(passed=True)))
    }
    certificates = certificates_by(sat, "exam", on=on)
    titled = {exam.pk: exam for exam in titled_exams(standing).filter(pk__in=list(papers)).select_related("enterprise")}

    def line(ids: Iterable[int], exam: Exam | None) -> ExamLine:
        ids = list(ids)
        counts = [sittings.get(pk, (0, 0)) for pk in ids]
        return ExamLine(
            exam, len(ids), sum(papers[pk] for pk in ids), sum(n for n, _ in counts), sum(good for _, good in counts),
            sum(certificates.get(pk, 0) for pk in ids),
        )  # fmt: skip

    shown = sorted(titled.values(), key=lambda exam: (exam.opens_at, exam.pk), reverse=True)
    hidden = [pk for pk in papers if pk not in titled]
    lines = [line([exam.pk], exam) for exam in shown]
    return Trace((*lines, line(hidden, None)) if hidden else tuple(lines))


def titled_exams(standing: Standing) -> QuerySet[Exam]:
    """Exams whose titles somebody may read: those of the town, and those in view."""
    return Exam.objects.filter(Q(enterprise__isnull=True) | Q(pk__in=visible_exams(standing).values("pk")))


def certificates_by(attempts: QuerySet[Attempt], group: str, *, on: date) -> dict[int, int]:
    """How many certificates in force on a day rest on passed attempts, by a column of theirs; one query."""
    held = attempts.filter(
        Q(person__outcomes__valid_until__isnull=True) | Q(person__outcomes__valid_until__gte=on),
        Q(person__outcomes__withdrawn_on__isnull=True) | Q(person__outcomes__withdrawn_on__gt=on),
        passed=True,
        person__outcomes__kind=OutcomeKind.CERTIFICATE_HELD,
        person__outcomes__subject=F("exam__subject"),
        person__outcomes__achieved_at__gte=F("submitted_at"),
    )
    return dict(held.order_by().values_list(group).annotate(n=Count("person__outcomes", distinct=True)))


@dataclass(frozen=True, slots=True)
class ExamClause:
    """A clause that an exam tests: in how many of its papers, with how many questions at least and at most."""

    clause: ClauseStanding
    papers: int
    least: int
    most: int


def clauses_of_exam(exam: Exam, *, on: date) -> list[ExamClause]:
    """The clauses that the papers of an exam test, with how many questions; four queries. No question is shown."""
    total = exam.papers.count()
    links = PaperItem.objects.filter(paper__exam=exam, version__clause_links__isnull=False)
    by_paper = links.order_by().values("version__clause_links__clause", "paper").annotate(n=Count("pk"))
    counts: dict[int, list[int]] = {}
    for row in by_paper:
        counts.setdefault(row["version__clause_links__clause"], []).append(row["n"])
    clauses = clause_model()._default_manager.filter(pk__in=list(counts))
    return [
        ExamClause(
            clause, len(counts[clause.id]), min(counts[clause.id]) if len(counts[clause.id]) == total else 0,
            max(counts[clause.id]),
        )
        for clause in standings(clauses, on=on)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Affected:
    """What rests on a clause that is out of force."""

    papers: int
    open_exams: int
    certificates: int


def affected_by(clause_ids: Iterable[int], *, on: date, now: datetime) -> dict[int, Affected]:
    """Papers, open exams and certificates that rest on each of the clauses; two queries."""
    ids = list(clause_ids)
    clause = "version__clause_links__clause"
    items = PaperItem.objects.filter(**{f"{clause}__in": ids}).order_by()
    open_now = Q(paper__exam__status=ExamStatus.PUBLISHED, paper__exam__closes_at__gt=now)
    counted = items.values_list(clause).annotate(
        papers=Count("paper", distinct=True), exams=Count("paper__exam", distinct=True, filter=open_now)
    )
    through = "paper__items__version__clause_links__clause"
    certificates = certificates_by(Attempt.objects.filter(**{f"{through}__in": ids}), through, on=on)
    return {pk: Affected(papers, exams, certificates.get(pk, 0)) for pk, papers, exams in counted}


def open_exams_with(clause_ids: Iterable[int], *, standing: Standing, now: datetime) -> list[tuple[Exam, int]]:
    """Open exams that the asker may see whose papers test one of the clauses, with how many of their papers."""
    items = PaperItem.objects.filter(version__clause_links__clause__in=list(clause_ids)).order_by()
    held = dict(items.values_list("paper__exam").annotate(n=Count("paper", distinct=True)))
    exams = titled_exams(standing).filter(pk__in=list(held), status=ExamStatus.PUBLISHED, closes_at__gt=now)
    return [(exam, held[exam.pk]) for exam in exams.select_related("enterprise").order_by("closes_at", "pk")]


def trace_rows(clause_id: int, *, standing: Standing) -> Iterator[tuple[Any, ...]]:
    """Lines for a workbook: each version that cites the clause with each paper that holds it, or with none."""
    titled = dict(titled_exams(standing).values_list("pk", "title"))
    statuses = dict(QuestionStatus.choices)
    held: dict[int, list[tuple[int, int, str]]] = {}
    items = PaperItem.objects.filter(version__in=versions_citing(clause_id).order_by().values("pk"))
    columns = ("version_id", "paper__exam", "paper__number", "paper__exam__status")
    for version_id, exam_id, number, status in items.order_by("paper__exam", "paper__number").values_list(*columns):
        held.setdefault(version_id, []).append((exam_id, number, str(ExamStatus(status).label)))
    versions = versions_citing(clause_id).order_by("question__code", "number")
    fields = ("pk", "question__code", "number", "question__current", "question__status", "stem")
    for pk, code, number, current, status, stem in versions.values_list(*fields):
        facts = (code, stem, number, current == pk, str(statuses[status]))
        for exam_id, paper, exam_status in held.get(pk, [(0, 0, "")]):
            yield (*facts, titled.get(exam_id, ""), paper or "", exam_status)
