"""Reading the bank."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from exams.bank.importing import Catalogue
from exams.bank.models import Question, QuestionStatus, Topic, VersionClause
from lms.organisations.models import Industry

# The clause page type belongs to an app above this one: it is reached through the foreign key alone.
CLAUSE_MODEL = VersionClause._meta.get_field("clause")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is limited to; empty means all."""

    text: str = ""
    type: str = ""
    status: str = ""
    topic_id: int | None = None
    industry_id: int | None = None
    clause: str = ""


@dataclass(frozen=True, slots=True)
class ClauseChoice:
    """A clause that a question can test."""

    id: int
    code: str
    article: str
    rule: str


@dataclass(frozen=True, slots=True)
class PoolQuestion:
    """What a paper needs to know of a version that it may draw."""

    version_id: int
    type: str
    topic_id: int
    enemy_group: str
    criterion: bool


def clause_pages() -> QuerySet[Any]:
    """All live clauses of hazard standards, in order of their codes."""
    model: Any = CLAUSE_MODEL.related_model
    return model.objects.filter(live=True).order_by("code")


def clause_choices() -> list[ClauseChoice]:
    """Clauses for forms and previews; one query."""
    return [ClauseChoice(*row) for row in clause_pages().values_list("pk", "code", "article", "rule")]


def count_by_clause(clause_ids: Iterable[int]) -> dict[int, int]:
    """How many published questions test each of the clauses (absent: none); one query."""
    links = VersionClause.objects.filter(
        clause_id__in=list(clause_ids),
        version__question__status=QuestionStatus.PUBLISHED,
        version__question__current_id=F("version_id"),
    )
    return {row["clause_id"]: row["n"] for row in links.values("clause_id").annotate(n=Count("pk")).order_by()}


def listed(filters: Filters) -> QuerySet[Question]:
    """The bank's list, newest first, with everything a row shows."""
    found = Question.objects.select_related("topic", "current", "author")
    if filters.text:
        found = found.filter(Q(current__stem__icontains=filters.text) | Q(code__iexact=filters.text))
    if filters.type:
        found = found.filter(type=filters.type)
    if filters.status:
        found = found.filter(status=filters.status)
    if filters.topic_id:
        found = found.filter(Q(topic_id=filters.topic_id) | Q(topic__parent_id=filters.topic_id))
    if filters.industry_id:
        found = found.filter(industries=filters.industry_id)
    if filters.clause:
        found = found.filter(current__clause_links__clause__code=filters.clause)
    return found.prefetch_related("current__clauses", "industries")


def figures() -> dict[str, int]:
    """Questions by status; one query."""
    rows = Question.objects.order_by().values("status").annotate(n=Count("pk"))
    return {str(row["status"]): row["n"] for row in rows}


def reviewable_by(person_id: int) -> QuerySet[Question]:
    """Questions in review that this person did not write, oldest first."""
    waiting = Question.objects.filter(status=QuestionStatus.REVIEW).order_by("pk")
    return waiting.filter(~Q(author_id=person_id) | Q(author__isnull=True))


def topic_choices() -> list[tuple[int, str]]:
    """Topics for selects."""
    return list(Topic.objects.values_list("pk", "name"))


def catalogue() -> Catalogue:
    """What an imported row may refer to; four queries."""
    industries: dict[str, int] = {}
    for pk, code, name in Industry.objects.values_list("pk", "code", "name"):
        industries[code] = industries[name] = pk
    known = Question.objects.exclude(status=QuestionStatus.RETIRED).values_list("stem_hash", "code")
    return Catalogue(
        topics=dict(Topic.objects.values_list("name", "pk")),
        industries=industries,
        clauses={code.lower(): pk for pk, code in clause_pages().values_list("pk", "code")},
        known=dict(known.iterator(chunk_size=5000)),
    )


def codes_with_fingerprint(fingerprint: str, *, other_than: int | None = None) -> list[str]:
    """Codes of questions in the bank that say the same."""
    found = Question.objects.filter(stem_hash=fingerprint).exclude(status=QuestionStatus.RETIRED)
    if other_than is not None:
        found = found.exclude(pk=other_than)
    return list(found.values_list("code", flat=True)[:3])


def pool(*, on: date, types: Iterable[str], topic_ids: Iterable[int] | None) -> list[PoolQuestion]:
    """The current versions that a paper may draw, by version id; two queries. `topic_ids` None: all topics."""
    found = Question.objects.usable_on(on).filter(type__in=list(types))
    if topic_ids is not None:
        found = found.filter(topic_id__in=list(topic_ids))
    rows = found.order_by("current_id").values_list("current_id", "type", "topic_id", "enemy_group")
    links = VersionClause.objects.filter(version__in=found.order_by().values("current_id"))
    tested = set(links.values_list("version_id", flat=True))
    return [PoolQuestion(pk, kind, topic_id, enemy, pk in tested) for pk, kind, topic_id, enemy in rows]


def topics_with_children(topic_ids: Iterable[int]) -> set[int]:
    """The topics given and everything below them."""
    wanted = set(topic_ids)
    return wanted | set(Topic.objects.filter(parent_id__in=wanted).values_list("pk", flat=True))
