"""Reading the papers of an exam for its report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from exams.bank.models import Question, QuestionType, QuestionVersion, Topic, VersionClause
from exams.papers.models import Assembly, AssemblyMethod, BlueprintShare, Exam, PaperItem
from exams.papers.report import PaperRow, Report, VersionRow, report_from
from lms.organisations.models import Industry


@dataclass(frozen=True, slots=True)
class Origin:
    """What made the papers: algorithm, solver with its version ("" for none), when."""

    algorithm: str
    solver: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """What the blueprint asks of every paper. `types`: questions of each type; `bounds`: shares in percent."""

    types: Mapping[str, int]
    topic_bounds: Mapping[int, tuple[int, int]]
    industry_bounds: Mapping[int, tuple[int, int]]
    total: int


def report_of(exam: Exam) -> Report:
    """The figures of all papers; five queries, four when no share names an industry."""
    rows = [PaperRow(*row) for row in exam.papers.values_list("pk", "number", "family", "difficulty", "total_points")]
    # Without the order of the papers' items: 20,000 rows need no sorting.
    items = list(PaperItem.objects.filter(paper__exam=exam).order_by().values_list("paper_id", "version_id"))
    used = PaperItem.objects.filter(paper__exam=exam).order_by().values("version_id")
    tested = VersionClause.objects.filter(version__in=used).order_by().values_list("version_id", flat=True)
    industries = industries_of(exam, used)
    versions = {
        pk: VersionRow(kind, (topic,) if parent is None else (topic, parent), tuple(industries.get(question, ())))
        for pk, kind, question, topic, parent in QuestionVersion.objects.filter(pk__in=used)
        .order_by()
        .values_list("pk", "type", "question_id", "question__topic_id", "question__topic__parent_id")
    }
    return report_from(rows, items, versions, frozenset(tested))


def industries_of(exam: Exam, used: Any) -> dict[int, list[int]]:
    """Of the questions in the papers: those of their industries that the blueprint's shares name."""
    named = list(exam.shares.filter(industry__isnull=False).values_list("industry_id", flat=True))
    found: dict[int, list[int]] = {}
    if named:
        links = Question.industries.through.objects.filter(
            industry_id__in=named, question__in=QuestionVersion.objects.filter(pk__in=used).values("question_id")
        )
        for question_id, industry_id in links.values_list("question_id", "industry_id"):
            found.setdefault(question_id, []).append(industry_id)
    return found


def origin_of(exam: Exam) -> Origin | None:
    """How the papers came about; the pool itself stays in the database. One query."""
    row = Assembly.objects.filter(exam=exam).values_list("method", "request__solver", "assembled_at").first()
    return None if row is None else Origin(row[0], row[1] or "", row[2])


def planned_of(exam: Exam) -> Planned:
    """What was asked for; two queries."""
    types: dict[str, int] = {}
    rows: Sequence[tuple[str, int]]
    if exam.method == AssemblyMethod.FIXED:
        rows = [(kind, 1) for kind in exam.fixed_questions.values_list("question__type", flat=True)]
    else:
        rows = list(exam.sections.values_list("type", "count"))
    for kind, count in rows:
        types[kind] = types.get(kind, 0) + count
    shares: list[BlueprintShare] = list(exam.shares.all())
    return Planned(
        types={kind: types[kind] for kind in QuestionType.values if kind in types},
        topic_bounds={s.topic_id: (s.min_percent, s.max_percent) for s in shares if s.topic_id is not None},
        industry_bounds={s.industry_id: (s.min_percent, s.max_percent) for s in shares if s.industry_id is not None},
        total=sum(types.values()),
    )


def fixed_total(exam: Exam) -> tuple[int, Decimal]:
    """Questions and points of a paper chosen by hand; one query."""
    found = exam.fixed_questions.order_by().aggregate(n=Count("pk"), points=Sum("points"))
    return found["n"], found["points"] or Decimal(0)


@dataclass(frozen=True, slots=True)
class TopicName:
    """A topic with the one above it."""

    name: str
    parent_id: int | None


def topic_names() -> dict[int, TopicName]:
    """All topics in their order; one query."""
    return {pk: TopicName(name, parent) for pk, name, parent in Topic.objects.values_list("pk", "name", "parent_id")}


def industry_names(pks: Sequence[int]) -> dict[int, str]:
    """The industries that the shares name; one query, none without them."""
    return dict(Industry.objects.filter(pk__in=pks).values_list("pk", "name")) if pks else {}


def most_shared(exam: Exam, total: int) -> int:
    """Questions that two papers may have in common; without a limit (drawn at random) all of them."""
    return total * exam.max_overlap_percent // 100 if exam.method == AssemblyMethod.PARALLEL else total
